"""Several workers, each a process with a connection of its own, that start together."""

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
    for line in process.stdout:
        if line.startswith(word):
            return line[len(word) :].strip()
    raise AssertionError(f"the worker ended before it said {word}")


def run_together(platform, database, script, go, logs, extras):
    """Start a worker for each of ``extras`` (its environment), let them go at the same
    moment, and return what each answered."""
    started = []
    try:
        for log, extra in zip(logs, extras, strict=True):
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
    return answers
