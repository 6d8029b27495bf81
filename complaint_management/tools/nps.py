"""Net Promoter Score with its margin of error."""

from math import sqrt
from typing import NamedTuple

PROMOTER_FROM = 9
PASSIVE_FROM = 7
# Two-sided 95 % quantile of the normal distribution.
Z_95 = 1.96


class Nps(NamedTuple):
    """``score`` (-100 to 100) and ``margin`` are in points and not rounded."""

    score: float
    margin: float
    n: int
    promoters: int
    passives: int
    detractors: int


def nps(scores):
    """Return the Net Promoter Score of answers from 0 to 10, None without answers.

    Promoters answer 9 or 10, detractors 0 to 6 (Reichheld, 2003). The margin is the
    half width of the 95 % interval: an answer counts +1, 0 or -1, so with p and d
    the shares of promoters and detractors its variance is ``p + d - (p - d)²`` and
    the margin ``1.96·√((p + d - (p - d)²) / n)·100``.

    :param scores: iterable of whole numbers 0-10; None (not answered) isn't counted
    :rtype: Nps or None
    :raise ValueError: an answer that isn't a whole number from 0 to 10
    """
    answers = [_check_answer(score) for score in scores if score is not None]
    n = len(answers)
    if not n:
        return None
    promoters = sum(answer >= PROMOTER_FROM for answer in answers)
    detractors = sum(answer < PASSIVE_FROM for answer in answers)
    balance = promoters - detractors
    # Whole numbers up to the root: the variance can't slip below zero.
    variance = (n * (promoters + detractors) - balance**2) / n**2
    return Nps(
        score=100.0 * balance / n,
        margin=100.0 * Z_95 * sqrt(variance / n),
        n=n,
        promoters=promoters,
        passives=n - promoters - detractors,
        detractors=detractors,
    )


def _check_answer(score):
    # False is what Odoo reads from an empty field; as 0 it would be a detractor.
    if isinstance(score, (bool, str)) or score not in range(11):
        raise ValueError(f"An answer is a whole number from 0 to 10, not {score!r}.")
    return score
