"""Loyalty: programs, the ledgers of their members and cards, tiers, and how answers tell of them."""
