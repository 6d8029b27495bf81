"""Risk of a complaint from the five questions of its first assessment
(ISO 10002:2018, 7.5).

Each answer is worth 0 to 3 points; points are weighted and brought to 0 … 100:

    question        weight   0              1              2             3
    safety             4     no danger      not excluded   danger        harm done
    severity           3     minor          moderate       serious       very serious
    impact             2     one customer   a few          many          the public
    urgency            2     nothing        within days    today         at once
    complexity         1     one person     a team         departments   outside help

    score = round(100 * sum(weight * points) / 36)

    level   low       score below 30
            medium    30 … 59, or action needed at once
            high      60 and more, or danger to people (safety 2 or 3), whatever else

The level "high" by danger counts as soon as that question is answered; anything else
needs all five answers.
"""

from typing import NamedTuple

WEIGHTS = {
    "safety": 4,
    "severity": 3,
    "impact": 2,
    "urgency": 2,
    "complexity": 1,
}
MAX_POINTS = 3
MEDIUM_FROM = 30
HIGH_FROM = 60
DANGER = 2


class Risk(NamedTuple):
    score: int | None
    level: str | None


def assess(answers):
    """Return the :class:`Risk` of some answers.

    :param dict answers: {question: points 0 … 3, or None while it is open}
    :raise ValueError: unknown question, or points outside of 0 … 3
    """
    if unknown := set(answers) - set(WEIGHTS):
        raise ValueError(f"unknown questions: {sorted(unknown)}")
    points = {name: answers.get(name) for name in WEIGHTS}
    given = {name: value for name, value in points.items() if value is not None}
    if any(not 0 <= value <= MAX_POINTS for value in given.values()):
        raise ValueError("points are 0 to 3")
    danger = given.get("safety", 0) >= DANGER
    if len(given) < len(WEIGHTS):
        return Risk(None, "high" if danger else None)
    total = sum(WEIGHTS[name] * value for name, value in given.items())
    score = round(100 * total / (MAX_POINTS * sum(WEIGHTS.values())))
    return Risk(score, _get_level(score, danger, given["urgency"]))


def _get_level(score, danger, urgency):
    if danger or score >= HIGH_FROM:
        return "high"
    if urgency == MAX_POINTS or score >= MEDIUM_FROM:
        return "medium"
    return "low"
