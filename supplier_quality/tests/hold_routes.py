"""Ways to change what belongs to a case, for the table of ``tests/test_hold_routes``:
makers of routes, and the routes to what improvement leaves behind (links to
nonconformities, lessons). A route is a function of (test, environment of the actor)."""

from odoo.fields import Command


def write(name, /, **vals):
    return lambda test, env: test.found[name].with_env(env).write(dict(vals))


def unlink(name):
    return lambda test, env: test.found[name].with_env(env).unlink()


def web_save(name, /, **vals):
    return lambda test, env: test.found[name].with_env(env).web_save(dict(vals), {})


def method(name, method, *args):
    return lambda test, env: getattr(test.found[name].with_env(env), method)(*args)


def sql(query, name):
    """What code does past the ORM; people can't, so the actor makes no difference."""
    return lambda test, env: env.cr.execute(query, [test.found[name].ids])


IMPROVEMENT_ROUTES = {
    "lesson.write": write("lesson", text="Other"),
    "lesson.scope": write("lesson", product_tmpl_ids=[Command.clear()]),
    "lesson.detach": write("lesson", case_id=False),
    "lesson.unlink": unlink("lesson"),
    "lesson.sql_update": sql(
        "UPDATE complaint_lesson SET text = 'x' WHERE id = ANY(%s)", "lesson"
    ),
    "lesson_read.unlink": unlink("lesson_read"),
    "lesson_read.sql_delete": sql(
        "DELETE FROM complaint_lesson_read WHERE id = ANY(%s)", "lesson_read"
    ),
    "lesson_use.unlink": unlink("lesson_use"),
    "lesson_use.sql_update": sql(
        "UPDATE complaint_lesson_use SET used_at = '2020-01-01' WHERE id = ANY(%s)",
        "lesson_use",
    ),
    "waiver.write": write("waiver", reason="Other"),
    "waiver.unlink": unlink("waiver"),
    "waiver.sql_update": sql(
        "UPDATE complaint_nonconformity_waiver SET reason = 'x' WHERE id = ANY(%s)",
        "waiver",
    ),
    "waiver.sql_delete": sql(
        "DELETE FROM complaint_nonconformity_waiver WHERE id = ANY(%s)", "waiver"
    ),
}
