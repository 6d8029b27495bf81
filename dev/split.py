"""Which of the addons' own tests run side by side: test files in two parts.

The first part takes all that open a browser (two browsers at once on a small machine
would run out of time) and fills up with others. The second takes whatever the first
doesn't have, so a test that nobody weighed, or not in a file that is known here, runs.
"""

import re

from . import paths

BROWSER = re.compile(r"\b(start_tour|browser_js|_open_all_screens)\b")
# Seconds of a test and of a visit in a browser, by and large, and of files that are
# far from it. Wrong ones cost time, never a test.
TEST_SECONDS = 0.5
BROWSER_SECONDS = 8
KNOWN = {
    "complaint_management/tests/test_eightd_print.py": 50,
    "complaint_management/tests/test_eightd_tour.py": 32,
    "complaint_management/tests/test_intake_failure.py": 32,
    "complaint_management/tests/test_mail_formats.py": 21,
    "complaint_management/tests/test_screens.py": 52,
    "complaint_management/tests/test_sla_vectors.py": 19,
    "complaint_portal/tests/test_customer_pages.py": 17,
    "complaint_portal/tests/test_isolation.py": 13,
    "complaint_portal/tests/test_rpc.py": 16,
    "supplier_quality/tests/test_views.py": 26,
}
# The first part's portion of the seconds: the tests of all addons together follow it,
# while those with servers of their own follow the second.
PORTION = 0.42


def files():
    """{file of tests: (seconds, number of visits in a browser)} of all addons."""
    found = {}
    for addon in paths.present_addons():
        for file in sorted((paths.ROOT / addon / "tests").glob("test_*.py")):
            text = file.read_text(encoding="utf-8")
            tests = len(re.findall(r"^    def test_", text, re.MULTILINE))
            visits = len(BROWSER.findall(text))
            seconds = tests * TEST_SECONDS + visits * BROWSER_SECONDS
            name = f"{addon}/tests/{file.name}"
            found[name] = (KNOWN.get(name, seconds), visits)
    return found


def first_part(weighed):
    """The names of the files of the first part."""
    names = [name for name, (_seconds, visits) in weighed.items() if visits]
    left = PORTION * sum(seconds for seconds, _visits in weighed.values())
    left -= sum(weighed[name][0] for name in names)
    rest = sorted(set(weighed) - set(names), key=lambda n: (-weighed[n][0], n))
    for name in rest:
        if weighed[name][0] <= left:
            names.append(name)
            left -= weighed[name][0]
    return sorted(names)


def tags(parts):
    """What Odoo is told to test (``--test-tags``) in each part."""
    everything = [f"/{addon}" for addon in paths.present_addons()]
    first = first_part(files()) if parts > 1 else []
    if not first:
        return [",".join(everything)]
    return [
        ",".join(f"/{name}" for name in first),
        ",".join([*everything, *(f"-/{name}" for name in first)]),
    ]
