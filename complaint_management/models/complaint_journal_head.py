from odoo import api, fields, models
from odoo.tools import SQL

GUARD = """
CREATE OR REPLACE FUNCTION complaint_journal_head_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.res_model = OLD.res_model AND NEW.res_id = OLD.res_id
           AND NEW.chain_sequence = OLD.chain_sequence + 1 THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The end of a journal only moves on.'
        USING ERRCODE = 'insufficient_privilege';
END $$ LANGUAGE plpgsql;
"""


class ComplaintJournalHead(models.Model):
    """Where the chain of one host ends.

    It makes entries that are cut off the end visible, and it is what parallel writers
    on one host queue on; writers on different hosts don't meet.
    """

    _name = "complaint.journal.head"
    _description = "End of a Journal"
    _log_access = False
    _rec_name = "res_model"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    chain_sequence = fields.Integer(required=True, readonly=True)
    entry_hash = fields.Char(required=True, readonly=True)

    _host_unique = models.UniqueIndex("(res_model, res_id)")

    def init(self):
        result = super().init()
        self.env["complaint.journal.entry"]._guard_table(self._table, GUARD)
        return result

    @api.model
    def _lock(self, res_model, res_ids):
        """Lock the ends of some journals until the transaction ends.

        :return: {res_id: (sequence, hash)}
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT res_id, chain_sequence, entry_hash
                  FROM complaint_journal_head
                 WHERE res_model = %s AND res_id = ANY(%s)
              ORDER BY res_id
                   FOR UPDATE
                """,
                res_model,
                list(res_ids),
            ),
            # A conflict is expected here, and the request is repeated.
            log_exceptions=False,
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}
