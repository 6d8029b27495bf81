"""What people see: progress lines, one-line errors, and child processes."""

import contextlib
import errno
import os
import re
import shlex
import subprocess
import sys
import time


class Stop(Exception):
    """Something a person has to mend; the text is the one line that says how."""


_held = None


def say(text):
    if _held is not None:
        _held.append(text)
        return
    print(text, flush=True)


@contextlib.contextmanager
def held():
    """Keep back what is said in this process: the list that the block gets has it."""
    global _held
    _held = lines = []
    try:
        yield lines
    finally:
        _held = None


@contextlib.contextmanager
def step(what):
    """Print what begins and, when it went well, how long it took."""
    say(f"… {what}")
    begin = time.monotonic()
    yield
    say(f"✓ {what} ({time.monotonic() - begin:.1f} s)")


def run(command, why, log=None, text=None, **kwargs):
    """Run a command to its end; a failure is a :class:`Stop` that names ``why``.

    The program reads ``text``, or nothing. Output goes to the file ``log`` or is
    held back, and its last lines come with the error, because a tool's own words
    are the best hint.
    """
    command = [str(part) for part in command]
    try:
        done = subprocess.run(
            command,
            input=text or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **kwargs,
        )
    except FileNotFoundError:
        raise Stop(f"{why}: the program {command[0]!r} is missing") from None
    if log is not None:
        with open(log, "a", encoding="utf-8") as stream:
            stream.write(f"$ {shlex.join(command)}\n{done.stdout}")
    if done.returncode:
        raise Stop(f"{why}: {explain(done.stdout)}")
    return done.stdout


def explain(output):
    """Shorten a tool's output to what a person needs to act on."""
    lower = output.lower()
    if "no space left on device" in lower:
        return "the disk is full; make room (`make clean` frees this clone's part)"
    if any(word in lower for word in NETWORK_TROUBLE):
        return "the network or the archive can't be reached; try again when it can"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line for line in lines if re.match(r"(E|ERROR|npm error|fatal): ", line)]
    return " | ".join((marked or lines)[-3:])[-400:] or "no output"


NETWORK_TROUBLE = (
    "could not resolve",
    "temporary failure in name resolution",
    "temporary failure resolving",
    "network is unreachable",
    "failed to establish a new connection",
    "connection refused",
    "connection timed out",
    "enotfound",
    "eai_again",
    "econnrefused",
)


def report(error):
    """Turn a known error into one line on stderr; return the exit code."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        error = "the disk is full; make room (`make clean` frees this clone's part)"
    print(f"✗ {error}", file=sys.stderr, flush=True)
    return 1


def is_root():
    return os.geteuid() == 0
