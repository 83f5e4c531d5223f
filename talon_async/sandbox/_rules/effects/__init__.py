"""Applies effects to the records: one applier per class of effect properties."""
