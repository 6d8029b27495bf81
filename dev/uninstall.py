"""The uninstall check: after it, the database is as if the addons had never been."""

from . import cluster, databases, paths, ui

SCRIPT = databases.SCRIPTS / "uninstall.py"
# One row a thing that an addon may leave behind.
INVENTORY = """
SELECT 'table ' || c.relname FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S')
   AND c.relname !~ '^ir_sequence_[0-9]'  -- numbered, told by their code below
UNION SELECT 'column ' || table_name || '.' || column_name
  FROM information_schema.columns WHERE table_schema = 'public'
UNION SELECT 'constraint ' || conrelid::regclass || ' ' || conname FROM pg_constraint
 WHERE contype <> 'n'
UNION SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
UNION SELECT 'function ' || p.proname FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'
UNION SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT 'model ' || model FROM ir_model
UNION SELECT 'field ' || model || '.' || name FROM ir_model_fields
UNION SELECT 'menu ' || coalesce(action, '') || ' ' || name::text FROM ir_ui_menu
UNION SELECT 'view ' || name || ' ' || coalesce(model, '') FROM ir_ui_view
UNION SELECT 'scheduled action ' || cron_name::text FROM ir_cron
UNION SELECT 'group ' || name::text FROM res_groups
UNION SELECT 'record rule ' || name FROM ir_rule
UNION SELECT 'sequence code ' || code FROM ir_sequence WHERE code IS NOT NULL
UNION SELECT 'parameter ' || key FROM ir_config_parameter
UNION SELECT 'mail template ' || name::text FROM mail_template
UNION SELECT 'alias ' || alias_name FROM mail_alias WHERE alias_name IS NOT NULL
UNION SELECT 'attachment of ' || res_model FROM ir_attachment
 WHERE res_model IS NOT NULL AND coalesce(url, '') NOT LIKE '/web/assets/%'
UNION SELECT 'record id ' || module || '.' || name FROM ir_model_data
 WHERE module IN (SELECT unnest(string_to_array(:'addons', ',')))
"""


def check(platform, db):
    """Uninstall everything of ours from ``db`` and compare with never having it."""
    addons = ",".join(paths.present_addons())
    clean = _inventory(databases.template(platform), addons)
    log = databases.new_log(f"uninstall-{db}.log")
    databases.shell(platform, SCRIPT, db, log=log, extra={"SUITE_ADDONS": addons})
    databases.check_log(log)
    left = sorted(_inventory(db, addons) - clean)
    if left:
        shown = "\n  ".join(left[:30])
        raise ui.Stop(f"{len(left)} things stay after uninstalling:\n  {shown}")


def _inventory(db, addons):
    return set(cluster.execute(INVENTORY, on=db, addons=addons).splitlines())
