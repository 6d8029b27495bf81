from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_validity_mixin import MANAGER_GROUP

NC_ENDED = ("done", "cancel")


class ComplaintNonconformityLinkMixin(models.AbstractModel):
    """Cases and nonconformities that belong together, however many: linked, cut with a
    reason, told about each other, and asked for before a case closes.

    Only a nonconformity that was closed counts as closed. A cancelled one doesn't: it
    says nothing about the problem of the customer, so a manager lets the case close in
    spite of it, or cuts the link, both with a reason.
    """

    _name = "complaint.nonconformity.link.mixin"
    _description = "Links to Nonconformities"

    nonconformity_waiver_ids = fields.One2many(
        "complaint.nonconformity.waiver",
        "case_id",
        "Closing in spite of a nonconformity",
        readonly=True,
        copy=False,
    )
    nonconformity_notice = fields.Char(
        "State of the nonconformities",
        compute="_compute_nonconformity_notice",
        compute_sudo=True,
        help="Number and stage of each, also for those who can't read it.",
    )
    has_open_nonconformity = fields.Boolean(
        "Waits for a nonconformity",
        compute="_compute_nonconformity_notice",
        compute_sudo=True,
    )

    @api.depends(
        "nonconformity_ids.ref",
        "nonconformity_ids.stage_id",
        "nonconformity_waiver_ids",
        "reopen_count",
    )
    @api.depends_context("lang")
    def _compute_nonconformity_notice(self):
        """Number and stage only: whoever reads the case may know how far it is."""
        for case in self:
            case.nonconformity_notice = ", ".join(
                f"{nc.ref}: {nc.stage_id.name or ''}" for nc in case.nonconformity_ids
            )
            case.has_open_nonconformity = bool(case._get_open_nonconformities())

    # -- gates ---------------------------------------------------------------------
    def _gate_check_nonconformities_closed(self):
        return not self._get_open_nonconformities()

    def _gate_missing_nonconformities_closed(self):
        """Return what is missing, a line for each nonconformity."""
        lines = []
        for nonconformity in self._get_open_nonconformities():
            missing = nonconformity._find_missing() or [
                nonconformity.stage_id.name or ""
            ]
            lines.append(f"{nonconformity.ref}: {'; '.join(missing)}")
        return lines

    def _gate_check_nonconformity_made(self):
        # sudo: the gate asks for the state even of those the user may not read
        states = self.sudo().nonconformity_ids.mapped("state")
        return any(state != "cancel" for state in states)

    def _get_open_nonconformities(self):
        """Return those of this case that aren't closed and that no manager has put
        aside, as superuser."""
        # sudo: see _gate_check_nonconformity_made
        case = self.sudo()
        waived = case.nonconformity_waiver_ids.filtered(
            lambda line: line.reopen_count == case.reopen_count
        )
        left = case.nonconformity_ids - waived.nonconformity_id
        return left.filtered(lambda nc: nc.state != "done")

    # -- linking -------------------------------------------------------------------
    def _check_may_link(self):
        """Refuse whoever may not work on the cases or not make nonconformities."""
        # sudo: a colleague's own right counts, also where code calls as superuser
        self.env["mgmtsystem.nonconformity"].sudo(False).check_access("create")
        self._check_may_work()

    def _link_nonconformity(self, nonconformity):
        """Link these cases to a nonconformity that is there, as the present user.

        :param nonconformity: one that is open; cases that it has already are left out
        """
        self._check_may_link()
        nonconformity.ensure_one()
        nonconformity.check_access("write")
        # sudo: also cases that the user doesn't see are linked already
        fresh = self - nonconformity.sudo().complaint_case_ids
        fresh._check_linkable(nonconformity)
        fresh._join_nonconformity(nonconformity)
        fresh._journal_log("nonconformity_linked", note=nonconformity.ref)
        note = self.env._("Linked to nonconformity %s.", nonconformity.ref)
        fresh._message_log_batch(bodies={case.id: note for case in fresh})
        return fresh

    def _check_linkable(self, nonconformity):
        if nonconformity.state in NC_ENDED:
            raise UserError(
                self.env._(
                    "%s has ended. Open it again, or make a new one: otherwise the "
                    "complaint would count as solved by what was done before.",
                    nonconformity.ref,
                )
            )
        self._check_open_for_nonconformity()
        for case in self:
            if nonconformity.company_id not in (
                case.company_id,
                self.env["res.company"],
            ):
                raise UserError(
                    self.env._(
                        "%(case)s and %(ref)s belong to different companies.",
                        case=case.name,
                        ref=nonconformity.ref,
                    )
                )

    def _join_nonconformity(self, nonconformity):
        """Link, and share actions and files (all is checked)."""
        # sudo: the link is guarded; actions and files of the cases follow it, whoever
        # of the colleagues made them
        cases, nonconformity = self.sudo(), nonconformity.sudo()
        link = fields.Command.link
        cases.write({"nonconformity_ids": [link(nonconformity.id)]})
        actions = cases.action_ids - nonconformity.action_ids
        if actions:
            nonconformity.write({"action_ids": [link(id_) for id_ in actions.ids]})
        cases._share_files(nonconformity)
        nonconformity._message_log(
            body=self.env._("Complaints added: %s", ", ".join(cases.mapped("name")))
        )

    # -- cutting -------------------------------------------------------------------
    def _cut_nonconformity(self, nonconformity, reason):
        """Take this case off a nonconformity, as the present user: managers, with a
        reason. A hold refuses it."""
        self.ensure_one()
        reason = self._check_may_put_aside(nonconformity, reason)
        # sudo: the link is guarded; the right was checked just before
        case, cut = self.sudo(), nonconformity.sudo()
        case._check_not_held()
        case.write({"nonconformity_ids": [fields.Command.unlink(cut.id)]})
        case._unshare_files(cut)
        foreign = case.action_ids - cut.complaint_case_ids.action_ids
        vals = {"action_ids": [fields.Command.unlink(id_) for id_ in foreign.ids]}
        if cut.complaint_transfer_case_id == case:
            vals["complaint_transfer_case_id"] = False
        cut.write(vals)
        # Before a new one is made: the old one must not stand in its way.
        cut.flush_recordset()
        self._journal_log("nonconformity_cut", note=f"{cut.ref}: {reason}")
        self._message_log(
            body=self.env._(
                "No longer linked to nonconformity %(ref)s: %(reason)s",
                ref=cut.ref,
                reason=reason,
            )
        )
        cut._message_log(
            body=self.env._("Complaint %s doesn't belong here any more.", case.name)
        )

    def _check_may_put_aside(self, nonconformity, reason):
        """Return the reason; refuse whoever may not, and a decision without one."""
        # sudo: the rights of the user decide, also where code calls as superuser
        if not self.env["res.users"].browse(self.env.uid).has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._(
                    "Whether %s needs its nonconformity is decided by a manager.",
                    self.sudo().name,
                )
            )
        self._check_may_work()
        nonconformity.ensure_one()
        # sudo: whoever reads the case knows number and stage of its nonconformities
        if nonconformity not in self.sudo().nonconformity_ids:
            raise UserError(
                self.env._(
                    "%(ref)s isn't a nonconformity of %(case)s.",
                    ref=nonconformity.sudo().ref,
                    case=self.sudo().name,
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))
        return reason.strip()

    # -- closing in spite of it ------------------------------------------------------
    def _waive_nonconformity(self, nonconformity, reason):
        """Let this case close although a nonconformity isn't closed, as the present
        user: managers, with a reason."""
        self.ensure_one()
        reason = self._check_may_put_aside(nonconformity, reason)
        if nonconformity not in self._get_open_nonconformities():
            raise UserError(
                self.env._(
                    # sudo: as above, the number only
                    "%(ref)s doesn't keep %(case)s from closing.",
                    ref=nonconformity.sudo().ref,
                    case=self.name,
                )
            )
        waivers = self.env["complaint.nonconformity.waiver"]
        waiver = waivers._grant(self, nonconformity, reason)
        # sudo: as above, the number only
        ref = nonconformity.sudo().ref
        self._journal_log("nonconformity_waived", note=f"{ref}: {reason}")
        self._message_log(
            body=self.env._(
                "May close although nonconformity %(ref)s isn't closed: %(reason)s",
                ref=ref,
                reason=reason,
            )
        )
        self.invalidate_recordset(["nonconformity_waiver_ids"])
        return waiver

    # -- telling -------------------------------------------------------------------
    def write(self, vals):
        hidden = self.browse()
        if vals.get("is_confidential"):
            hidden = self.filtered(lambda case: not case.is_confidential)
        result = super().write(vals)
        hidden._ask_about_shown_words()
        return result

    def _ask_about_shown_words(self):
        """A case became confidential; what its nonconformities say is there already."""
        # sudo: also those that the user can't read show it to others
        for case in self.sudo().filtered("nonconformity_ids"):
            user = case.user_id or self.env.user
            case.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.env._("Look at what the nonconformity says"),
                note=self.env._(
                    "This complaint is confidential now. %s was made before: its words "
                    "and files are read by more people.",
                    ", ".join(case.nonconformity_ids.mapped("ref")),
                ),
            )

    def _on_phase_entered(self, phase_before):
        """Who works on the nonconformity hears how the case ended."""
        result = super()._on_phase_entered(phase_before)
        ended = ("closed", "cancelled")
        if (self.phase in ended) != (phase_before in ended):
            # sudo: number and step only, on records that the case belongs to
            for nonconformity in self.sudo().nonconformity_ids:
                nonconformity._message_log(
                    body=self.env._(
                        "Complaint %(case)s is now: %(step)s",
                        case=self.name,
                        step=self.stage_id.sudo().name,
                    )
                )
        return result

    # -- buttons -------------------------------------------------------------------
    def action_link_nonconformity(self):
        """Open the form that links the chosen cases."""
        self._check_may_link()
        return self._open_nonconformity_form(
            "complaint.nonconformity.link",
            self.env._("Nonconformity"),
            default_case_ids=self.ids,
        )

    def action_put_aside_nonconformity(self):
        """Open the form in which a manager cuts a link or lets the case close."""
        self.ensure_one()
        return self._open_nonconformity_form(
            "complaint.nonconformity.aside",
            self.env._("Without the nonconformity"),
            default_case_id=self.id,
        )

    @api.model
    def _open_nonconformity_form(self, model, name, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }
