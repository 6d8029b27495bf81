"""Databases with Odoo in them: a template with all dependencies, and copies of it.

Installing Odoo's part takes minutes and doesn't change, so it is done once for a
cluster; a database of ours is a copy (a second) plus our addons.
"""

import ast
import json
from pathlib import Path

from . import cluster, logscan, paths, server, store, ui

# Codes of Odoo's base data; en_US is always there.
LANGUAGES = ("az_AZ", "tr_TR", "fa_IR")
MARK = "complaint-suite"
# Pages of Odoo's own JavaScript tests. Nobody opens them here, and before its first
# browser test Odoo makes the bundles of all pages: theirs alone take half a minute.
NO_UNIT_TESTS = """
UPDATE ir_ui_view SET active = false
 WHERE key IN ('web.unit_tests_suite', 'web.qunit_suite', 'web.test_helpers')
"""
SCRIPTS = Path(__file__).parent / "scripts"


def manifest(addon):
    path = paths.ROOT / addon / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        raise ui.Stop(f"{path} isn't a manifest: {error}") from None


def dependencies():
    """What our addons need that isn't ours."""
    ours = paths.present_addons()
    if not ours:
        raise ui.Stop(f"this clone has none of the addons {', '.join(paths.ADDONS)}")
    needed = {name for addon in ours for name in manifest(addon)["depends"]}
    return sorted(needed - set(ours))


def addon_hash(addon):
    """A key of everything in an addon's folder."""
    files = (paths.ROOT / addon).rglob("*")
    parts = [
        part
        for file in sorted(files)
        if file.is_file() and "__pycache__" not in file.parts
        for part in (str(file.relative_to(paths.ROOT)), file)
    ]
    return store.digest(*parts)


def template(platform, wanted=None, languages=(), conf=None):
    """Name of a database with these modules installed, made when it isn't there."""
    wanted = wanted or dependencies()
    parts = (platform.odoo_home, platform.venv.name, wanted, languages, cluster.SETUP)
    name = f"base_{paths.clone_id()}_{store.digest(*map(str, parts))}"
    paths.DEV.mkdir(exist_ok=True)
    with store.lock("template", paths.DEV):
        if cluster.note(name) == "ready":
            return name
        with ui.step(f"install Odoo with {', '.join(wanted)}"):
            cluster.drop(name)
            cluster.create(name)
            cluster.execute(cluster.SETUP, on=name)
            args = ["-d", name, "-i", ",".join(wanted), "--stop-after-init"]
            if languages:
                args.append(f"--load-language={','.join(languages)}")
            install(platform, args, "template.log", conf)
            cluster.note(name, "ready")
    return name


def install(platform, args, log_name, conf=None):
    """Run an installation of Odoo to its end and look through its log."""
    log = new_log(log_name)
    command = platform.odoo([*args, "--no-http", f"--logfile={log}"], conf)
    try:
        ui.run(command, f"install (see {log})", env=platform.env, cwd=paths.ROOT)
    except ui.Stop:
        check_log(log)  # Odoo says there what is wrong
        raise
    check_log(log)


def new_log(name):
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log = paths.LOGS / name
    log.unlink(missing_ok=True)
    return log


def check_log(log):
    """A warning or an error in a log stops the work: here it is still small."""
    if found := logscan.trouble(log):
        for record in found[:20]:
            ui.say(f"  {record}")
        raise ui.Stop(f"{len(found)} warnings or errors in {log}")


def state(db):
    """What this tool did to the database; None if it isn't one of its own."""
    try:
        found = json.loads(cluster.note(db) or "null")
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.get("by") == MARK else None


def remember(db, **values):
    known = state(db) or {"by": MARK, "addons": {}}
    cluster.note(db, json.dumps({**known, **values}))


def fresh(platform, db, languages=()):
    """An empty database ``db`` with the dependencies; an older one of ours goes."""
    _check_ours(db)
    copy(template(platform, languages=languages), db)


def _check_ours(db):
    if cluster.exists(db) and state(db) is None:
        raise ui.Stop(f"the database {db} is somebody's; choose another: DB=name")


def copy(source, db):
    """A copy of a database of ours, files included; an older one of ours goes."""
    _check_ours(db)
    cluster.drop(db)
    cluster.create(db, source)
    remember(db)


def bring_up_to_date(platform, db, languages=()):
    """Have our addons there as they are now; True if there was something to do."""
    known = state(db) if cluster.exists(db) else None
    if known is None:
        fresh(platform, db, languages)
        known = state(db)
    current = {addon: addon_hash(addon) for addon in paths.present_addons()}
    before = known["addons"]
    new = [addon for addon in current if addon not in before]
    changed = [a for a in current if a in before and before[a] != current[a]]
    if not new and not changed:
        return False
    args = ["-d", db, "--stop-after-init"]
    for option, addons in (("-i", new), ("-u", changed)):
        if addons:
            args += [option, ",".join(addons)]
    with ui.step(f"install or update {', '.join(new + changed)}"):
        install(platform, args, f"install-{db}.log")
    remember(db, addons=current)
    return True


def prepare_assets(platform, db):
    """Have the browser's bundles in the database, so that the first page is quick."""
    with ui.step("make the browser's bundles"):
        shell(platform, SCRIPTS / "prepare_assets.py", db)


def is_installed(db):
    """Are all our addons installed there?"""
    if not cluster.exists(db):
        return False
    sql = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return set(paths.present_addons()) <= set(cluster.execute(sql, on=db).split())


def forget(db):
    """Drop a database that this tool made."""
    if cluster.exists(db) and state(db) is not None:
        cluster.drop(db)


def shell(platform, script, db, **kwargs):
    """Run one of this tool's own scripts in ``odoo shell``; Stop if it fails."""
    if server.shell_script(platform, script, db, **kwargs).returncode:
        raise ui.Stop(f"{script.name} failed on the database {db} (see above)")
