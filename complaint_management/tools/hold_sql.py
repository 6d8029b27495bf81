"""The second line of a legal hold: functions and triggers in PostgreSQL.

The first line is ``complaint.hold.mixin``, which every write and deletion of the ORM
passes. What goes past the ORM stops here: cascades of foreign keys, raw SQL such as the
merging of contacts, rows of many2many tables.

Each protected table has a function that returns the held cases of one row. One trigger
function asks it, compares the columns that may not change, and raises an integrity
error, which Odoo shows as a message.

Maintenance that has to change held data is for the owner of the database alone, on
purpose and by name::

    ALTER TABLE mail_message DISABLE TRIGGER complaint_hold;
    -- what has to be done
    ALTER TABLE mail_message ENABLE TRIGGER complaint_hold;
"""

# Names of tables and columns can't be parameters: _check_names lets nothing through
# but plain identifiers.
# pylint: disable=sql-injection

import re

TRIGGER = "complaint_hold"
# A value of these was not given yet; filling it in takes nothing away.
EMPTY_VALUES = ("", "0", "false", "none", "pending", "not_yet")
_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")

# Held cases of any record, by model and id. Models that aren't protected have none.
DISPATCHER = """
CREATE OR REPLACE FUNCTION complaint_held(res_model text, res_id integer)
RETURNS SETOF integer LANGUAGE plpgsql STABLE AS $$
DECLARE finder text := 'complaint_held_' || replace(res_model, '.', '_');
BEGIN
    IF res_model IS NULL OR res_id IS NULL
       OR to_regprocedure(finder || '(integer)') IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format('SELECT * FROM %I($1)', finder) USING res_id;
END $$
"""

EMPTY = """
CREATE OR REPLACE FUNCTION complaint_hold_empty(value text)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(value, '') = ANY ({EMPTY}) OR value ~ '^0[.]0*$'
$$
"""

# Arguments of the trigger: function, column with the id to ask for, "only" or "but",
# columns that are locked only / that are all but the locked ones, columns that may be
# filled while they are empty; table with the history of these columns, "" if none, and
# its column that points here. What the history keeps may be written anew.
GUARD = """
CREATE OR REPLACE FUNCTION complaint_hold_guard()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held integer;
    changed text;
    old_row jsonb;
    new_row jsonb;
    named text[];
    once text[];
    kept boolean;
BEGIN
    -- Asked for each row: the few lines of holds, never the many cases, whose plan
    -- without statistics would read them all.
    IF NOT EXISTS (SELECT FROM complaint_legal_hold_case WHERE freed_at IS NULL) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    EXECUTE format('SELECT found FROM %I($1.%I) found LIMIT 1', TG_ARGV[0], TG_ARGV[1])
       INTO held USING OLD;
    IF held IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        old_row := to_jsonb(OLD);
        new_row := to_jsonb(NEW);
        named := string_to_array(TG_ARGV[3], ',');
        once := string_to_array(TG_ARGV[4], ',');
        FOR changed IN
            SELECT o.key
              FROM jsonb_each(old_row) AS o
             WHERE o.value IS DISTINCT FROM new_row -> o.key
               AND NOT (complaint_hold_empty(old_row ->> o.key)
                        AND complaint_hold_empty(new_row ->> o.key))
               AND o.key <> 'is_on_hold'  -- see complaint_hold_mark_guard
               AND (o.key = ANY (named)) = (TG_ARGV[2] = 'only')
               AND NOT (o.key = ANY (once)
                        AND complaint_hold_empty(old_row ->> o.key))
        LOOP
            kept := false;
            IF changed = ANY (once) AND COALESCE(TG_ARGV[5], '') <> '' THEN
                EXECUTE format(
                    'SELECT EXISTS (SELECT FROM %I AS h'
                    ' WHERE h.%I = $1 AND to_jsonb(h) ->> $2 = $3)',
                    TG_ARGV[5], TG_ARGV[6])
                   INTO kept USING OLD.id, changed, old_row ->> changed;
            END IF;
            EXIT WHEN NOT kept;
        END LOOP;
        IF changed IS NULL OR kept THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        MESSAGE = format(
            'Complaint %s is under a legal hold: nothing that belongs to it can be '
            'changed or deleted (%s%s). Ask the legal department.',
            (SELECT name FROM complaint_case WHERE id = held),
            TG_TABLE_NAME,
            COALESCE('.' || changed, ''));
END $$
"""

