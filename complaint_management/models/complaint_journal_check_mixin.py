import logging
from itertools import groupby
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools import journal_seal

_logger = logging.getLogger(__name__)

HOSTS_A_TIME = 2000
COLUMNS = (
    "res_model",
    "res_id",
    "company_id",
    "chain_sequence",
    "event",
    "actor_id",
    "before",
    "after",
    "note",
    "salt",
    "sealed",
    "format_version",
    "previous_hash",
    "entry_hash",
)


class Fault(NamedTuple):
    """What is wrong first with one chain: ``sequence`` is the number of the entry,
    ``what`` as in ``tools.journal_seal.find_fault``."""

    res_model: str
    res_id: int
    sequence: int
    what: str


class ComplaintJournalCheckMixin(models.AbstractModel):
    """Proves that no entry of the journal was changed, added, moved or taken away."""

    _name = "complaint.journal.check.mixin"
    _description = "Check of the Journal"

    @api.model
    def _find_faults(self, res_model=None, res_ids=None):
        """Check chains, all of them or those of some records.

        :return: [:class:`Fault`], the first one of each chain that isn't whole
        """
        self.env.flush_all()
        only = SQL("TRUE")
        if res_model:
            only = SQL("res_model = %s AND res_id = ANY(%s)", res_model, list(res_ids))
        faults, last = [], ("", 0)
        while hosts := self._read_hosts(only, last):
            chains = self._read_chains(only, last, max(hosts))
            for host, head in hosts.items():
                found = journal_seal.find_fault(chains.get(host, []), head or ("", ""))
                if found:
                    faults.append(Fault(*host, *found))
            last = max(hosts)
        return faults

    @api.model
    def _read_hosts(self, only, last):
        """Return {(model, id): end of its chain or None}, some after ``last``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT host.*, head.chain_sequence, head.entry_hash
                  FROM (SELECT res_model, res_id FROM complaint_journal_entry
                         WHERE %(only)s AND (res_model, res_id) > %(last)s
                         UNION
                        SELECT res_model, res_id FROM complaint_journal_head
                         WHERE %(only)s AND (res_model, res_id) > %(last)s
                      ORDER BY 1, 2
                         LIMIT %(limit)s) host
             LEFT JOIN complaint_journal_head head USING (res_model, res_id)
                """,
                only=only,
                last=tuple(last),
                limit=HOSTS_A_TIME,
            )
        )
        return {row[:2]: row[2:] if row[2] else None for row in rows}

    @api.model
    def _read_chains(self, only, last, until):
        """Return {host: [entries as ``tools.journal_seal`` reads them]} of the hosts
        after ``last``."""
        return self._read_entries(
            SQL(
                "%s AND (res_model, res_id) > %s AND (res_model, res_id) <= %s",
                only,
                tuple(last),
                until,
            )
        )

    @api.model
    def _read_chains_of(self, records):
        """Return {host: [entries]} of some records."""
        return self._read_entries(
            SQL("res_model = %s AND res_id = ANY(%s)", records._name, records.ids)
        )

    @api.model
    def _read_entries(self, condition):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(columns)s,
                       to_char(logged_at, 'YYYY-MM-DD HH24:MI:SS') AS logged_at
                  FROM complaint_journal_entry
                 WHERE %(condition)s
              ORDER BY res_model, res_id, chain_sequence, id
                """,
                columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
                condition=condition,
            )
        )
        names = (*COLUMNS, "logged_at")
        entries = (dict(zip(names, row, strict=True)) for row in rows)
        return {
            host: list(chain)
            for host, chain in groupby(
                entries, lambda entry: (entry["res_model"], entry["res_id"])
            )
        }

    # -- telling -----------------------------------------------------------------
    @api.model
    def _cron_check(self):
        """Check all chains; managers hear of each that isn't whole."""
        faults = self._find_faults()
        for fault in faults:
            _logger.warning("Journal: %s", self._describe_fault(fault))
            self._tell_fault(fault)
        return faults

    @api.model
    def _tell_fault(self, fault):
        host = self.env.get(fault.res_model)
        record = host.browse(fault.res_id).exists() if host is not None else None
        if record is None or not hasattr(record, "activity_schedule") or not record:
            return
        group = self.env.ref("complaint_management.complaint_group_manager")
        for user in group._get_complaint_people(record.company_id):
            kind = "mail.mail_activity_data_warning"
            if record.activity_search([kind], user_id=user.id, only_automated=True):
                continue
            words = self.with_context(lang=user.lang)
            record.activity_schedule(
                kind,
                user_id=user.id,
                automated=True,
                summary=words.env._("The journal was changed"),
                note=words._describe_fault(fault),
            )

    @api.model
    def _describe_fault(self, fault):
        host = self.env.get(fault.res_model)
        record = host.browse(fault.res_id).exists() if host is not None else None
        return self.env._(
            "%(host)s, entry %(sequence)s: %(what)s",
            host=record.display_name if record else f"{fault.res_model} {fault.res_id}",
            sequence=fault.sequence,
            what=self._describe_what(fault.what),
        )

    @api.model
    def _describe_what(self, what):
        _ = self.env._
        texts = {
            "sequence": _("an entry before it was taken away, added or moved"),
            "version": _("its format is unknown"),
            "previous_hash": _("it doesn't follow the entry before it"),
            "payload": _("its content can't be read"),
            "hash": _("its content was changed"),
            "head": _("entries at the end were taken away or added"),
            "salt": _("its values were wiped out without an entry that says so"),
        }
        return texts.get(what) or _("the value of “%s” was changed", what)

    def action_check_all(self):
        """Check all chains that the user may read, and say what came out."""
        self.check_access("read")
        # sudo: whether a chain is whole is proved in full or not at all; only the
        # result is shown
        faults = self.sudo()._find_faults()
        return self._notify_faults(faults)

    @api.model
    def _notify_faults(self, faults):
        shown = [self._describe_fault(fault) for fault in faults[:5]]
        if len(faults) > len(shown):
            shown.append(self.env._("and %s more", len(faults) - len(shown)))
        whole = self.env._("Nothing was changed, added or taken away.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Journal"),
                "type": "danger" if faults else "success",
                "sticky": bool(faults),
                "message": "; ".join(shown) or whole,
            },
        }
