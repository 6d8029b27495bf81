"""``make test``: lint, install, all tests, serving, uninstalling, and one count."""

import re
import subprocess
import time
import urllib.request
import xml.etree.ElementTree as ET

from . import (
    databases,
    instance,
    lint,
    logscan,
    paths,
    ports,
    server,
    system,
    ui,
    uninstall,
)

PLAIN = ("tests/test_layout.py", "tests/test_translations.py", "tests/tools")
# Pages that have to answer on a running server, also without a login.
PAGES = ("/web/login", "/my", "/odoo")


class Suite:
    """The steps of a test run; a failed step is noted and the next one runs."""

    def __init__(self, platform, db, select):
        self.platform = platform
        self.db = db
        self.select = select
        self.count = logscan.Count()
        self.problems = []

    def step(self, what, function):
        begin = time.monotonic()
        ui.say(f"… {what}")
        known = len(self.problems)
        try:
            function()
        except ui.Stop as error:
            self.problems.append(f"{what}: {error}")
        sign = "✓" if len(self.problems) == known else "✗"
        for problem in self.problems[known:]:
            ui.say(f"  {problem}")
        ui.say(f"{sign} {what} ({time.monotonic() - begin:.1f} s)")
        return sign == "✓"

    def lint(self):
        if failed := lint.run():
            raise ui.Stop(", ".join(failed))

    def plain_tests(self):
        """Tests that need no Odoo."""
        wanted = self._files() or [p for p in PLAIN if (paths.ROOT / p).exists()]
        self._pytest("plain", ["-p", "no:odoo", *wanted])

    def install_and_test(self):
        """Install into a copy of the template, with the addons' own tests."""
        databases.fresh(self.platform, self.db)
        addons = paths.present_addons()
        log = databases.new_log("test-addons.log")
        tags = self._tags() or ",".join(f"/{addon}" for addon in addons)
        args = ["-d", self.db, "-i", ",".join(addons), "--stop-after-init"]
        args += [f"--test-tags={tags}", f"--http-port={ports.any_free()}"]
        code = self._odoo([*args, f"--logfile={log}"], log.with_suffix(".out"))
        count = logscan.odoo_tests(log)
        if count is None:
            self._complain(logscan.trouble(log)[:10])
            raise ui.Stop(f"Odoo stopped before its tests ended (code {code}; {log})")
        self._add(count)
        if count.failed or code:
            self._complain(logscan.failed_tests(log))
            raise ui.Stop(f"{count.failed} tests failed (see {log})")
        databases.check_log(log)

    def top_tests(self):
        """The tests of all addons together, with Odoo's HTTP server."""
        databases.prepare_assets(self.platform, self.db)
        log = databases.new_log("test-top.log")
        wanted = self._files() or ["tests", *(f"--ignore={path}" for path in PLAIN)]
        options = [f"--odoo-database={self.db}", "--odoo-http", "--odoo-log-level=info"]
        options.append("--show-capture=no")  # it is in the log file
        self._pytest("top", [*options, f"--odoo-extra=logfile={log}", *wanted])
        databases.check_log(log)

    def serve(self):
        """Start the server as ``make run`` does and open the first pages."""
        name = f"serve-{self.db}.log"
        port = ports.any_free()
        with instance.serving(self.platform, self.db, port, name):
            for page in PAGES:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}") as answer:
                    if answer.status != 200:
                        raise ui.Stop(f"{page} answers {answer.status}")
        databases.check_log(paths.LOGS / name)

    def uninstall(self):
        uninstall.check(self.platform, self.db)

    # --- helpers ---

    def _files(self):
        """Selected test files or folders (``TESTS=tests/test_x.py``)."""
        return [part for part in self.select.split() if "/" in part[1:]]

    def _tags(self):
        """Selected tests of addons in Odoo's notation (``TESTS=/addon:Class``)."""
        return ",".join(p for p in self.select.split() if "/" not in p[1:])

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

    def _pytest(self, name, args):
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
        self._add(count)
        _show_pytest(done.stdout, done.returncode)
        if done.returncode:
            raise ui.Stop(f"pytest: {count.failed} failed (code {done.returncode})")

    def _add(self, count):
        ui.say(f"  {count.passed} ok, {count.failed} not, {count.skipped} left out")
        self.count += count

    def _complain(self, lines):
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


def run(db, select="", keep=False):
    """Run everything, or with ``select`` only some tests; return the exit code."""
    begin = time.monotonic()
    with ui.step("set up"):
        system.ensure()
        suite = Suite(server.setup(), db, select)
    _run_selected(suite) if select else _run_all(suite)
    if not keep and not suite.problems:
        databases.forget(db)
    count = suite.count
    # A failed step that is no test counts too, so that the line can't look green.
    failed = count.failed or len(suite.problems)
    for problem in suite.problems:
        ui.say(f"✗ {problem}")
    ui.say(f"make test took {time.monotonic() - begin:.0f} s")
    ui.say(f"{count.passed} passed, {failed} failed, {count.skipped} skipped")
    return 1 if failed else 0


def _run_all(suite):
    suite.step("lint", suite.lint)
    suite.step("test without Odoo", suite.plain_tests)
    suite.step("install the addons and run their tests", suite.install_and_test)
    if databases.is_installed(suite.db):
        suite.step("test all addons together", suite.top_tests)
        suite.step("serve", suite.serve)
        suite.step("uninstall", suite.uninstall)


def _run_selected(suite):
    files = suite._files()
    if files and all(file.startswith(PLAIN) for file in files):
        suite.step("test without Odoo", suite.plain_tests)
        return
    if suite._tags():
        suite.step("install the addons and run tests", suite.install_and_test)
    else:
        databases.bring_up_to_date(suite.platform, suite.db)
    if files:
        suite.step("test all addons together", suite.top_tests)
