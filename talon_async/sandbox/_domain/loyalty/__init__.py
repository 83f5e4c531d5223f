"""Loyalty: programs, ledgers, cards and tiers."""
