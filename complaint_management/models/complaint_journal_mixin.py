from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..tools.class_names import collect_names
from ..tools.journal_seal import ERASED_EVENT, ERASED_KEY

# Only code that imports this object can append to the journal: a context key or an
# RPC argument can't be this very object.
JOURNAL_SENTINEL = object()


# How a value of a type becomes one that JSON can hold; the other types can be.
_PLAIN = {
    "many2one": lambda value: value.id,
    "one2many": lambda value: value.ids,
    "many2many": lambda value: value.ids,
    "date": lambda value: fields.Date.to_string(value),
    "datetime": lambda value: fields.Datetime.to_string(value),
}


class ComplaintJournalMixin(models.AbstractModel):
    """Decisions on the host leave an entry in an append-only, hash-chained journal.

    ``_journal_fields`` names the fields whose changes are decisions; every mixin of
    a model names its own. Everything else is written with :meth:`_journal_log`.
    """

    _name = "complaint.journal.mixin"
    _description = "Journal of Decisions"
    _complaint_host_of = ("complaint.journal.entry",)
    _journal_fields = ()

    journal_entry_ids = fields.One2many(
        "complaint.journal.entry",
        "res_id",
        "Journal",
        readonly=True,
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        given = records._journal_birth()
        records._journal_log("created", after=given, is_first=True)
        return records

    def _journal_birth(self):
        """Return {id: {field: plain value}} of what new records were given. Most of
        their fields are empty, which the cache tells without making values of them."""
        given = {id_: {} for id_ in self._ids}
        for name in self._get_journal_fields():
            field = self._fields[name]
            plain = _PLAIN.get(field.type)
            cache = field._get_cache(self.env)
            for record in self:
                if cache.get(record.id, True) and (value := record[name]):
                    given[record.id][name] = plain(value) if plain else value
        return given

    def write(self, vals):
        watched = [name for name in self._get_journal_fields() if name in vals]
        if not watched:
            return super().write(vals)
        before = self._journal_snapshot(watched)
        result = super().write(vals)
        after = self._journal_snapshot(watched)
        changed = self.filtered(lambda rec: before[rec.id] != after[rec.id])
        changed._journal_log("changed", before=before, after=after)
        return result

    @api.model
    def _get_journal_fields(self):
        """Return the names of the fields whose changes are decisions."""
        return collect_names(type(self), "_journal_fields")

    @api.model
    @tools.ormcache()
    def _get_journal_personal_fields(self):
        """Return the names of the fields whose values tell of people: texts, and links
        to people outside. The chain covers digests of them, so that they can go."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.type in ("char", "text", "html")
            or field.comodel_name == "res.partner"
        )

    def _journal_snapshot(self, names=None):
        """Return {id: {field: plain value}} of the fields that matter: values that JSON
        can hold, ids for records, text for dates."""
        readers = [
            (name, _PLAIN.get(self._fields[name].type))
            for name in names or self._get_journal_fields()
        ]
        return {
            rec.id: {
                name: plain(rec[name]) if plain else rec[name]
                for name, plain in readers
            }
            for rec in self
        }

    def _journal_log(
        self, event, *, before=None, after=None, note=None, is_first=False
    ):
        """Append one entry for each record.

        :param str event: code of what happened, for example ``created``
        :param dict before: {id: {field: value}}
        :param dict after: {id: {field: value}}
        :param str note: reason in the words of the actor
        :param bool is_first: the records are new and have no entry yet
        """
        self.env["complaint.journal.entry"]._append(
            JOURNAL_SENTINEL,
            self._name,
            [
                {
                    "res_id": rec.id,
                    "company_id": rec.company_id.id or None,
                    "event": event,
                    "before": (before or {}).get(rec.id) or {},
                    "after": (after or {}).get(rec.id) or {},
                    "note": note or "",
                }
                for rec in self
            ],
            is_first=is_first,
        )
        self.invalidate_recordset(["journal_entry_ids"], flush=False)

    def _journal_erase(self, reason):
        """Erase texts and people outside from the journals; the chains stay whole, see
        ``tools.journal_seal``. The caller has checked the right.

        :param str reason: why, stands in the journal: without names
        :raise HoldError: a legal hold keeps them
        """
        if hasattr(self, "_check_not_held"):
            self._check_not_held()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE complaint_journal_entry
                   SET salt = NULL,
                       note = CASE WHEN sealed ? 'note' THEN '' ELSE note END,
                       before = before - ARRAY(
                           SELECT substr(path, 8) FROM jsonb_object_keys(sealed) path
                            WHERE path LIKE 'before.%%'),
                       after = after - ARRAY(
                           SELECT substr(path, 7) FROM jsonb_object_keys(sealed) path
                            WHERE path LIKE 'after.%%')
                 WHERE res_model = %s AND res_id = ANY(%s) AND salt IS NOT NULL
             RETURNING res_id, chain_sequence
                """,
                self._name,
                self.ids,
            )
        )
        erased = {}
        for res_id, sequence in rows:
            erased.setdefault(res_id, []).append(sequence)
        self.journal_entry_ids.invalidate_recordset(flush=False)
        self.browse(erased)._journal_log(
            ERASED_EVENT,
            after={id_: {ERASED_KEY: sorted(found)} for id_, found in erased.items()},
            note=reason,
        )

    def action_check_journal(self):
        """Prove that nothing of these journals was changed, and say so."""
        entries = self.env["complaint.journal.entry"]
        self.check_access("read")
        entries.check_access("read")
        # sudo: see action_check_all
        faults = entries.sudo()._find_faults(self._name, self.ids)
        return entries._notify_faults(faults)

    def action_open_journal(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_journal_entry_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return action
