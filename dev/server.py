"""Odoo itself: its configuration in this clone and the ways to call it."""

import contextlib
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import cluster, npm, odoo_source, paths, store, system, ui, venv

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
# Mail can't leave: nothing listens on port 1 of this machine.
SETTINGS = """[options]
addons_path = {addons}
data_dir = {data}
admin_passwd = {password}
http_interface = 127.0.0.1
http_port = {port}
proxy_mode = False
workers = 0
max_cron_threads = 1
limit_time_cpu = 900
limit_time_real = 1800
smtp_server = 127.0.0.1
smtp_port = 1
email_from = noreply@example.com
with_demo = False
"""


@dataclass
class Platform:
    """Everything that is set up: where it lies and how to call it."""

    odoo_home: Path
    venv: Path
    env: dict

    @property
    def python(self):
        return str(venv.python(self.venv))

    def odoo(self, args, conf=None):
        """The command line of ``odoo``; a first word is a subcommand."""
        args = [str(part) for part in args]
        sub = [args.pop(0)] if args and not args[0].startswith("-") else []
        return [self.python, "-m", "odoo", *sub, "-c", str(conf or paths.CONF), *args]


def setup(refresh=False, database=True):
    """Have everything: Odoo, the environment, the cluster, the configuration."""
    system.ensure(["python3-venv"])
    home = odoo_source.home(refresh)
    environment = venv.ensure(home, *REQUIREMENTS)
    if database:
        cluster.ensure()
    programs = [*npm.rtlcss_path(), cluster.program("psql").parent]
    path = venv.path_with(environment, *programs)
    env = {
        **os.environ,
        **cluster.env(),
        "PATH": path,
        "ODOO_HOME": str(home),
        "ODOO_RC": str(paths.CONF),
    }
    # Compiled modules in the cache save seconds at every start.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    write_conf(home)
    return Platform(home, environment, env)


def write_conf(home, path=None, port=8069, ours=True):
    """Write the configuration; another ``path`` and port for a server of its own."""
    path = path or paths.CONF
    folders = [str(paths.ROOT)] if ours and paths.present_addons() else []
    folders.append(str(home / "odoo" / "addons"))
    if (home / "addons").is_dir():
        folders.append(str(home / "addons"))
    text = SETTINGS.format(
        addons=",".join(folders),
        data=paths.DATA,
        password=secrets.token_urlsafe(16),
        port=port,
    )
    names = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user"}
    names["PGPASSWORD"] = "db_password"
    for variable, value in cluster.env().items():
        text += f"{names[variable]} = {value}\n"
    store.write(path, text)
    path.chmod(0o600)
    return path


def shell_script(platform, script, db, log=None, extra=None, conf=None, **kwargs):
    """Run a Python file inside ``odoo shell``: ``env`` is there, it commits itself.

    Odoo logs to the file ``log``, or its warnings to stderr; ``extra`` are variables
    for the script.
    """
    process = start_script(platform, script, db, log, extra, conf, **kwargs)
    output, errors = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def start_script(platform, script, db, log=None, extra=None, conf=None, **kwargs):
    """Like :func:`shell_script`, without waiting for the end: return the process."""
    script = Path(script).resolve()
    if not script.is_file():
        raise ui.Stop(f"there is no script {script}")
    bridge = (
        f"__file__ = {str(script)!r}\n"
        "exec(compile(open(__file__, encoding='utf-8').read(), __file__, 'exec'))\n"
    )
    logging = [f"--logfile={log}"] if log else ["--log-level=warn"]
    process = subprocess.Popen(
        platform.odoo(["shell", "-d", db, "--no-http", *logging], conf),
        env={**platform.env, **(extra or {})},
        stdin=subprocess.PIPE,
        text=True,
        cwd=paths.ROOT,
        **kwargs,
    )
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(bridge)
    # Nothing more to say: communicate() would write to what is closed.
    process.stdin = None
    return process


def describe(platform):
    """What ``python3 -m dev env`` prints, ready for ``eval`` in a shell."""
    values = {
        **cluster.env(),
        "ODOO_HOME": platform.odoo_home,
        "ODOO_RC": paths.CONF,
        "VENV": platform.venv,
        "PYTHON": platform.python,
        "PGBIN": cluster.program("psql").parent,
    }
    lines = [f"export {name}={str(value)!r}" for name, value in values.items()]
    lines.append(f"export PATH={platform.env['PATH']!r}")
    return "\n".join(lines)


def replace_by(platform, command):
    """Become this command (so that signals and exit codes are its own)."""
    sys.stdout.flush()
    os.execve(str(command[0]), [str(part) for part in command], platform.env)
