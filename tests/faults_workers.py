"""Several workers, each a process with a connection of its own, that start together."""

import contextlib
import subprocess

from dev import databases, paths, server

SCRIPTS = paths.ROOT / "tests" / "faults"
PATIENCE_SECONDS = 120


def prepare(platform, database, script, log):
    """Run a script in ``odoo shell``; return {word: value} of its lines WORD=value."""
    done = server.shell_script(
        platform,
        SCRIPTS / script,
        database,
        stdout=subprocess.PIPE,
        log=databases.new_log(log),
    )
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


def read_until(process, word):
    """Return what a worker says after a word."""
    for line in process.stdout:
        if line.startswith(word):
            return line[len(word) :].strip()
    raise AssertionError(f"the worker ended before it said {word}")


@contextlib.contextmanager
def workers(platform, database, script, go, logs, extras=None):
    """A worker for each of ``logs``, ready and waiting for the file ``go``.

    :param list extras: what the environment of each has besides
    """
    started = []
    try:
        for log, extra in zip(logs, extras or [{}] * len(logs), strict=True):
            process = server.start_script(
                platform,
                SCRIPTS / script,
                database,
                log=databases.new_log(log),
                extra={"GO": str(go), **extra},
                stdout=subprocess.PIPE,
            )
            started.append(process)
        for process in started:
            read_until(process, "READY")
        yield started
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
            process.wait(20)
            process.stdout.close()


def run_together(
    platform,
    database,
    script,
    go,
    logs,
    extras=None,
    word="FOUND=",
    patience=PATIENCE_SECONDS,
):
    """Let :func:`workers` go at the same moment, to the end; return what each said
    after ``word``."""
    with workers(platform, database, script, go, logs, extras) as started:
        go.touch()
        answers = [read_until(process, word) for process in started]
        for process in started:
            assert process.wait(patience) == 0
    return answers
