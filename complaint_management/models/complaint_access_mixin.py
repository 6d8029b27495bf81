from odoo import fields, models
from odoo.tools import SQL


class ComplaintAccessMixin(models.AbstractModel):
    """Who reads a confidential case, and who takes cases out, stands in the journal."""

    _name = "complaint.access.mixin"
    _description = "Trace of Reading"
    # What is told apart from a mere line in a list: the words of a case.
    _content_fields = frozenset({"description", "decision", "legal_note"})

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load)
        if not self.env.su and self._content_fields & set(fnames):
            self._log_confidential_read()
        return result

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self._journal_log("exported", note=", ".join(fields_to_export))
        return result

    def _log_confidential_read(self):
        """Note that the user has read confidential cases, once an hour each."""
        # sudo: only the flag is read, of cases that were just read
        confidential = self.sudo().filtered("is_confidential").with_env(self.env)
        if confidential:
            fresh = confidential - confidential._get_lately_read()
            fresh._journal_log("read")

    def _get_lately_read(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT res_id FROM complaint_journal_entry
                 WHERE res_model = %s AND res_id = ANY(%s) AND event = 'read'
                   AND actor_id = %s AND logged_at > %s
                """,
                self._name,
                self.ids,
                self.env.uid,
                fields.Datetime.subtract(fields.Datetime.now(), hours=1),
            )
        )
        return self.browse([row[0] for row in rows])
