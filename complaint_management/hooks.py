import logging

import psycopg2

from odoo.modules.db import has_trigram
from odoo.tools import SQL

from .tools import hold_sql

_logger = logging.getLogger(__name__)

NUMBERED = ("complaint.case", "complaint.eightd")


def pre_init_hook(env):
    """Have the index that finds similar cases; without the right to add an extension
    they are found by customer, product and lot only."""
    try:
        with env.cr.savepoint(flush=False):
            env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg2.Error as error:
        _logger.info("Similar texts won't be found: %s", error.diag.message_primary)
    env.registry.has_trigram = has_trigram(env.cr)


def post_init_hook(env):
    """Prepare number ranges, so that the first cases of a year never race."""
    env["res.company"].search([])._complaint_prepare_number_ranges()


def uninstall_hook(env):
    """Take along the sequences, which were made for each company on first use."""
    env["ir.sequence"].with_context(active_test=False).search(
        [("code", "in", NUMBERED)]
    ).unlink()
    env.cr.execute("DROP SEQUENCE IF EXISTS complaint_assignment_seq")
    for name in ("entry", "head"):
        env.cr.execute(
            SQL(
                "DROP FUNCTION IF EXISTS %s() CASCADE",
                SQL.identifier(f"complaint_journal_{name}_guard"),
            )
        )
    hold_sql.drop_all(env.cr)
