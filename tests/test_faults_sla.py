"""The sweep of due promises by several workers at once, and by one that is killed in
the middle: each level of escalation is reached exactly once, and none is lost."""

import json
import os
import time

import pytest
from faults_workers import SCRIPTS, prepare, run_together, workers

from dev import cluster, databases, logscan, paths, server

pytestmark = pytest.mark.slow

BASE = f"faults_sla_{os.getpid()}"
CASES = 2_000
# Seven days after the receipt all of them were reached; the highest one fires.
LEVELS = 3
WORKERS = 2
# The worker dies when so many levels were reached.
KILL_AFTER = 600
PATIENCE_SECONDS = 180


@pytest.fixture(scope="module")
def late_database(platform, installed):
    """A database with our addon and many promises that are due."""
    try:
        cluster.create(BASE, installed)
        log = databases.new_log("faults-sla-cases.log")
        done = server.shell_script(platform, SCRIPTS / "late_cases.py", BASE, log=log)
        assert not done.returncode
        yield BASE
    finally:
        cluster.drop(BASE)


@pytest.fixture
def db(late_database, request):
    """A copy of it for each test."""
    name = f"{late_database}_{request.node.name.rpartition('_')[2]}"
    cluster.drop(name)
    cluster.create(name, late_database)
    try:
        yield name
    finally:
        cluster.drop(name)


def sweep(platform, db, names, go):
    """Let workers sweep at the same moment, to the end; return how many promises each
    of them took."""
    taken = run_together(
        platform, db, "sweep.py", go, names, None, "TAKEN=", PATIENCE_SECONDS
    )
    for name in names:
        assert [str(record) for record in logscan.trouble(paths.LOGS / name)] == []
    return [int(count) for count in taken]


def count_reached(db):
    sql = "SELECT COUNT(*) FROM complaint_sla_event WHERE level_id IS NOT NULL"
    return int(cluster.execute(sql, on=db))


def prove(platform, db):
    """Every level of every clock was reached once, and everybody heard of it once."""
    answers = prepare(platform, db, "prove.py", "faults-sla-prove.log")
    found = json.loads(answers["FOUND"])
    assert len(found.pop("fired")) == 1, "the highest level alone fires"
    once = (
        *("clocks", "missed", "breaches", "late_cases"),
        *("activities", "activities_once", "journal", "journal_once"),
    )
    assert found == {
        **dict.fromkeys(once, CASES),
        **dict.fromkeys(("levels", "levels_once"), LEVELS * CASES),
        "passed": (LEVELS - 1) * CASES,
        **dict.fromkeys(("due", "differ_from_events"), 0),
    }


def test_many_workers_at_once(platform, db, tmp_path):
    names = [f"faults-sla-worker-{number}.log" for number in range(WORKERS)]
    taken = sweep(platform, db, names, tmp_path / "go")
    assert min(taken) > 0 and sum(taken) == CASES, "they didn't share the work"
    prove(platform, db)


def test_worker_killed(platform, db, tmp_path):
    go = tmp_path / "go"
    log = "faults-sla-killed.log"
    with workers(platform, db, "sweep.py", go, [log]) as [process]:
        go.touch()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (reached := count_reached(db)) < KILL_AFTER:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
    reached = count_reached(db)
    assert 0 < reached < LEVELS * CASES, "the worker died too late to prove it"
    [taken] = sweep(platform, db, ["faults-sla-again.log"], go)
    # What was committed stays done, what was not is done again.
    assert taken == CASES - reached // LEVELS
    prove(platform, db)
