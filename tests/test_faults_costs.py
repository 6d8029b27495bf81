"""Several people confirm costs of the same case at the same moment, each with a
connection of their own: together they don't get past the limit that holds for the case
(CO-1)."""

import os

import pytest
from faults_workers import prepare, run_together

from dev import cluster, logscan, paths

pytestmark = pytest.mark.slow

DB = f"faults_costs_{os.getpid()}"


@pytest.fixture(scope="module")
def line_ids(platform, installed):
    """A database with our addon, and three costs of a case."""
    try:
        cluster.create(DB, installed)
        log = "faults-costs-case.log"
        lines = prepare(platform, DB, "case_with_costs.py", log)["LINES"]
        yield lines.split(",")
    finally:
        cluster.drop(DB)


def test_costs_confirmed_at_once_stay_within_the_limit(platform, line_ids, tmp_path):
    logs = [f"faults-costs-{number}.log" for number in range(len(line_ids))]
    extras = [{"LINE": line_id} for line_id in line_ids]
    answers = run_together(platform, DB, "costs.py", tmp_path / "go", logs, extras)
    states, tries = zip(*(answer.split() for answer in answers), strict=True)
    assert sorted(states) == ["approved", "to_approve", "to_approve"], answers
    assert max(map(int, tries)) > 1, "they didn't meet"
    spent = cluster.execute(
        "SELECT SUM(company_value) FROM complaint_cost_line WHERE is_within_limit",
        on=DB,
    )
    assert float(spent) == 60
    for log in logs:
        assert [str(record) for record in logscan.trouble(paths.LOGS / log)] == []
