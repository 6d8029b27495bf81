from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .complaint_discipline_promise_mixin import PENDING_STATES
from .complaint_eightd_preset import DISCIPLINES


class ComplaintEightdStep(models.Model):
    """One discipline of a report: result, review, sign-off."""

    _name = "complaint.eightd.step"
    _description = "8D Discipline"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.eightd.review.mixin",
        "complaint.eightd.rule.mixin",
        "complaint.discipline.promise.mixin",
        "complaint.sla.mixin",
        "complaint.journal.mixin",
    ]
    _order = "eightd_id, discipline"
    _rec_name = "discipline"
    _hold_cases_sql = """
        SELECT rec.case_id
        UNION ALL
        SELECT id FROM complaint_case WHERE eightd_reference_id = rec.eightd_id
    """
    _hold_free_fields = ("owner_id", "date_due")
    _hold_once_fields = (
        "content",
        "attachment_ids",
        "validation",
        "not_needed_reason",
    )
    # Work goes on after a discipline was sent back: what was handed in is kept there.
    _hold_history = ("complaint.eightd.review", "step_id")
    _journal_fields = ("owner_id", "date_due")

    eightd_id = fields.Many2one(
        "complaint.eightd", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="eightd_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="eightd_id.company_id", store=True)
    discipline = fields.Selection(DISCIPLINES, required=True, readonly=True)
    owner_id = fields.Many2one("res.users", index="btree_not_null")
    is_late = fields.Boolean("Late", compute="_compute_is_late")
    content = fields.Html("Result")
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    validation = fields.Text(
        help="What shows that the implemented actions work: test, measurement, audit.",
    )
    not_needed_reason = fields.Text(
        "Why nothing is needed",
        help="Instead of a containment line (D3) or a preventive action (D7).",
    )
    is_reached = fields.Boolean(
        "May be submitted now",
        compute="_compute_is_reached",
        help="All disciplines before it are submitted.",
    )
    guidance = fields.Text(compute="_compute_guidance")

    _discipline_unique = models.Constraint(
        "UNIQUE(eightd_id, discipline)", "Each discipline stands once in a report."
    )

    @api.depends("discipline")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["discipline"]._description_selection(self.env))
        for step in self:
            step.display_name = labels.get(step.discipline, "")

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for step in self:
            step.is_late = (
                step.state in PENDING_STATES and step.date_due and step.date_due < now
            )

    @api.depends("eightd_id.step_ids.state", "discipline")
    def _compute_is_reached(self):
        for step in self:
            step.is_reached = not step._get_pending_before()

    @api.depends("discipline")
    @api.depends_context("lang")
    def _compute_guidance(self):
        words = self._get_guidance()
        for step in self:
            step.guidance = words.get(step.discipline)

    @api.constrains("owner_id")
    def _check_owner_is_colleague(self):
        for step in self:
            # sudo: whether somebody is a colleague holds for everybody
            if step.owner_id.sudo().share:
                raise ValidationError(
                    self.env._(
                        "%(user)s isn't a colleague, so somebody else answers for "
                        "%(step)s.",
                        user=step.owner_id.sudo().name,
                        step=step.display_name,
                    )
                )

    # -- CRUD --------------------------------------------------------------------
    def write(self, vals):
        self._check_locked_fields(vals)
        return super().write(vals)

    def _get_previous(self):
        """Return the disciplines that come before this one in its report."""
        self.ensure_one()
        return self.eightd_id.step_ids.filtered(
            lambda step: step.discipline < self.discipline
        )

    def _get_pending_before(self):
        """Return the disciplines before this one that aren't handed in."""
        return self._get_previous().filtered(lambda step: step.state in PENDING_STATES)

    @api.model
    def _get_guidance(self):
        """Hook: return {discipline: what it is about, in a sentence or two}."""
        _ = self.env._
        return {
            "d0": _(
                "Protect the customer at once: what was done in the first hours, and "
                "for whom?"
            ),
            "d1": _(
                "People who know product and process, one who leads, one in the "
                "management who stands up for it."
            ),
            "d2": _(
                "What is wrong with what, where, since when, how many of how many? "
                "Facts and numbers, no causes yet."
            ),
            "d3": _(
                "Where can parts with the same defect be, and how are they kept from "
                "the customer until the cause is removed?"
            ),
            "d4": _(
                "Why did it occur, and why wasn't it found? In the process and in how "
                "the company works; what proves each cause?"
            ),
            "d5": _(
                "Which action removes which cause? Prefer what makes the mistake "
                "impossible to what asks people to be careful."
            ),
            "d6": _("What was done, since when, and what shows that it works?"),
            "d7": _(
                "Where else could the same happen, and what keeps it from happening "
                "there: standards, plans, other products?"
            ),
            "d8": _(
                "What did we learn, who is told, and who is thanked? The report ends "
                "when all actions are finished and checked."
            ),
        }

    @api.model
    def _get_signed_files_of(self, files):
        """Return files (superuser records) that a reviewer reads or has signed off,
        those of ``files`` among them."""
        # sudo: a signature holds for everybody; only which files it covers is told
        signed = self.sudo().search(
            [
                ("attachment_ids", "in", files.ids),
                ("state", "not in", PENDING_STATES),
            ]
        )
        return signed.attachment_ids

    @api.model
    def _get_locked_fields(self):
        """Return the names of the fields that are signed with a discipline; its owner,
        who doesn't sign it off, doesn't change in between either."""
        return {
            "owner_id",
            "content",
            "attachment_ids",
            "validation",
            "not_needed_reason",
        }

    def _check_locked_fields(self, vals):
        """What a reviewer reads, or has signed off, stays; for everybody."""
        if self._get_locked_fields() & vals.keys():
            self._check_not_signed()
            self.eightd_id._check_open()

    def _check_not_signed(self):
        for step in self:
            if step.state == "accepted":
                raise UserError(
                    self.env._(
                        "%s is signed off. Have it sent back first to change it.",
                        step.display_name,
                    )
                )
            if step.state == "submitted":
                raise UserError(
                    self.env._(
                        "%s is being reviewed. Have it sent back first to change it.",
                        step.display_name,
                    )
                )
