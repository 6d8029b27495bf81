from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import hash_chain
from .complaint_journal_mixin import JOURNAL_SENTINEL


class ComplaintJournalEntry(models.Model):
    """One decision on one host. Entries are chained by SHA-256 and never change."""

    _name = "complaint.journal.entry"
    _description = "Journal Entry"
    _inherit = ["complaint.bulk.mixin", "complaint.host.mixin"]
    _order = "res_model, res_id, chain_sequence desc"
    _rec_name = "event"
    _log_access = False

    company_id = fields.Many2one("res.company", readonly=True)
    chain_sequence = fields.Integer("No.", required=True, readonly=True)
    event = fields.Char(required=True, readonly=True)
    actor_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    logged_at = fields.Datetime("When", required=True, readonly=True)
    before = fields.Json("Values before", readonly=True)
    after = fields.Json("Values after", readonly=True)
    before_text = fields.Char("Before", compute="_compute_texts")
    after_text = fields.Char("After", compute="_compute_texts")
    note = fields.Char("Reason", readonly=True)
    format_version = fields.Integer("Format version", required=True, readonly=True)
    previous_hash = fields.Char("Previous hash", readonly=True)
    entry_hash = fields.Char("Entry hash", required=True, readonly=True)

    # Also finds the last entry of a host, and stops two writers from forking a chain.
    _chain_unique = models.UniqueIndex("(res_model, res_id, chain_sequence)")

    @api.depends("before", "after")
    def _compute_texts(self):
        for entry in self:
            entry.before_text = entry._describe(entry.before)
            entry.after_text = entry._describe(entry.after)

    def _describe(self, values):
        """Return "Label: value" pairs in the user's language."""
        host = self.env.get(self.res_model)
        if host is None or not values:
            return ""
        return ", ".join(
            f"{host._fields[name]._description_string(self.env)}: "
            f"{self._describe_value(host._fields[name], value)}"
            for name, value in values.items()
            if name in host._fields and value not in (False, None, [], "")
        )

    def _describe_value(self, field, value):
        if field.type == "many2one":
            record = self.env[field.comodel_name].browse(value).exists()
            return record.display_name if record.has_access("read") else value
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value

    # Refusing is all that these two do.
    # pylint: disable=method-required-super
    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("Journal entries are written by the system only."))

    def write(self, vals):
        raise AccessError(self.env._("A journal entry never changes."))

    # pylint: enable=method-required-super

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise AccessError(self.env._("A journal entry is never deleted."))

    @api.model
    def _append(self, sentinel, res_model, vals_list, is_first=False):
        """Chain and store entries; ``vals_list`` has at most one entry a host, the
        first one of hosts that are new."""
        if sentinel is not JOURNAL_SENTINEL:
            raise AccessError(self.env._("The journal takes no entries this way."))
        ids = [vals["res_id"] for vals in vals_list]
        heads = {} if is_first else self._get_heads(res_model, ids)
        now = fields.Datetime.now()
        prepared = [
            self._prepare_entry_vals(res_model, vals, now, heads.get(vals["res_id"]))
            for vals in vals_list
        ]
        if prepared:
            self._insert(prepared)

    @api.model
    def _insert(self, prepared):
        """Store entries past the ORM: there is no other way to make one, and nothing
        is computed from them."""
        rows = [
            {**vals, "before": vals["before"] or None, "after": vals["after"] or None}
            for vals in prepared
        ]
        self._bulk_insert(list(prepared[0]), rows)

    @api.model
    def _get_heads(self, res_model, res_ids):
        """Return {res_id: (sequence, hash)} of the last entry of each host."""
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (res_id) res_id, chain_sequence, entry_hash
              FROM complaint_journal_entry
             WHERE res_model = %s AND res_id = ANY(%s)
             ORDER BY res_id, chain_sequence DESC
            """,
            (res_model, list(res_ids)),
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def _prepare_entry_vals(self, res_model, vals, now, head):
        sequence, previous_hash = head or (0, "")
        entry = {
            "res_model": res_model,
            "res_id": vals["res_id"],
            "chain_sequence": sequence + 1,
            "event": vals["event"],
            "actor_id": self.env.uid,
            "logged_at": fields.Datetime.to_string(now),
            "before": vals["before"],
            "after": vals["after"],
            "note": vals["note"],
        }
        return {
            **entry,
            "company_id": vals["company_id"],
            "format_version": hash_chain.VERSION,
            "previous_hash": previous_hash,
            "entry_hash": hash_chain.digest(previous_hash, entry),
        }

    def _get_chain_payload(self):
        """Return what the hash of this entry covers, as it was hashed."""
        self.ensure_one()
        return {
            "res_model": self.res_model,
            "res_id": self.res_id,
            "chain_sequence": self.chain_sequence,
            "event": self.event,
            "actor_id": self.actor_id.id,
            "logged_at": fields.Datetime.to_string(self.logged_at),
            "before": self.before or {},
            "after": self.after or {},
            "note": self.note or "",
        }
