"""Odoo's log files: what went wrong in them, and what the test runner counted."""

import re
from dataclasses import dataclass

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>\S+): (?P<text>.*)$"
)
TROUBLE = {"WARNING", "ERROR", "CRITICAL"}
# What others' code says and nobody here can mend: (logger, text, why it is no harm).
# Patterns; each entry is noise that was really seen.
ALLOWED = (
    (
        r".*\.browser",
        r"(Error|Exception) received after termination",
        "the browser is closed while a page still loads what the test didn't need",
    ),
    (
        r"odoo\.tests\.common",
        r"A tests should be either .*odoo\.addons\.base\.tests\.",
        "core's own test classes, which come in with its test helpers",
    ),
    (
        r"odoo\.addons\.mail\.models\.mail_thread",
        r"Message notify called without recipient_ids, skipping",
        "core says so of a mail whose thread has no follower to be told",
    ),
)


@dataclass
class Record:
    level: str
    logger: str
    text: str

    def __str__(self):
        first, *rest = self.text.splitlines()
        last = f" … {rest[-1].strip()}" if rest else ""
        return f"{self.level} {self.logger}: {first}{last}"[:400]


@dataclass
class Count:
    """What a test runner did."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )


def records(path):
    """All records of a log file; lines without a head belong to the one before."""
    found = []
    if not path.is_file():
        return found
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := RECORD.match(line):
            found.append(Record(match["level"], match["logger"], match["text"]))
        elif found:
            found[-1].text += f"\n{line}"
    return found


def trouble(path):
    """Warnings and errors that aren't known to be somebody else's noise."""
    return [r for r in records(path) if r.level in TROUBLE and not _is_allowed(r)]


def _is_allowed(record):
    return any(
        re.fullmatch(logger, record.logger) and re.match(text, record.text, re.DOTALL)
        for logger, text, _why in ALLOWED
    )


TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
SKIPPED = re.compile(r"skipped .* : (.*)")


def odoo_tests(path):
    """Count of Odoo's own test runner; None when it printed no total.

    A browser test that found no browser counts as failed: it proves nothing.
    """
    count = None
    skipped = blind = 0
    for record in records(path):
        if match := SKIPPED.match(record.text):
            browser = re.search(r"chrome|websocket-client", match[1], re.IGNORECASE)
            blind += bool(browser)
            skipped += not browser
        elif record.logger == "odoo.tests.result" and (m := TOTAL.match(record.text)):
            failed, errors, total = map(int, m.groups())
            count = Count(total - failed - errors, failed + errors)
    if count:
        passed = max(0, count.passed - skipped - blind)
        return Count(passed, count.failed + blind, skipped)
    return None


def failed_tests(path):
    """The names of the tests that failed, with the last line of the reason."""
    heads = ("FAIL: ", "ERROR: ")
    return [
        " … ".join([lines[0], lines[-1].strip()][: len(lines)])
        for record in records(path)
        if record.level == "ERROR" and record.text.startswith(heads)
        for lines in [record.text.strip().splitlines()]
    ]
