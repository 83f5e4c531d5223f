"""Answers spoilt in every way: reading one may fail with an error of ours, and with no other."""
