"""``make bench``: our figures beside those of the peer, in the same database server.

The contract of the scripts in ``tests/bench``:

- ``own_*.py`` runs in ``odoo shell`` on a database with our addons, ``peer_*.py`` on
  one with the OCA helpdesk (requirements-bench.txt) and without ours. Neither holds
  demo data, and each script gets a database of its own, fresh and thrown away
  afterwards, so a script may commit what it likes.
- Globals are those of the shell: ``env``; the environment variable ``BENCH_SCALE``
  (default 1) may shrink the numbers of records for a quick look.
- Each figure is printed as one line of JSON: ``{"figure": "create_500", "value":
  812.4, "unit": "cases/s", "must": ">= 5"}``. ``must`` (optional, on our side) speaks
  of the ratio own / peer when the peer prints a figure of the same name, else of
  the value itself. Other lines are passed on as they are.

What comes out is one JSON line a figure: figure, unit, own, peer, ratio, must, ok.
"""

import json
import re
import subprocess

from . import cluster, databases, paths, server, store, ui

SCRIPTS = paths.ROOT / "tests" / "bench"
PEER_REQUIREMENTS = "requirements-bench.txt"
PEER = ("helpdesk_mgmt", "helpdesk_mgmt_sla")
MUST = re.compile(r"(<=|>=) *([0-9.]+)")


def run(select=()):
    """Run the scripts (all, or those whose names hold a selected word)."""
    platform = server.setup()
    figures = {"own": {}, "peer": {}}
    for side, prepare in (("peer", _peer), ("own", _own)):
        scripts = _scripts(side, select)
        if not scripts:
            continue
        side_platform, source, conf = prepare(platform)
        for script in scripts:
            with ui.step(f"measure {script.name}"):
                found = _measure(side_platform, script, source, conf)
            figures[side].update(found)
    results = [
        compare(figure, figures["peer"].get(name))
        for name, figure in figures["own"].items()
    ]
    for result in results:
        ui.say(json.dumps(result))
    if not results:
        raise ui.Stop(f"no figure: {SCRIPTS} has no own_*.py that prints one")
    return 0 if all(result["ok"] is not False for result in results) else 1


def compare(own, peer):
    """One line of the result; ``ok`` is None where nothing is demanded."""
    value = own["value"]
    ratio = None
    if peer and peer["value"]:
        ratio = round(value / peer["value"], 3)
    must = own.get("must")
    ok = None
    if must:
        sign, limit = MUST.fullmatch(must.strip()).groups()
        measured = value if ratio is None else ratio
        ok = measured >= float(limit) if sign == ">=" else measured <= float(limit)
    return {
        "figure": own["figure"],
        "unit": own.get("unit"),
        "own": value,
        "peer": peer and peer["value"],
        "ratio": ratio,
        "must": must,
        "ok": ok,
    }


def _scripts(side, select):
    found = sorted(SCRIPTS.glob(f"{side}_*.py"))
    return [s for s in found if not select or any(word in s.name for word in select)]


def _own(platform):
    """A database with our addons as they are now, to copy from."""
    source = f"bench_{paths.clone_id()}"
    databases.bring_up_to_date(platform, source)
    return platform, source, paths.CONF


def _peer(platform):
    """A database with the peer, whose wheels are visible to it alone."""
    wheels = _peer_wheels(platform)
    env = {**platform.env, "PYTHONPATH": str(wheels)}
    peer = server.Platform(platform.odoo_home, platform.venv, env)
    conf = paths.DEV / "peer.conf"
    server.write_conf(peer.odoo_home, conf, ours=False)
    return peer, databases.template(peer, list(PEER), conf=conf), conf


def _peer_wheels(platform):
    """The peer's wheels in a folder beside the environment, not in it."""
    requirements = paths.ROOT / PEER_REQUIREMENTS

    def build(folder):
        with ui.step("fetch the peer"):
            command = [platform.python, "-m", "pip", "install", "--no-deps"]
            command += ["--target", folder, "-r", requirements]
            ui.run(command, "install the peer")

    key = store.digest(platform.venv.name, requirements)
    return store.entry(f"peer-{key}", build)


def _measure(platform, script, source, conf):
    """Run one script on a copy of the database; return its figures by name."""
    db = f"{source}_run"
    cluster.drop(db)
    cluster.create(db, source)
    databases.remember(db)
    log = databases.new_log(f"bench-{script.stem}.log")
    try:
        done = server.shell_script(
            platform, script, db, log=log, conf=conf, stdout=subprocess.PIPE
        )
    finally:
        databases.forget(db)
    figures = {}
    for line in done.stdout.splitlines():
        if line.startswith('{"figure":'):
            figure = json.loads(line)
            figures[figure["figure"]] = figure
        else:
            ui.say(f"  {line}")
    if done.returncode:
        raise ui.Stop(f"{script.name} failed (see above and {log})")
    return figures
