from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_legal_term import KINDS

LEGAL_GROUP = "complaint_management.complaint_group_legal"
SOURCES = [
    ("subject", "Subject"),
    ("description", "Customer's words"),
    ("message", "Later message"),
    ("attachment", "File"),
    ("feedback", "Feedback"),
]


class ComplaintLegalHit(models.Model):
    """A legal term where a customer wrote it: what, where, and what legal made of it.

    A hit keeps its words even when its term, message or file is gone. It is found by
    the system and dismissed by legal; nothing else about it changes.
    """

    _name = "complaint.legal.hit"
    _description = "Legal Term Found"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.case.part.mixin",
    ]
    # Legal goes on judging what was found; a term may leave the list.
    _hold_free_fields = ("term_id", "dismissed_at", "dismissed_by_id", "dismiss_reason")
    _order = "id"
    _rec_name = "match"
    _guarded_fields = (
        *("case_id", "term_id", "term", "lang", "kind", "weight", "source"),
        *("message_id", "attachment_id", "feedback_id"),
        *("match", "snippet", "start", "end"),
        *("found_at", "dismissed_at", "dismissed_by_id", "dismiss_reason"),
    )

    term_id = fields.Many2one(
        "complaint.legal.term", "Term on the list", readonly=True, index=True
    )
    term = fields.Char(readonly=True, required=True)
    lang = fields.Char("Language", readonly=True)
    kind = fields.Selection(KINDS, readonly=True, required=True)
    weight = fields.Integer(readonly=True)
    source = fields.Selection(SOURCES, "Found in", readonly=True, required=True)
    message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null")
    attachment_id = fields.Many2one(
        "ir.attachment", "File", readonly=True, index="btree_not_null"
    )
    feedback_id = fields.Many2one(
        "complaint.feedback", readonly=True, index="btree_not_null"
    )
    match = fields.Char("As written", readonly=True, required=True)
    snippet = fields.Char("What stands around it", readonly=True)
    start = fields.Integer("From character", readonly=True)
    end = fields.Integer("To character", readonly=True)
    found_at = fields.Datetime(
        "Found on", readonly=True, required=True, default=fields.Datetime.now
    )
    dismissed_at = fields.Datetime("Dismissed on", readonly=True)
    dismissed_by_id = fields.Many2one("res.users", "Dismissed by", readonly=True)
    dismiss_reason = fields.Char("Why it is a false alarm", readonly=True)

    _open_idx = models.Index("(case_id) WHERE dismissed_at IS NULL")

    # -- judging -----------------------------------------------------------------------
    def action_dismiss(self):
        """Ask why these are false alarms."""
        self._check_may_judge()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("False alarm"),
            "res_model": "complaint.legal.dismiss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hit_ids": [(6, 0, self.ids)]},
        }

    def action_restore(self):
        """Take a dismissal back."""
        self._check_may_judge()
        # sudo: guarded fields, the right was checked
        dismissed_sudo = self.sudo().filtered("dismissed_at")
        dismissed_sudo.write(
            {"dismissed_at": False, "dismissed_by_id": False, "dismiss_reason": False}
        )
        dismissed_sudo._journal_on_case("legal_hit_restored")
        dismissed_sudo.case_id._legal_settle()

    def _dismiss(self, reason):
        """Legal finds that these say nothing about a risk."""
        self._check_may_judge()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this is a false alarm."))
        # sudo: guarded fields, the right was checked
        self.sudo()._store_dismissal(reason)

    def _store_dismissal(self, reason):
        open_hits = self.filtered(lambda hit: not hit.dismissed_at)
        open_hits.write(
            {
                "dismissed_at": fields.Datetime.now(),
                "dismissed_by_id": self.env.uid,
                "dismiss_reason": reason.strip(),
            }
        )
        open_hits._journal_on_case("legal_hit_dismissed", reason)
        open_hits.case_id._legal_settle()

    def _check_may_judge(self):
        """Legal judges, and of the cases that they may read."""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(LEGAL_GROUP)):
            raise AccessError(
                self.env._("Only legal judges whether a word shows a legal risk.")
            )

    def _journal_on_case(self, event, reason=None):
        """One entry a case, which names each word and where it stands."""
        sources = dict(SOURCES)
        for case, hits in self.grouped("case_id").items():
            words = "; ".join(f"“{hit.match}” ({sources[hit.source]})" for hit in hits)
            case._journal_log(event, note=f"{words}: {reason}" if reason else words)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("A word that was found is dismissed, not deleted."))
