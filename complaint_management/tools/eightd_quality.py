"""Quality gate of an 8D report: what is missing or weak, and a score from 0 to 100.

Deterministic: the same report gives the same score, and each point that is missing has
a finding that says where. The score is 100 less the weights of the findings; of one
kind of finding no more than its cap is taken off.

Shape of a report; every key may be missing, which counts as empty::

    {
        "leader": 7,                      any true value
        "team": 4,                        number of people with the leader
        "problem": "12 of 200 lids melt", text of D2
        "is_isnot": True,                 a line of is / is-not is filled in
        "containment": True,              lines, or a reason why none is needed
        "roots": [{"name": "Wrong resin", "cell": "occurrence_technical",
                   "contribution": 60.0, "actions": 1}],
        "actions": [{"name": "Sensor on the press", "owner": True, "due": True,
                     "verified": True, "kind": "correction"}],
        "whys": [("Why does it melt?", "The resin is wrong", "answer above it"), …],
        "validation": True,               evidence that the actions of D6 work
        "prevention": True,               a preventive action, or a reason
        "lesson": True,
        "owners": [3, 4, 3],              who is responsible for each discipline
    }
"""

import re
from collections import defaultdict, namedtuple

from .eightd_words import STRONG, WEAK
from .text_fold import SKIP, base_letters
from .why_check import HUMAN_ERROR, Why, why_findings

Quality = namedtuple("Quality", "score findings")
# ``args``: values for the words of the message; ``weight``: points it costs
Finding = namedtuple("Finding", "code step weight args")

CELLS = (
    "occurrence_technical",
    "occurrence_systemic",
    "detection_technical",
    "detection_systemic",
)
# code: (discipline, points each, most points of this kind)
WEIGHTS = {
    "no_leader": ("d1", 15, 15),
    "small_team": ("d1", 10, 10),
    "one_owner": ("d1", 5, 5),
    "problem_not_measurable": ("d2", 10, 10),
    "no_containment": ("d3", 10, 10),
    "no_root": ("d4", 20, 20),
    "cell_missing": ("d4", 4, 16),
    "contribution": ("d4", 10, 10),
    "why_repeats": ("d4", 5, 10),
    "blame": ("d4", 5, 15),
    "cause_without_action": ("d5", 10, 20),
    "action_without_owner": ("d5", 5, 10),
    "action_without_date": ("d5", 5, 10),
    "action_without_check": ("d5", 5, 15),
    "weak_action": ("d5", 5, 15),
    "no_validation": ("d6", 10, 10),
    "no_prevention": ("d7", 8, 8),
    "no_lesson": ("d8", 5, 5),
}
MIN_TEAM = 2
FULL = 100.0
# Shares are written with two digits; thirds may be off by that.
TOLERANCE = 0.05
# Fewer disciplines in one hand say nothing.
MANY_DISCIPLINES = 5


def check(report):
    """Judge a report.

    :param dict report: see the module
    :return: ``Quality``; findings in the order of the disciplines, then of WEIGHTS
    """
    found = [
        *_check_team(report),
        *_check_problem(report),
        *_check_roots(report),
        *_check_whys(report),
        *_check_actions(report),
        *_check_end(report),
    ]
    order = list(WEIGHTS)
    findings = _weigh(sorted(found, key=lambda item: order.index(item[0])))
    score = 100 - sum(finding.weight for finding in findings)
    return Quality(max(0, score), findings)


def _weigh(found):
    """Give each finding its points; one kind costs no more than its cap."""
    spent, findings = defaultdict(int), []
    for code, args in found:
        step, points, most = WEIGHTS[code]
        points = min(points, most - spent[code])
        spent[code] += points
        findings.append(Finding(code, step, points, args))
    return findings


def _check_team(report):
    if not report.get("leader"):
        yield "no_leader", {}
    if report.get("team", 0) < MIN_TEAM:
        yield "small_team", {"count": report.get("team", 0), "least": MIN_TEAM}
    owners = report.get("owners") or []
    if len(owners) >= MANY_DISCIPLINES and len(set(owners)) == 1:
        yield "one_owner", {"count": len(owners)}


def _check_problem(report):
    has_number = re.search(r"\d", report.get("problem") or "")
    if not has_number and not report.get("is_isnot"):
        yield "problem_not_measurable", {}
    if not report.get("containment"):
        yield "no_containment", {}


def _check_roots(report):
    roots = report.get("roots") or []
    if not roots:
        yield "no_root", {}
        return
    present = {root.get("cell") for root in roots}
    for cell in CELLS:
        if cell not in present:
            yield "cell_missing", {"cell": cell}
    total = round(sum(root.get("contribution") or 0 for root in roots), 2)
    if abs(total - FULL) > TOLERANCE:
        yield "contribution", {"total": total}
    for root in roots:
        if blames_person(root.get("name")):
            yield "blame", {"text": root["name"]}
        if not root.get("actions"):
            yield "cause_without_action", {"cause": root.get("name") or ""}


def _check_whys(report):
    whys = [
        Why(answer, question or "", answer or "", previous or "")
        for question, answer, previous in report.get("whys") or []
    ]
    for answer, code in why_findings(whys):
        kind = "blame" if code == HUMAN_ERROR else "why_repeats"
        yield kind, {"text": answer}


def _check_actions(report):
    for action in report.get("actions") or []:
        args = {"action": action.get("name") or ""}
        if not action.get("owner"):
            yield "action_without_owner", args
        if not action.get("due"):
            yield "action_without_date", args
        # What is done at once shows in the containment; somebody may well be told
        # something, but it must not stay at that.
        if action.get("kind") == "immediate":
            continue
        if not action.get("verified"):
            yield "action_without_check", args
        if is_weak(action.get("name")):
            yield "weak_action", args


def _check_end(report):
    for key in ("validation", "prevention", "lesson"):
        if not report.get(key):
            yield f"no_{key}", {}


# -- words -------------------------------------------------------------------------
def is_weak(text):
    """Tell whether a countermeasure only asks people to do better: training, a warning,
    more care. What also changes product, process or tool isn't weak."""
    words = _plain(text)
    return bool(_pattern(WEAK).search(words)) and not _pattern(STRONG).search(words)


def blames_person(text):
    """Tell whether a cause stops at a person: “operator error”."""
    codes = [code for __, code in why_findings([Why(0, "", text or "")])]
    return HUMAN_ERROR in codes


def _plain(text):
    """Return a text in base letters, without joiners, its words one blank apart."""
    letters, __ = base_letters(text or "")
    letters = letters.replace(SKIP, "").replace("\u200c", " ")
    return " ".join(re.findall(r"\w+", letters))


_patterns = {}


def _pattern(phrases):
    """Return the compiled pattern of phrases; ``*`` at the end of a word stands for any
    ending, ``…`` for up to three words between."""
    if id(phrases) not in _patterns:
        parts = {_phrase(phrase) for phrase in phrases}
        _patterns[id(phrases)] = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(parts))})")
    return _patterns[id(phrases)]


def _phrase(phrase):
    halves = []
    for half in phrase.split("…"):
        words = [
            re.escape(_plain(word)).replace(r"\ ", " ")
            + (r"\w*" if word.endswith("*") else r"(?!\w)")
            for word in half.split()
        ]
        halves.append(" ".join(words))
    return r"(?: \w+){0,3} ".join(halves)