# Held cases of one row of a table.
FINDER = """
CREATE OR REPLACE FUNCTION {NAME}(rec_id integer)
RETURNS SETOF integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT held.id
      FROM {TABLE} AS rec
     CROSS JOIN LATERAL ({CASES}) AS found (case_id)
      JOIN complaint_case AS held ON held.id = found.case_id AND held.is_on_hold
     WHERE rec.id = rec_id;
END $$
"""

# A case is marked as long as a hold stands, whoever writes; a hold ends by two people.
MARK_GUARD = """
CREATE OR REPLACE FUNCTION complaint_hold_mark_guard()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF COALESCE(NEW.is_on_hold, false) <> EXISTS (
        SELECT FROM complaint_legal_hold_case
         WHERE case_id = NEW.id AND freed_at IS NULL
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'restrict_violation',
            MESSAGE = format(
                'Complaint %s: a legal hold is placed and released by the legal '
                'department only.', NEW.name);
    END IF;
    RETURN NEW;
END $$
"""
LINE_GUARD = """
CREATE OR REPLACE FUNCTION complaint_hold_line_guard()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND OLD.freed_at IS NULL
       AND NEW.hold_id = OLD.hold_id
       AND NEW.case_id = OLD.case_id
       AND NEW.held_at = OLD.held_at
       AND EXISTS (SELECT FROM complaint_legal_hold
                    WHERE id = OLD.hold_id AND state = 'released') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = 'What a legal hold covers never changes; two people of the legal '
                  'department release it.';
END $$
"""


def create_functions(cr):
    """Create what all protected tables share."""
    empty = ", ".join(f"'{value}'" for value in EMPTY_VALUES)
    is_empty = EMPTY.replace("{EMPTY}", f"ARRAY[{empty}]")
    for statement in (DISPATCHER, is_empty, GUARD, MARK_GUARD, LINE_GUARD):
        cr.execute(statement)


def create_finder(cr, table, cases_sql, is_host=True):
    """Create the function that returns the held cases of one row of a table.

    :param str cases_sql: query of the ids of its cases, with the row as ``rec``
    :param bool is_host: whether messages and files of the row are part of the case too
    :return: name of the function
    """
    name = f"complaint_held_{table}" if is_host else f"complaint_holds_of_{table}"
    _check_names(name, table)
    statement = FINDER
    for mark, text in (("NAME", name), ("TABLE", table), ("CASES", cases_sql)):
        statement = statement.replace("{%s}" % mark, text)
    cr.execute(statement)
    return name


def create_trigger(
    cr, table, finder, column="id", *, locked=None, free=(), once=(), history=("", "")
):
    """Have the rows of a table guarded.

    :param str finder: name of the function that returns the held cases of an id
    :param str column: which column holds that id
    :param locked: names of the columns that are locked; None: all but ``free``
    :param free: names of the columns that may change
    :param once: names of the columns that may be filled while they are empty
    :param history: table that keeps former values of these, and its column that points
        to the row; a value that it keeps may be written anew
    """
    mode, named = ("but", free) if locked is None else ("only", locked)
    _check_names(table, finder, column, *named, *once, *filter(None, history))
    arguments = [finder, column, mode, ",".join(named), ",".join(once), *history]
    trigger = TRIGGER if column == "id" else f"{TRIGGER}_{column}"
    cr.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {table}")
    places = ", ".join(["%s"] * len(arguments))
    cr.execute(
        f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION complaint_hold_guard({places})",
        arguments,
    )


def create_plain_trigger(cr, table, name, events, function):
    """Have a trigger of its own kind."""
    _check_names(table, name, function)
    cr.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    cr.execute(
        f"CREATE TRIGGER {name} BEFORE {events} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def drop_all(cr, tables=None):
    """Take away the functions and with them the triggers.

    :param tables: only the functions of these tables
    """
    cr.execute(
        "SELECT oid::regprocedure::text, proname FROM pg_proc"
        " WHERE pronamespace = current_schema::regnamespace"
        " AND proname ~ '^complaint_(held|hold)'"
    )
    wanted = {f"complaint_held_{table}" for table in tables or ()}
    for signature, name in cr.fetchall():
        if tables is None or name in wanted:
            cr.execute(f"DROP FUNCTION IF EXISTS {signature} CASCADE")


def _check_names(*names):
    for name in names:
        if not _NAME.match(name):
            raise ValueError(name)
