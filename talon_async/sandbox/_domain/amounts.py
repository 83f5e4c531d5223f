"""Rounding of money and points."""


def amount(value: float) -> float:
    """Round off the noise of binary fractions, far below the smallest unit of any currency."""
    return round(value, 6)
