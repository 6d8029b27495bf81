"""``make test``: lint, install, all tests, serving, uninstalling, and one count."""

import re
import subprocess
import time
import urllib.request
import xml.etree.ElementTree as ET
from functools import partial

from . import (
    cluster,
    databases,
    instance,
    lanes,
    lint,
    logscan,
    paths,
    ports,
    server,
    split,
    system,
    ui,
    uninstall,
)

PLAIN = (
    "tests/test_layout.py",
    "tests/test_translations.py",
    "tests/tools",
    "tests/dev",
)
# Tests that start servers, on databases of their own.
SERVERS = "test_faults*.py"
# More would need more memory and more patience of the browsers than machines have.
LANES = 2
# Pages that have to answer on a running server, also without a login.
PAGES = ("/web/login", "/my", "/odoo")


class Suite:
    """The steps of a test run; a failed step is noted and the others run."""

    def __init__(self, platform, db, select, number):
        self.platform = platform
        self.db = db
        self.select = select
        self.lanes = number
        self.tags = [self._tags()] if select else split.tags(number)
        self.count = logscan.Count()
        self.problems = []

    def run(self, steps):
        lanes.run(steps, self.lanes, self._report)

    def _report(self, step, outcome):
        self.count += outcome.count
        self.problems += outcome.problems
        for line in [*outcome.lines, *(f"  {text}" for text in outcome.problems)]:
            ui.say(line)
        sign = "✗" if outcome.problems else "✓"
        ui.say(f"{sign} {step.name} ({outcome.seconds:.1f} s)")

    def lint(self, _outcome):
        if failed := lint.run():
            raise ui.Stop(", ".join(failed))

    def plain_tests(self, outcome):
        """Tests that need no Odoo."""
        wanted = self.files() or [p for p in PLAIN if (paths.ROOT / p).exists()]
        self._pytest(outcome, "plain", ["-p", "no:odoo", *wanted])

    def install(self, _outcome):
        """Install into a copy of the template; each part of the tests gets its own."""
        databases.fresh(self.platform, self.db)
        args = ["-d", self.db, "-i", ",".join(paths.present_addons())]
        args.append("--stop-after-init")
        databases.install(self.platform, args, "install-test.log")
        cluster.execute(databases.NO_UNIT_TESTS, on=self.db)
        databases.prepare_assets(self.platform, self.db)
        for db in self.databases()[1:]:
            databases.copy(self.db, db)

    def bring_up_to_date(self, _outcome):
        """The same for selected tests, which leave what is there already."""
        databases.bring_up_to_date(self.platform, self.db)
        databases.prepare_assets(self.platform, self.db)

    def databases(self):
        """One for each part of the addons' tests."""
        parts = range(2, len(self.tags) + 1)
        return [self.db, *(f"{self.db}_{part}" for part in parts)]

    def addon_tests(self, outcome, part):
        """The addons' own tests, or a part of them, where the addons are installed."""
        db = self._installed(self.databases()[part])
        name = "test-addons" if len(self.tags) == 1 else f"test-addons-{part + 1}"
        log = databases.new_log(f"{name}.log")
        # Without -i and -u Odoo takes the tests of all that is installed.
        args = ["-d", db, "--stop-after-init", f"--test-tags={self.tags[part]}"]
        args += [f"--http-port={ports.any_free()}", f"--logfile={log}"]
        code = self._odoo(args, log.with_suffix(".out"))
        count = logscan.odoo_tests(log)
        if count is None:
            _complain(logscan.trouble(log)[:10])
            raise ui.Stop(f"Odoo stopped before its tests ended (code {code}; {log})")
        _add(outcome, count)
        if count.failed or code:
            _complain(logscan.failed_tests(log))
            raise ui.Stop(f"{count.failed} tests failed (see {log})")
        databases.check_log(log)

    def top_tests(self, outcome):
        """The tests of all addons together, with Odoo's HTTP server."""
        db = self._installed(self.db)
        log = databases.new_log("test-top.log")
        others = [f"--ignore={path}" for path in (*PLAIN, *_servers())]
        options = [f"--odoo-database={db}", "--odoo-http", "--odoo-log-level=info"]
        options.append("--show-capture=no")  # it is in the log file
        options.append(f"--odoo-extra=logfile={log}")
        self._pytest(outcome, "top", [*options, *(self.files() or ["tests", *others])])
        databases.check_log(log)

    def server_tests(self, outcome):
        """Tests that start servers of their own, on databases of their own."""
        self._pytest(outcome, "servers", ["-p", "no:odoo", *_servers()])

    def serve(self, _outcome):
        """Start the server as ``make run`` does and open the first pages."""
        db = self._installed(self.db)
        name = f"serve-{db}.log"
        port = ports.any_free()
        with instance.serving(self.platform, db, port, name):
            for page in PAGES:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}") as answer:
                    if answer.status != 200:
                        raise ui.Stop(f"{page} answers {answer.status}")
        databases.check_log(paths.LOGS / name)

    def uninstall(self, _outcome):
        uninstall.check(self.platform, self._installed(self.db))

    # --- helpers ---

    def files(self):
        """Selected test files or folders (``TESTS=tests/test_x.py``)."""
        return [part for part in self.select.split() if "/" in part[1:]]

    def _tags(self):
        """Selected tests of addons in Odoo's notation (``TESTS=/addon:Class``)."""
        return ",".join(p for p in self.select.split() if "/" not in p[1:])

    def _installed(self, db):
        if not databases.is_installed(db):
            raise ui.Stop(f"not done, for the addons aren't installed in {db}")
        return db

    def _odoo(self, args, output):
        with open(output, "w", encoding="utf-8") as stream:
            return subprocess.run(
                self.platform.odoo(args),
                env=self.platform.env,
                cwd=paths.ROOT,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            ).returncode

    def _pytest(self, outcome, name, args):
        """Run pytest; its own closing line is left out, ours sums up everything."""
        report = databases.new_log(f"pytest-{name}.xml")
        command = [self.platform.python, "-m", "pytest", "-p", "no:cacheprovider"]
        env = dict(self.platform.env)
        if "no:odoo" in args:
            env.pop("ODOO_RC")
        done = subprocess.run(
            [*command, f"--junit-xml={report}", "-q", *args],
            env=env,
            cwd=paths.ROOT,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode == 5:
            ui.say("  no test there")
            return
        count = _junit(report)
        _add(outcome, count)
        _show_pytest(done.stdout, done.returncode)
        if done.returncode:
            raise ui.Stop(f"pytest: {count.failed} failed (code {done.returncode})")


def _servers():
    """The test files that start servers of their own."""
    folder = paths.ROOT / "tests"
    return [f"tests/{file.name}" for file in sorted(folder.glob(SERVERS))]


def _add(outcome, count):
    ui.say(f"  {count.passed} ok, {count.failed} not, {count.skipped} left out")
    outcome.count += count


def _complain(lines):
    for line in lines:
        ui.say(f"  {line}")


def _show_pytest(output, failed):
    """Everything when something failed, else what was skipped and why."""
    lines = output.splitlines()
    if not failed:
        lines = [line for line in lines if re.match(r"(SKIPPED|XFAIL|XPASS) ", line)]
    for line in lines:
        ui.say(f"  {line}")


def _junit(report):
    if not report.is_file():
        return logscan.Count(failed=1)
    count = logscan.Count()
    for suite in ET.parse(report).getroot().iter("testsuite"):
        total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
        failed = int(suite.get("failures")) + int(suite.get("errors"))
        count += logscan.Count(total - skipped - failed, failed, skipped)
    return count


def run(db, select="", keep=False, wanted=0):
    """Run everything, or with ``select`` only some tests; return the exit code.

    Two steps run side by side where there are two processors, or so many as wanted.
    """
    begin = time.monotonic()
    with ui.step("set up"):
        system.ensure()
        number = wanted or min(LANES, lanes.cores())
        suite = Suite(server.setup(), db, select, number)
    suite.run(_selected(suite) if select else _everything(suite))
    if not keep and not suite.problems:
        for name in suite.databases():
            databases.forget(name)
    return _sum_up(suite, time.monotonic() - begin)


def _sum_up(suite, seconds):
    """Say what went wrong and the count; return the exit code."""
    count = suite.count
    # A failed step that is no test counts too, so that the line can't look green.
    failed = count.failed or len(suite.problems)
    for problem in suite.problems:
        ui.say(f"✗ {problem}")
    ui.say(f"make test took {seconds:.0f} s")
    ui.say(f"{count.passed} passed, {failed} failed, {count.skipped} skipped")
    return 1 if failed else 0


def _everything(suite):
    """All steps: of those that could begin, the first of the list does."""
    install = "install the addons"
    own = [f"run the addons' own tests, part {n + 1}" for n in range(len(suite.tags))]
    # These have the database of the first part, one after the other.
    chain = [
        (own[0], partial(suite.addon_tests, part=0)),
        ("test all addons together", suite.top_tests),
        ("serve", suite.serve),
        ("uninstall", suite.uninstall),
    ]
    before = [install, *(name for name, _function in chain)]
    steps = [
        lanes.Step(install, suite.install),
        lanes.Step("lint", suite.lint),
        lanes.Step("test without Odoo", suite.plain_tests),
    ]
    for (name, function), wait in zip(chain, before, strict=False):
        steps.append(lanes.Step(name, function, (wait,)))
    for part, name in enumerate(own[1:], 1):
        function = partial(suite.addon_tests, part=part)
        steps.append(lanes.Step(name, function, (install,)))
    if _servers():
        # They take what they need from the template, which is there by then.
        steps.append(lanes.Step("test with servers", suite.server_tests, (install,)))
    return steps


def _selected(suite):
    """The steps for ``TESTS=…``."""
    files = suite.files()
    if files and all(file.startswith(PLAIN) for file in files):
        return [lanes.Step("test without Odoo", suite.plain_tests)]
    install, own = "install the addons", "run the addons' own tests"
    steps = [lanes.Step(install, suite.bring_up_to_date)]
    if suite.tags[0]:
        steps = [lanes.Step(install, suite.install)]
        function = partial(suite.addon_tests, part=0)
        steps.append(lanes.Step(own, function, (install,)))
    if files:
        before = (steps[-1].name,)
        steps.append(lanes.Step("test all addons together", suite.top_tests, before))
    return steps
