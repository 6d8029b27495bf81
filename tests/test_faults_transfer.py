"""Several workers move the same case on to the nonconformity module at the same moment,
each with a connection of its own: one nonconformity, one file, one action, and every
worker ends with the same one. A worker that is asked again later finds it too."""

import os

import pytest
from faults_workers import prepare, run_together

from dev import cluster, logscan, paths

pytestmark = pytest.mark.slow

DB = f"faults_transfer_{os.getpid()}"
WORKERS = 3


@pytest.fixture(scope="module")
def case_id(platform, installed):
    """A database with our addon and a case."""
    try:
        cluster.create(DB, installed)
        log = "faults-transfer-case.log"
        yield prepare(platform, DB, "case_with_file.py", log)["CASE"]
    finally:
        cluster.drop(DB)


def move_on(platform, case_id, go, names):
    """Return [(ids of the nonconformities, tries)] of workers that start together."""
    extras = [{"CASE": case_id}] * len(names)
    answers = run_together(platform, DB, "transfer.py", go, names, extras)
    return [tuple(answer.rsplit(" ", 1)) for answer in answers]


def count(sql):
    return int(cluster.execute(sql, on=DB))


def test_workers_at_once_and_a_retry_leave_one(platform, case_id, tmp_path):
    names = [f"faults-transfer-{number}.log" for number in range(WORKERS)]
    answers = move_on(platform, case_id, tmp_path / "go", names)
    later = move_on(platform, case_id, tmp_path / "again", ["faults-transfer-l.log"])
    found = {ids for ids, __ in answers + later}
    assert len(found) == 1 and found != {"[]"}, answers
    assert max(int(tries) for __, tries in answers) > 1, "they didn't meet"
    assert count("SELECT COUNT(*) FROM mgmtsystem_nonconformity") == 1
    assert count("SELECT COUNT(*) FROM complaint_case_nonconformity_rel") == 1
    assert count("SELECT COUNT(*) FROM mgmtsystem_nonconformity_action_rel") == 1
    shown = (
        "SELECT COUNT(*) FROM ir_attachment"
        " WHERE res_model = 'mgmtsystem.nonconformity' AND name = 'a.txt'"
    )
    assert count(shown) == 1
    events = (
        "SELECT COUNT(*) FROM complaint_journal_entry"
        " WHERE event = 'nonconformity_created'"
    )
    assert count(events) == 1
    for name in names:
        assert [str(record) for record in logscan.trouble(paths.LOGS / name)] == []
