"""Exact tails of the binomial distribution, for any number of trials."""

import math


def at_most(successes: int, trials: int, chance: float) -> float:
    """How likely so many successes or fewer are; `chance` of one is from 0 to 1."""
    return min(1.0, math.fsum(_exactly(k, trials, chance) for k in range(min(successes, trials) + 1)))


def at_least(successes: int, trials: int, chance: float) -> float:
    """How likely so many successes or more are; `chance` of one is from 0 to 1."""
    return at_most(trials - successes, trials, 1 - chance)


def _exactly(successes: int, trials: int, chance: float) -> float:
    if chance <= 0 or chance >= 1:
        return float(successes == (trials if chance >= 1 else 0))
    # By logarithms, as the factors alone leave the range of floats from a thousand trials on.
    ways = math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
    return math.exp(ways + successes * math.log(chance) + (trials - successes) * math.log1p(-chance))
