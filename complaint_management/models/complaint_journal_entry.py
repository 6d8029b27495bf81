import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import hash_chain, journal_seal
from .complaint_journal_mixin import JOURNAL_SENTINEL

# The one change that is let through is an erasure: salt and values go, all else stays.
# That it was an erasure and no tampering is for the chain to say.
GUARD = """
CREATE OR REPLACE FUNCTION complaint_journal_entry_guard() RETURNS trigger AS $$
DECLARE
    erasable text[] := ARRAY['before', 'after', 'note', 'salt'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.salt IS NOT NULL AND NEW.salt IS NULL
           AND to_jsonb(NEW) - erasable = to_jsonb(OLD) - erasable THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A journal entry never changes.'
        USING ERRCODE = 'insufficient_privilege';
END $$ LANGUAGE plpgsql;
"""


class ComplaintJournalEntry(models.Model):
    """One decision on one host. Entries are chained by SHA-256 and never change."""

    _name = "complaint.journal.entry"
    _description = "Journal Entry"
    _inherit = [
        "complaint.bulk.mixin",
        "complaint.host.mixin",
        "complaint.journal.check.mixin",
        "complaint.journal.event.mixin",
    ]
    _order = "res_model, res_id, chain_sequence desc"
    _rec_name = "event"
    _log_access = False

    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    chain_sequence = fields.Integer("No.", required=True, readonly=True)
    event = fields.Char(required=True, readonly=True)
    actor_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    logged_at = fields.Datetime("When", required=True, readonly=True)
    before = fields.Json("Values before", readonly=True)
    after = fields.Json("Values after", readonly=True)
    before_text = fields.Char("Before", compute="_compute_texts")
    after_text = fields.Char("After", compute="_compute_texts")
    note = fields.Char("Reason", readonly=True)
    salt = fields.Char(readonly=True, groups="base.group_system")
    sealed = fields.Json(
        "Digests of personal values",
        readonly=True,
        help="What the chain covers instead of texts and people, which can be erased.",
    )
    is_erased = fields.Boolean("Personal values erased", compute="_compute_is_erased")
    format_version = fields.Integer("Format version", required=True, readonly=True)
    previous_hash = fields.Char("Previous hash", readonly=True)
    entry_hash = fields.Char("Entry hash", required=True, readonly=True)

    # Also finds the last entry of a host, and stops two writers from forking a chain.
    _chain_unique = models.UniqueIndex("(res_model, res_id, chain_sequence)")

    @api.depends("sealed", "salt")
    def _compute_is_erased(self):
        # sudo: the salt itself isn't told to anybody
        for entry in self.sudo():
            entry.is_erased = bool(entry.sealed) and not entry.salt

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

    # -- writing -------------------------------------------------------------------
    def init(self):
        result = super().init()
        self._guard_table(self._table, GUARD)
        return result

    @api.model
    def _guard_table(self, table, function):
        """Have PostgreSQL refuse what the journal refuses, whoever asks.

        Maintenance of a database (and nothing else) is possible in a transaction that
        begins with ``SET LOCAL complaint.journal_maintenance = '<reason>'``.
        """
        guard = SQL.identifier(f"{table}_guard")
        self.env.cr.execute(function)
        for moment, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = SQL.identifier(f"{table}_no_{each.lower()}")
            self.env.cr.execute(
                SQL(
                    "DROP TRIGGER IF EXISTS %(name)s ON %(table)s; "
                    f"CREATE TRIGGER %(name)s BEFORE {moment} ON %(table)s "
                    f"FOR EACH {each} WHEN (coalesce(current_setting("
                    "'complaint.journal_maintenance', true), '') = '') "
                    "EXECUTE FUNCTION %(guard)s()",
                    name=name,
                    table=SQL.identifier(table),
                    guard=guard,
                )
            )

    @api.model
    def _append(self, sentinel, res_model, vals_list, is_first=False):
        """Chain and store entries; ``vals_list`` has at most one entry a host, the
        first one of hosts that are new."""
        if sentinel is not JOURNAL_SENTINEL:
            raise AccessError(self.env._("The journal takes no entries this way."))
        ids = [vals["res_id"] for vals in vals_list]
        lock = self.env["complaint.journal.head"]._lock
        heads = {} if is_first else lock(res_model, ids)
        now = fields.Datetime.now()
        prepared = [
            self._prepare_entry_vals(res_model, vals, now, heads.get(vals["res_id"]))
            for vals in vals_list
        ]
        if prepared:
            self._insert(prepared)

    @api.model
    def _insert(self, prepared):
        """Store entries, and where the chains end now, past the ORM: there is no other
        way to make one, and nothing is computed from them."""
        names = list(prepared[0])
        rows = [
            {**vals, "before": vals["before"] or None, "after": vals["after"] or None}
            for vals in prepared
        ]
        self.env.cr.execute(
            SQL(
                """
                WITH entry AS (
                    INSERT INTO complaint_journal_entry (%(names)s)
                    SELECT %(names)s FROM %(rows)s
                    RETURNING res_model, res_id, chain_sequence, entry_hash
                )
                INSERT INTO complaint_journal_head
                       (res_model, res_id, chain_sequence, entry_hash)
                SELECT * FROM entry
                    ON CONFLICT (res_model, res_id) DO UPDATE
                   SET chain_sequence = excluded.chain_sequence,
                       entry_hash = excluded.entry_hash
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                rows=self._bulk_rows(names, rows),
            )
        )

    @api.model
    def _prepare_entry_vals(self, res_model, vals, now, head):
        sequence, previous_hash = head or (0, "")
        entry = {
            "res_model": res_model,
            "res_id": vals["res_id"],
            "company_id": vals["company_id"],
            "chain_sequence": sequence + 1,
            "event": vals["event"],
            "actor_id": self.env.uid,
            "logged_at": fields.Datetime.to_string(now),
            "before": vals["before"],
            "after": vals["after"],
            "note": vals["note"],
            **self._prepare_seals(res_model, vals),
            "format_version": journal_seal.VERSION,
        }
        covered = journal_seal.payload(entry)
        return {
            **entry,
            "previous_hash": previous_hash,
            "entry_hash": hash_chain.digest(
                previous_hash, covered, journal_seal.VERSION
            ),
        }

    @api.model
    def _prepare_seals(self, res_model, vals):
        """Return the digests of personal values, and the salt used for them."""
        names = self.env[res_model]._get_journal_personal_fields()
        values = {
            f"{part}.{name}": value
            for part in ("before", "after")
            for name, value in vals[part].items()
            if value and name in names
        }
        if vals["note"]:
            values["note"] = vals["note"]
        if not values:
            return {"salt": None, "sealed": None}
        salt = secrets.token_hex(16)
        sealed = {
            path: journal_seal.seal(salt, path, value) for path, value in values.items()
        }
        return {"salt": salt, "sealed": sealed}
