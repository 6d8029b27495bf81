"""Steps that run side by side, each in a process of its own; one core: in a row.

A step waits for the steps that it names, and begins as soon as a lane is free, the
first of the list first. What it says is shown when it ends, so that two steps never mix
their lines.
"""

import multiprocessing
import os
import sys
import time
from dataclasses import dataclass, field
from multiprocessing import connection

from . import logscan, ui

FORK = multiprocessing.get_context("fork")
# So long a step may clean up after itself when everything is called off.
FAREWELL_SECONDS = 30


@dataclass
class Outcome:
    """What a step did: its tests, what went wrong, and what it had to say."""

    count: logscan.Count = field(default_factory=logscan.Count)
    problems: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    seconds: float = 0


@dataclass
class Step:
    """``function`` gets the outcome to fill in, and may stop."""

    name: str
    function: object
    after: tuple = ()
    process: object = None
    answer: object = None


def cores():
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def perform(step):
    """Do a step here and now; whatever goes wrong is in the outcome."""
    outcome = Outcome()
    begin = time.monotonic()
    try:
        step.function(outcome)
    except ui.Stop as error:
        outcome.problems.append(f"{step.name}: {error}")
    except Exception as error:  # a defect of ours is no reason to forget the others
        outcome.problems.append(f"{step.name}: {type(error).__name__}: {error}")
    outcome.seconds = time.monotonic() - begin
    return outcome


def run(steps, lanes, report):
    """Do all steps on so many lanes; ``report(step, outcome)`` hears of each end."""
    waiting, running, done = list(steps), [], set()
    try:
        while waiting or running:
            while len(running) < lanes and (step := _next(waiting, done)):
                waiting.remove(step)
                ui.say(f"… {step.name}")
                if lanes == 1:
                    report(step, perform(step))
                    done.add(step.name)
                else:
                    _start(step)
                    running.append(step)
            if waiting and not running:
                names = ", ".join(step.name for step in waiting)
                raise ui.Stop(f"these steps wait for others that never come: {names}")
            for step in _ended(running):
                running.remove(step)
                report(step, _collect(step))
                done.add(step.name)
    finally:
        _call_off(running)


def _next(waiting, done):
    return next((step for step in waiting if done.issuperset(step.after)), None)


def _start(step):
    step.answer, theirs = FORK.Pipe(duplex=False)
    step.process = FORK.Process(target=_work, args=(step, theirs))
    step.process.start()
    theirs.close()


def _work(step, pipe):
    """In the process of the step."""
    try:
        with ui.held() as lines:
            outcome = perform(step)
        outcome.lines = lines
        pipe.send(outcome)
    except KeyboardInterrupt:
        sys.exit(130)


def _ended(running):
    """The steps that have answered, or died without an answer."""
    if not running:
        return []
    ready = connection.wait([step.answer for step in running])
    return [step for step in running if step.answer in ready]


def _collect(step):
    try:
        outcome = step.answer.recv()
    except EOFError:
        step.process.join()
        died = f"{step.name}: ended without a word (code {step.process.exitcode})"
        outcome = Outcome(problems=[died])
    step.process.join()
    step.answer.close()
    return outcome


def _call_off(running):
    for step in running:
        step.process.terminate()
    for step in running:
        step.process.join(FAREWELL_SECONDS)
        if step.process.is_alive():
            step.process.kill()
