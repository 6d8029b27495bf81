"""``make run``: a server with the three addons and the demo company; ``make stop``."""

import contextlib
import csv
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import cluster, databases, logscan, paths, ports, server, store, ui

DEMO = paths.ROOT / "data" / "demo_company"
RUNNING = paths.DEV / "running"


def run(db, port):
    """Serve until Ctrl-C or ``make stop``; return the exit code."""
    platform = server.setup()
    if found := _find_running(db):
        ui.say(
            f"already served at http://localhost:{found['port']} (`make stop` ends it)"
        )
        return 0
    if databases.bring_up_to_date(platform, db, databases.LANGUAGES):
        databases.prepare_assets(platform, db)
    _load_demo(platform, db)
    port = ports.choose(port)
    with serving(platform, db, port, f"serve-{db}.log", mark=True) as process:
        _welcome(port, db)
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
    ui.say("stopped")
    return 0


def _load_demo(platform, db):
    """Load the demo company once; its script knows itself what is there already."""
    script = DEMO / "load.py"
    if not script.is_file():
        return
    files = [file for file in sorted(DEMO.rglob("*")) if file.is_file()]
    key = store.digest(*files)
    if databases.state(db).get("demo") == key:
        return
    with ui.step("load the demo company"):
        databases.shell(platform, script, db)
    databases.remember(db, demo=key)


def _welcome(port, db):
    ui.say(
        f"\n  http://localhost:{port}   (database {db}; Ctrl-C or `make stop` ends it)"
    )
    logins = DEMO / "logins.csv"
    if not logins.is_file():
        ui.say("  login admin, password admin\n")
        return
    with open(logins, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for name in ("role", "login", "password"):
        width = max(len(name), *(len(row[name]) for row in rows))
        for row in rows:
            row[name] = row[name].ljust(width)
    for row in rows:
        ui.say(f"  {row['role']}  {row['login']}  {row['password']}  {row['what']}")
    ui.say("")


@contextlib.contextmanager
def serving(platform, db, port, log_name, mark=False):
    """A server that answers, as long as the block runs; then its log is looked at."""
    log = databases.new_log(log_name)
    conf = server.write_conf(platform.odoo_home, paths.DEV / f"serve-{port}.conf", port)
    args = ["-d", db, f"--db-filter=^{db}$", "--no-database-list", f"--logfile={log}"]
    with open(log.with_suffix(".out"), "w", encoding="utf-8") as output:
        process = subprocess.Popen(
            platform.odoo(args, conf),
            env=platform.env,
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    mark_file = RUNNING / f"{process.pid}.json"
    if mark:
        store.write(mark_file, json.dumps({"db": db, "port": port, "conf": str(conf)}))
    try:
        _wait_until_up(process, port, log)
        yield process
    finally:
        _end(process)
        mark_file.unlink(missing_ok=True)
        conf.unlink(missing_ok=True)
    for record in logscan.trouble(log)[:20]:
        ui.say(f"  in the server's log: {record}")


def _wait_until_up(process, port, log, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError, urllib.error.URLError):
            url = f"http://127.0.0.1:{port}/web/health"
            with urllib.request.urlopen(url, timeout=5):
                return
        time.sleep(0.3)
    raise ui.Stop(f"the server doesn't answer on port {port} (see {log})")


def _end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _marks():
    """The servers that ``make run`` of this clone started and that still run."""
    for file in RUNNING.glob("*.json"):
        found = json.loads(file.read_text(encoding="utf-8"))
        found["pid"] = int(file.stem)
        if _is_ours(found):
            yield found
        else:
            file.unlink(missing_ok=True)


def _is_ours(found):
    """A process id may belong to somebody else by now: look at what it runs."""
    line = Path("/proc") / str(found["pid"]) / "cmdline"
    try:
        return found["conf"].encode() in line.read_bytes().split(b"\0")
    except OSError:
        return False


def _find_running(db):
    return next((found for found in _marks() if found["db"] == db), None)


def stop():
    """End the servers and the database cluster that this clone started."""
    for found in list(_marks()):
        os.kill(found["pid"], signal.SIGTERM)
        ui.say(f"✓ stopped the server on port {found['port']}")
        for _wait in range(100):
            if not _is_ours(found):
                break
            time.sleep(0.1)
    if cluster.stop():
        ui.say("✓ stopped the database cluster")
