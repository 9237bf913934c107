"""What chance alone does: exact tails and quantiles of the binomial distribution, in whole fractions."""

from fractions import Fraction
from math import comb


def at_most(k: int, n: int, p: Fraction) -> Fraction:
    """P(X ≤ k) of Bin(n, p)."""
    # In whole numbers, over the common denominator of all terms.
    yes, whole = p.numerator, p.denominator
    ways = sum(comb(n, j) * yes**j * (whole - yes) ** (n - j) for j in range(min(k, n) + 1))
    return Fraction(ways, whole**n)


def at_least(k: int, n: int, p: Fraction) -> Fraction:
    """P(X ≥ k) of Bin(n, p)."""
    return 1 - at_most(k - 1, n, p)


def quantile(level: Fraction, n: int, p: Fraction) -> int:
    """The least k with P(X ≤ k) ≥ level."""
    return next(k for k in range(n + 1) if at_most(k, n, p) >= level)


def above_quantile(missed: int, n: int, whole_missed: int, whole_n: int) -> bool:
    """Whether a row's missed lie above the 99.5 % quantile of Bin(its n, the whole's missed ÷ n)."""
    if not whole_n:
        return False
    return missed > quantile(Fraction(995, 1000), n, Fraction(whole_missed, whole_n))
