from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError

CASES_SHOWN = 20


class MgmtsystemNonconformity(models.Model):
    _name = "mgmtsystem.nonconformity"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "mgmtsystem.nonconformity",
    ]
    _rec_names_search = ["ref", "name"]
    _hold_cases_sql = """
        SELECT case_id FROM complaint_case_nonconformity_rel
         WHERE nonconformity_id = rec.id
    """
    _hold_free_fields = (
        "stage_id",
        "kanban_state",
        "closing_date",
        "user_id",
        "responsible_user_id",
        "manager_user_id",
        "audit_ids",
    )
    _hold_once_fields = (
        "analysis",
        "severity_id",
        "cause_ids",
        "procedure_ids",
        "immediate_action_id",
        "action_ids",
        "action_comments",
        "evaluation_comments",
        "complaint_case_ids",
        "complaint_transfer_case_id",
    )
    # Links are made and cut on the complaint, where rights, reason and journal are.
    _guarded_fields = ("complaint_case_ids", "complaint_transfer_case_id")

    complaint_case_ids = fields.Many2many(
        "complaint.case",
        "complaint_case_nonconformity_rel",
        "nonconformity_id",
        "case_id",
        "Complaints",
        readonly=True,
        copy=False,
    )
    complaint_case_count = fields.Integer(
        "Number of complaints",
        compute="_compute_complaint_case_count",
        compute_sudo=True,
    )
    complaint_transfer_case_id = fields.Many2one(
        "complaint.case",
        "Made from complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    complaint_case_lines = fields.Html(
        "Complaints on it", compute="_compute_complaint_case_lines"
    )
    complaint_missing = fields.Text(
        "What is missing", compute="_compute_complaint_missing", compute_sudo=True
    )
    complaint_days_open = fields.Integer(
        "Days open", compute="_compute_complaint_days_open"
    )
    complaint_due = fields.Date(
        "Next due", compute="_compute_complaint_due", compute_sudo=True
    )

    # One made by the transfer for each case: also two workers can't make two.
    _complaint_transfer_unique = models.UniqueIndex(
        "(complaint_transfer_case_id) WHERE complaint_transfer_case_id IS NOT NULL",
        "This complaint has been moved on already.",
    )

    # -- computed fields -----------------------------------------------------------
    @api.depends("ref", "name")
    def _compute_display_name(self):
        """Several have the same name: the number tells them apart."""
        for nonconformity in self:
            parts = filter(None, (nonconformity.ref, nonconformity.name))
            nonconformity.display_name = " ".join(parts)

    @api.depends("complaint_case_ids")
    def _compute_complaint_case_count(self):
        """The number is no secret to whoever reads the nonconformity."""
        for nonconformity in self:
            nonconformity.complaint_case_count = len(nonconformity.complaint_case_ids)

    @api.depends("complaint_case_ids.stage_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_complaint_case_lines(self):
        """Number and step of each case; its subject for those who may read it."""
        # sudo: number and step only, of the cases that belong to this very record
        shown = {nc: nc.sudo().complaint_case_ids for nc in self}
        cases = self.env["complaint.case"].union(*shown.values())
        readable = set(cases.sudo(False)._filtered_access("read")._ids)
        for nonconformity, found in shown.items():
            lines = [
                nonconformity._make_case_line(case, case.id in readable)
                for case in found[:CASES_SHOWN]
            ]
            if rest := len(found) - CASES_SHOWN:
                if rest > 0:
                    lines.append(escape(self.env._("… and %s more", rest)))
            items = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
            nonconformity.complaint_case_lines = (
                Markup("<ul class='mb-0'>%s</ul>") % items if lines else False
            )

    def _make_case_line(self, case, is_readable):
        parts = [case.name, case.stage_id.name]
        if is_readable:
            parts.append(case.subject)
        return escape(" · ".join(parts))

    @api.depends(
        *("state", "action_comments", "evaluation_comments"),
        *("action_ids.stage_id", "immediate_action_id.stage_id"),
    )
    @api.depends_context("lang", "uid")
    def _compute_complaint_missing(self):
        for nonconformity in self:
            nonconformity.complaint_missing = "\n".join(nonconformity._find_missing())

    def _find_missing(self):
        """Hook: return in words what their module asks for before the next stages."""
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return []
        missing = []
        if not (self.action_comments or "").strip() and self.state != "open":
            missing.append(
                self.env._("Before work begins: comments on the action plan")
            )
        if not (self.evaluation_comments or "").strip():
            missing.append(
                self.env._("Before closing: conclusions on the effectiveness")
            )
        left = self._get_all_actions().filtered(lambda a: not a.stage_id.is_ending)
        if left:
            missing.append(
                self.env._(
                    "Before closing: actions to finish: %s", self._name_actions(left)
                )
            )
        return missing

    def _name_actions(self, actions):
        """Return names of actions; those that the user may not read are counted."""
        # sudo: after the rights of the user have chosen what is named
        names = actions.sudo(False)._filtered_access("read").sudo().mapped("name")
        if rest := len(actions) - len(names):
            names.append(self.env._("%s that you can't read", rest))
        return ", ".join(names)

    @api.depends("create_date", "closing_date")
    def _compute_complaint_days_open(self):
        now = fields.Datetime.now()
        for nonconformity in self:
            end = nonconformity.closing_date or now
            start = nonconformity.create_date or now
            nonconformity.complaint_days_open = max((end - start).days, 0)

    @api.depends("action_ids.date_deadline", "action_ids.stage_id")
    def _compute_complaint_due(self):
        for nonconformity in self:
            days = [
                action.date_deadline
                for action in nonconformity.action_ids
                if action.date_deadline and not action.stage_id.is_ending
            ]
            nonconformity.complaint_due = min(days, default=False)

    # -- CRUD ----------------------------------------------------------------------
    def write(self, vals):
        if "stage_id" not in vals:
            return super().write(vals)
        before = {nc.id: (nc.stage_id, nc.state) for nc in self}
        result = super().write(vals)
        moved = self.filtered(lambda nc: nc.stage_id != before[nc.id][0])
        moved._tell_complaint_cases()
        changed = moved.filtered(lambda nc: nc.state != before[nc.id][1])
        changed.filtered(lambda nc: nc.state == "cancel")._ask_about_cancelled()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_cases(self):
        # sudo: cases that the user can't read count too
        for nonconformity in self.sudo():
            if cases := nonconformity.complaint_case_ids:
                raise UserError(
                    self.env._(
                        "%(ref)s belongs to complaints (%(cases)s), which would lose "
                        "it without a trace. Cancel it, or have a manager cut the "
                        "link there first.",
                        ref=nonconformity.ref,
                        cases=cases._name_numbers(),
                    )
                )

    # -- telling -------------------------------------------------------------------
    def _tell_complaint_cases(self):
        """The cases show what happens to the nonconformity."""
        # sudo: who works on nonconformities need not see complaints; only the number
        # and state of this very record are written down
        for nonconformity in self.sudo():
            body = self.env._(
                "Nonconformity %(ref)s is now: %(stage)s",
                ref=nonconformity.ref,
                stage=nonconformity.stage_id.name,
            )
            cases = nonconformity.complaint_case_ids
            cases._message_log_batch(bodies={case.id: body for case in cases})

    def _ask_about_cancelled(self):
        """A cancelled one solves nothing: the owner of an open case must know."""
        # sudo: see _tell_complaint_cases
        for nonconformity in self.sudo():
            for case in nonconformity.complaint_case_ids.filtered("is_open"):
                user = case.user_id or case.team_id.leader_id
                case.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=user.id or self.env.uid,
                    summary=self.env._(
                        "Nonconformity %s was cancelled", nonconformity.ref
                    ),
                    note=self.env._(
                        "The complaint can't close by it. Link another one, or have a "
                        "manager decide that it closes without."
                    ),
                )

    def action_open_complaint_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        cases = self.complaint_case_ids
        action |= {"domain": [("id", "in", cases.ids)], "context": {}}
        if len(cases) == 1:
            action |= {"views": [(False, "form")], "res_id": cases.id}
        return action
