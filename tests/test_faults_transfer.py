"""Several workers move the same case on to the nonconformity module at the same moment,
each with a connection of its own: one nonconformity, one file, one action, and every
worker ends with the same one. A worker that is asked again later finds it too."""

import os
import subprocess

import pytest

from dev import cluster, databases, logscan, paths, server

pytestmark = pytest.mark.slow

DB = f"faults_transfer_{os.getpid()}"
SCRIPTS = paths.ROOT / "tests" / "faults"
WORKERS = 3
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def case_id(platform):
    """A database with our addon and a case."""
    try:
        databases.fresh(platform, DB)
        args = ["-d", DB, "-i", "complaint_management", "--stop-after-init"]
        databases.install(platform, args, "faults-transfer-install.log")
        done = server.shell_script(
            platform,
            SCRIPTS / "case_with_file.py",
            DB,
            stdout=subprocess.PIPE,
            log=databases.new_log("faults-transfer-case.log"),
        )
        [found] = [x[5:] for x in done.stdout.splitlines() if x[:5] == "CASE="]
        yield found
    finally:
        cluster.drop(DB)


def read_until(process, word):
    for line in process.stdout:
        if line.startswith(word):
            return line[len(word) :].strip()
    raise AssertionError(f"the worker ended before it said {word}")


def move_on(platform, case_id, go, names):
    """Return [(ids of the nonconformities, tries)] of workers that start together."""
    started = []
    try:
        for name in names:
            process = server.start_script(
                platform,
                SCRIPTS / "transfer.py",
                DB,
                log=databases.new_log(name),
                extra={"GO": str(go), "CASE": case_id},
                stdout=subprocess.PIPE,
            )
            started.append(process)
        for process in started:
            read_until(process, "READY")
        go.touch()
        answers = [read_until(process, "FOUND=") for process in started]
        for process in started:
            assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
            process.wait(20)
            process.stdout.close()
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
