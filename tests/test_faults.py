"""The intake API on a real server and a database that keeps what is committed: many
callers with one key at the same moment, and a server that is killed while it works.

Both end the same: each complaint is there once, and every caller knows its number.
"""

import contextlib
import http.client
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from faults_workers import prepare

from dev import cluster, databases, instance, logscan, paths, ports

pytestmark = pytest.mark.slow

DB = f"faults_intake_{os.getpid()}"
CALLERS = 20
CALLS = 1_000
CLIENTS = 4
# The server dies when so many calls were answered.
KILL_AFTER = 400
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def api_key(platform, installed):
    """A database with our addon, and the key of a program of others."""
    try:
        cluster.create(DB, installed)
        script = databases.SCRIPTS / "integration_key.py"
        yield prepare(platform, DB, script, "faults-key.log")["KEY"]
    finally:
        cluster.drop(DB)


class Caller:
    """Sends complaints until each is answered, as a careful program does."""

    def __init__(self, port, key):
        self.port, self.key = port, key
        self.answered = 0
        self.repeats = 0
        self.lock = threading.Lock()

    def send(self, **values):
        """Return what the server answers to one complaint."""
        payload = {
            "channel": "mobile_app",
            "subject": "Kettle leaks",
            "partner": {"name": "Leyla", "phone": "+994 12 555 55 55"},
            **values,
        }
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, answer = self._post({"payloads": [payload]})
                if status == 200:
                    with self.lock:
                        self.answered += 1
                    return json.loads(answer)[0]
                assert status >= 500 or status in (409, 429), (status, answer[:300])
            with self.lock:
                self.repeats += 1
            time.sleep(0.2)
        raise AssertionError("the server never answered")

    def _post(self, body):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(
                "POST",
                "/json/2/complaint.case/intake",
                json.dumps(body),
                {
                    "Authorization": f"bearer {self.key}",
                    "Content-Type": "application/json",
                },
            )
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()


@contextlib.contextmanager
def serving(platform, port, name):
    """A server whose log is without warnings in the end."""
    with instance.serving(platform, DB, port, name) as process:
        yield process
    assert [str(record) for record in logscan.trouble(paths.LOGS / name)] == []


def rows(pattern):
    """Return {idempotency key or reference: (id, number)} of stored cases."""
    sql = (
        "SELECT COALESCE(idempotency_key, external_ref) AS mark, id, name"
        " FROM complaint_case"
        " WHERE COALESCE(idempotency_key, external_ref) LIKE :'pattern'"
    )
    found = cluster.execute(sql, on=DB, pattern=pattern)
    lines = [line.split("|") for line in found.splitlines()]
    assert len({line[0] for line in lines}) == len(lines), "a complaint is there twice"
    return {mark: (int(number), name) for mark, number, name in lines}


def test_one_key_from_many_callers_is_one_case(platform, api_key):
    port = ports.any_free()
    with serving(platform, port, "faults-parallel.log"):
        caller = Caller(port, api_key)
        for values in ({"idempotency_key": "same"}, {"external_ref": "R-1"}):
            together = threading.Barrier(CALLERS)

            def call(_number, values=values, together=together):
                together.wait(60)
                return caller.send(**values)

            with ThreadPoolExecutor(CALLERS) as pool:
                answers = list(pool.map(call, range(CALLERS)))
            assert {answer["status"] for answer in answers} == {"created", "existing"}
            assert [a["status"] for a in answers].count("created") == 1
            assert len({(a["id"], a["name"]) for a in answers}) == 1
    assert set(rows("same")) == {"same"}
    assert set(rows("R-1")) == {"R-1"}


def test_killed_server_loses_and_doubles_nothing(platform, api_key):
    port = ports.any_free()
    caller = Caller(port, api_key)
    keys = [f"call-{number:04d}" for number in range(CALLS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        with serving(platform, port, "faults-killed.log") as process:
            sent = [pool.submit(caller.send, idempotency_key=key) for key in keys]
            while caller.answered < KILL_AFTER:
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
            process.wait(20)
            answered = caller.answered
        with serving(platform, port, "faults-restarted.log"):
            answers = [future.result(PATIENCE_SECONDS) for future in sent]
    assert answered < CALLS and caller.repeats, "the server died too late to prove it"
    stored = rows("call-%")
    told = {
        key: (answer["id"], answer["name"])
        for key, answer in zip(keys, answers, strict=True)
    }
    assert told == stored
    numbers = sorted(int(name.rpartition("/")[2]) for __, name in stored.values())
    assert len(set(numbers)) == CALLS, "a number was given twice"
    # A number that was drawn for a call that died with the server stays unused: at
    # most one for each call that was under way.
    assert numbers[-1] - numbers[0] + 1 - CALLS <= CLIENTS
