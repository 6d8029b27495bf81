"""Command line of the platform tool: ``python3 -m dev <command>``."""

import argparse
import os
import shutil
import signal
import sys

from . import bench, cluster, i18n, instance, lint, paths, server, suite, system, ui


def cmd_setup(args):
    """set up whatever is missing"""
    with ui.step("set up"):
        server.setup(refresh=args.refresh)


def cmd_env(args):
    """print the paths and variables as shell exports"""
    print(server.describe(server.setup()))


def cmd_odoo(args):
    """run Odoo with this clone's configuration; a first word is a subcommand"""
    platform = server.setup()
    server.replace_by(platform, platform.odoo(args.args))


def cmd_shell_script(args):
    """run a Python file inside odoo shell: SCRIPT -d DB"""
    done = server.shell_script(server.setup(), args.script, args.database)
    return done.returncode


def cmd_psql(args):
    """open a database with psql: [DB] [psql arguments]"""
    platform = server.setup()
    rest = args.args or [paths.default_db()]
    server.replace_by(platform, [cluster.program("psql"), *rest])


def cmd_createdb(args):
    """create an empty database: DB"""
    server.setup()
    cluster.create(args.database)


def cmd_dropdb(args):
    """drop a database and its files: DB"""
    server.setup()
    cluster.drop(args.database)


def cmd_pytest(args):
    """run pytest in the environment; with --odoo-database DB inside Odoo"""
    platform = server.setup()
    plugin = []
    if not any(part.startswith("--odoo-database") for part in args.args):
        plugin = ["-p", "no:odoo"]
    server.replace_by(platform, [platform.python, "-m", "pytest", *plugin, *args.args])


def cmd_python(args):
    """run the environment's Python"""
    platform = server.setup()
    server.replace_by(platform, [platform.python, *args.args])


def cmd_run(args):
    """serve Odoo with the addons and the demo company until Ctrl-C"""
    system.ensure(["wkhtmltopdf"])
    return instance.run(args.database, args.port)


def cmd_test(args):
    """lint, install, test and uninstall; the last line is the count"""
    return suite.run(args.database, args.select, args.keep, args.lanes)


def cmd_lint(args):
    """run the linters"""
    if failed := lint.run():
        raise ui.Stop(f"lint: {', '.join(failed)}")
    ui.say("✓ lint")


def cmd_bench(args):
    """measure, also against the peer; one JSON line a figure: [script names]"""
    return bench.run(args.select)


def cmd_i18n(args):
    """bring templates and catalogues up to the texts of a database: [addons]"""
    i18n.update(server.setup(), args.database, args.addons or paths.present_addons())


def cmd_stop(args):
    """end the servers and the database cluster that this clone started"""
    instance.stop()


def cmd_clean(args):
    """stop, and delete what this clone made; the cache of downloads stays"""
    instance.stop()
    cluster.remove()
    shutil.rmtree(paths.DEV, ignore_errors=True)
    ui.say(f"✓ clean (downloads stay in {paths.cache()})")


PASS_THROUGH = {"odoo": cmd_odoo, "psql": cmd_psql, "pytest": cmd_pytest}
PASS_THROUGH["python"] = cmd_python


def parser():
    main = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    sub = main.add_subparsers(dest="command", required=True, metavar="command")

    def add(name, function):
        made = sub.add_parser(name, help=function.__doc__)
        made.set_defaults(function=function)
        return made

    add("setup", cmd_setup).add_argument(
        "--refresh", action="store_true", help="look for a newer Odoo 19 package"
    )
    add("env", cmd_env)
    for name, function in PASS_THROUGH.items():
        add(name, function)
    script = add("shell-script", cmd_shell_script)
    script.add_argument("script")
    script.add_argument("-d", "--database", default=paths.default_db())
    run = add("run", cmd_run)
    run.add_argument("--database", default=paths.default_db())
    run.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8069))
    test = add("test", cmd_test)
    test.add_argument("--database", default=paths.test_db())
    test.add_argument("--select", default=os.environ.get("TESTS", ""))
    lanes = {"type": int, "default": int(os.environ.get("LANES") or 0)}
    test.add_argument("--lanes", **lanes, help="steps at a time (1 for each core)")
    test.add_argument("--keep", action="store_true", help="keep the database")
    bench_parser = add("bench", cmd_bench)
    bench_parser.add_argument("select", nargs="*")
    add("lint", cmd_lint)
    i18n_parser = add("i18n", cmd_i18n)
    i18n_parser.add_argument("addons", nargs="*")
    i18n_parser.add_argument("-d", "--database", default=paths.default_db())
    add("stop", cmd_stop)
    add("clean", cmd_clean)
    add("createdb", cmd_createdb).add_argument("database")
    add("dropdb", cmd_dropdb).add_argument("database")
    return main


def main(argv):
    if argv and argv[0] in PASS_THROUGH:
        args = argparse.Namespace(function=PASS_THROUGH[argv[0]], args=argv[1:])
    else:
        args = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return args.function(args) or 0
    except KeyboardInterrupt:
        return 130
    except (ui.Stop, OSError) as error:
        return ui.report(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
