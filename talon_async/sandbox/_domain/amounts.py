"""Money and points as sums and shares leave them."""


def amount(value: float) -> float:
    """Free a sum or share of the noise of binary fractions, far below what any currency divides into."""
    return round(value, 6)
