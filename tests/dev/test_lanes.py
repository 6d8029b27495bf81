"""Steps of ``make test`` side by side: none is forgotten, and none fails unseen."""

import os
import signal
import time

import pytest

from dev import lanes, logscan, suite, ui

BOTH = pytest.mark.parametrize("number", [1, 2])


def passing(outcome):
    outcome.count += logscan.Count(passed=2, skipped=1)


def stopping(outcome):
    outcome.count += logscan.Count(passed=1, failed=1)
    raise ui.Stop("1 tests failed")


def run(steps, number):
    """Return ({name: outcome}, names in the order of their ends)."""
    found = {}
    lanes.run(steps, number, lambda step, outcome: found.update({step.name: outcome}))
    return found, list(found)


def summed_up(steps, number, capsys):
    """Return the exit code and the last line of a whole run with these steps."""
    made = suite.Suite(None, "none", "tests/x", number)
    made.run(steps)
    code = suite._sum_up(made, 0)
    return code, capsys.readouterr().out.splitlines()[-1]


@BOTH
def test_counts_of_all_lanes_are_added(number, capsys):
    steps = [lanes.Step(str(name), passing) for name in range(5)]
    code, line = summed_up(steps, number, capsys)
    assert (code, line) == (0, "10 passed, 0 failed, 5 skipped")


@BOTH
def test_failing_step_makes_the_count_red_and_the_others_run(number, capsys):
    steps = [
        lanes.Step("a", stopping),
        lanes.Step("b", passing, ("a",)),
        lanes.Step("c", passing),
    ]
    code, line = summed_up(steps, number, capsys)
    assert (code, line) == (1, "5 passed, 1 failed, 2 skipped")


@BOTH
def test_defect_of_a_step_makes_the_count_red(number, capsys):
    steps = [lanes.Step("a", lambda _outcome: 1 / 0), lanes.Step("b", passing)]
    code, line = summed_up(steps, number, capsys)
    assert (code, line) == (1, "2 passed, 1 failed, 1 skipped")


def test_step_whose_process_dies_makes_the_count_red(capsys):
    def die(_outcome):
        os.kill(os.getpid(), signal.SIGKILL)

    steps = [lanes.Step("a", die), lanes.Step("b", passing, ("a",))]
    code, line = summed_up(steps, 2, capsys)
    assert (code, line) == (1, "2 passed, 1 failed, 1 skipped")


@BOTH
def test_step_begins_when_those_before_it_are_through(number, tmp_path):
    def leave(_outcome):
        time.sleep(0.1)
        (tmp_path / "a").touch()

    def look(_outcome):
        if not (tmp_path / "a").exists():
            raise ui.Stop("too early")

    steps = [
        lanes.Step("c", look, ("b",)),
        lanes.Step("b", passing, ("a",)),
        lanes.Step("a", leave),
    ]
    found, order = run(steps, number)
    assert order == ["a", "b", "c"]
    assert not any(outcome.problems for outcome in found.values())


def test_two_lanes_work_at_the_same_time(tmp_path):
    def meet(mine, other):
        (tmp_path / mine).touch()
        deadline = time.monotonic() + 30
        while not (tmp_path / other).exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    steps = [
        lanes.Step("a", lambda _outcome: meet("a", "b")),
        lanes.Step("b", lambda _outcome: meet("b", "a")),
    ]
    found, _order = run(steps, 2)
    assert not found["a"].problems and not found["b"].problems


def test_lines_of_a_step_stay_together():
    def talk(name):
        for number in range(3):
            ui.say(f"{name}{number}")
            time.sleep(0.05)

    steps = [
        lanes.Step("a", lambda _outcome: talk("a")),
        lanes.Step("b", lambda _outcome: talk("b")),
    ]
    found, _order = run(steps, 2)
    assert found["a"].lines == ["a0", "a1", "a2"]
    assert found["b"].lines == ["b0", "b1", "b2"]


@BOTH
def test_step_that_waits_for_nobody_known_is_told(number):
    steps = [lanes.Step("a", passing), lanes.Step("b", passing, ("nobody",))]
    with pytest.raises(ui.Stop, match="never come: b"):
        run(steps, number)


def test_interrupted_run_ends_what_it_started(tmp_path):
    def wait(_outcome):
        (tmp_path / "pid").write_text(str(os.getpid()))
        try:
            time.sleep(60)
        finally:
            (tmp_path / "cleaned").touch()

    def interrupt(_outcome):
        while not (tmp_path / "pid").exists():
            time.sleep(0.01)
        # Python drops what comes in the very moment in which a process is made.
        time.sleep(1)
        os.kill(os.getppid(), signal.SIGINT)

    known = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run([lanes.Step("a", wait), lanes.Step("b", interrupt)], 2)
    finally:
        signal.signal(signal.SIGTERM, known)
    assert (tmp_path / "cleaned").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@BOTH
def test_all_steps_are_there_and_can_be_done(number, monkeypatch):
    """The order of the real steps, with nothing in them."""
    made = suite.Suite(None, "none", "", number)
    steps = suite._everything(made)
    for step in steps:
        step.function = passing
    found, order = run(steps, number)
    parts = [name for name in order if name.startswith("run the addons' own tests")]
    assert len(parts) == len(made.tags) == number
    assert len(found) == len(steps) == 7 + number
    assert order.index("install the addons") < order.index(parts[0])
    assert order.index(sorted(parts)[0]) < order.index("test all addons together")
    assert order.index("serve") < order.index("uninstall")
