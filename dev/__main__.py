"""Command line of the platform tool: ``python3 -m dev <command>``."""

import argparse
import sys

from . import cluster, paths, server, ui


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
    return server.shell_script(server.setup(), args.script, args.database)


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
    """run pytest in the environment: pytest arguments (--odoo-database DB …)"""
    platform = server.setup()
    server.replace_by(platform, [platform.python, "-m", "pytest", *args.args])


def cmd_python(args):
    """run the environment's Python"""
    platform = server.setup()
    server.replace_by(platform, [platform.python, *args.args])


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
    add("createdb", cmd_createdb).add_argument("database")
    add("dropdb", cmd_dropdb).add_argument("database")
    return main


def main(argv):
    if sys.version_info < (3, 10):
        return ui.report("Python 3.10 or newer is needed")
    if argv and argv[0] in PASS_THROUGH:
        args = argparse.Namespace(function=PASS_THROUGH[argv[0]], args=argv[1:])
    else:
        args = parser().parse_args(argv)
    try:
        return args.function(args) or 0
    except KeyboardInterrupt:
        return 130
    except (ui.Stop, OSError) as error:
        return ui.report(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
