"""Command line: ``odoo complaint_journal -d <database>`` checks the journal."""

import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class ComplaintJournal(Command):
    """Check all chains of the journal of complaints.

    Prints what is wrong, a line for each chain, and ends with 1; with 0 if all are
    whole.
    """

    name = "complaint_journal"

    def run(self, args):
        config.parse_config([*args, "--no-http"], setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit("Name one database: -d <database>")
        with Registry(names[0]).cursor() as cr:
            entries = api.Environment(cr, SUPERUSER_ID, {})["complaint.journal.entry"]
            faults = entries._find_faults()
            count = entries.search_count([])
            for fault in faults:
                sys.stdout.write(f"{entries._describe_fault(fault)}\n")
        sys.stdout.write(f"{count} entries, {len(faults)} chains broken\n")
        sys.exit(1 if faults else 0)
