"""The search for legal terms: one text of 2,000 characters against 1,000 terms.

The texts are put together from sentences of the kind that customers write, in five
languages, with a threat in every fifth; each text has words of its own. The list is
that of the addon, filled up with made-up words. For the second figure 900 made-up words
join 100 terms, so that as much is found and only the number of terms differs.
"""

import csv
import json
import os
import random
import statistics
import sys
import time
from pathlib import Path

from odoo.tools import file_open

from odoo.addons.complaint_management.tools.term_matcher import TermMatcher

SCALE = float(os.environ.get("BENCH_SCALE") or 1)
TEXTS = max(int(400 * SCALE), 100)
TERMS, FEW, SIZE = 1000, 100, 2000
LANGUAGES = ("az", "tr", "fa", "en", "ru")
ROOT = Path(os.environ.get("BENCH_ROOT") or Path.cwd())
sys.path.insert(0, str(ROOT / "tests" / "tools"))
from legal_sentences import SENTENCES  # noqa: E402

dice = random.Random(11)


def show(figure, value, unit, must=None):
    line = {"figure": figure, "value": round(value, 4), "unit": unit}
    print(json.dumps({**line, "must": must} if must else line), flush=True)


def read_terms():
    terms = []
    for lang in LANGUAGES:
        path = f"complaint_management/data/legal_terms/{lang}.csv"
        with file_open(path, "r") as file:
            terms += [
                (row["id"], row["lang"], row["name"], row["mode"], row["exceptions"])
                for row in csv.DictReader(file)
            ]
    dice.shuffle(terms)
    return terms


def fill_up(terms):
    """Return a list with made-up words, which start as words of texts do."""
    terms = list(terms)
    parts = "kal mer tos dav rin şul вел тор кан وان شاد کار".split()
    while len(terms) < TERMS:
        word = "".join(dice.choices(parts, k=3))
        terms.append((f"made_{len(terms)}", dice.choice(LANGUAGES), word))
    return terms


def read_texts():
    """Return texts that share their words as letters of customers do."""
    plain = [sentence for __, sentence, words in SENTENCES if not words]
    threats = [sentence for __, sentence, words in SENTENCES if words]
    folder = ROOT / "data" / "demo_company" / "texts"
    for path in sorted(folder.glob("complaints_*.csv")):
        with path.open(encoding="utf-8") as file:
            plain += [cell for row in csv.reader(file) for cell in row[-2:]]
    texts = []
    for number in range(TEXTS):
        text = dice.choice(threats) if number % 5 == 0 else ""
        while len(text) < SIZE:
            # Each text has words of its own too: names, numbers, slips of the pen.
            own = "".join(dice.choices("abcdefghiklmnoprstuvz", k=7))
            text += f"{dice.choice(plain)} {own} {dice.randrange(10**6)}.\n"
        texts.append(text[:SIZE])
    return texts


def median_ms(terms, texts):
    """Return the median time of texts that come one after the other, in ms."""
    matcher, times = TermMatcher(terms), []
    for text in texts:
        begin = time.perf_counter()
        matcher.find(text)
        times.append(time.perf_counter() - begin)
    # A process has read a few texts before.
    return 1000 * statistics.median(times[len(times) // 10 :])


own, texts = read_terms(), read_texts()
lists = terms, more, less = fill_up(own), fill_up(own[:FEW]), own[:FEW]
rounds = [[median_ms(some, texts) for some in lists] for __ in range(5)]
whole, many, few = (min(column) for column in zip(*rounds, strict=True))
show("legal", whole, f"ms a text, {TERMS} terms", "<= 1")
show("legal_terms", many / few, f"time at {TERMS} / {FEW} terms", "<= 1.3")

begin = time.perf_counter()
TermMatcher(terms)
show("legal_prepare", 1000 * (time.perf_counter() - begin), f"ms, {TERMS} terms")
