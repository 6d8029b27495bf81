from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplaintNonconformityMixin(models.AbstractModel):
    """Moves a case on to the nonconformity module and keeps the two together."""

    _name = "complaint.nonconformity.mixin"
    _description = "Transfer to Nonconformity"

    nonconformity_ids = fields.Many2many(
        "mgmtsystem.nonconformity",
        "complaint_case_nonconformity_rel",
        "case_id",
        "nonconformity_id",
        "Nonconformities",
        copy=False,
    )
    nonconformity_count = fields.Integer(
        "Number of nonconformities", compute="_compute_nonconformity_count"
    )

    @api.depends("nonconformity_ids")
    def _compute_nonconformity_count(self):
        for case in self:
            case.nonconformity_count = len(case.nonconformity_ids)

    def _gate_check_nonconformities_closed(self):
        # sudo: the gate asks for the state even of those the user may not read
        states = self.sudo().nonconformity_ids.mapped("state")
        return all(state in ("done", "cancel") for state in states)

    def action_transfer_nonconformity(self):
        """Create the nonconformity of this case, once, and open it."""
        self.ensure_one()
        self.env["mgmtsystem.nonconformity"].check_access("create")
        # A second click, or a second worker, waits here and then finds the first one.
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["nonconformity_ids"])
        if not self.nonconformity_ids:
            self._create_nonconformity()
        return self.action_open_nonconformities()

    def _create_nonconformity(self):
        nonconformity = self.env["mgmtsystem.nonconformity"].create(
            self._prepare_nonconformity_vals()
        )
        self._share_files(nonconformity)
        # sudo: the link is written by the transfer only, which checked the right
        self.sudo().nonconformity_ids = nonconformity
        self._journal_log("nonconformity_created", note=nonconformity.ref)
        self.message_post(
            body=self.env._("Moved on to nonconformity %s.", nonconformity.display_name)
        )
        return nonconformity

    def _prepare_nonconformity_vals(self):
        company = self.company_id
        responsible = company.complaint_nc_responsible_id or self.user_id
        manager = company.complaint_nc_manager_id or self.team_id.leader_id
        return {
            "name": self.subject,
            "description": self.description or self.subject,
            "partner_id": (self.partner_id or company.partner_id).id,
            "reference": self.name,
            "responsible_user_id": (responsible or self.env.user).id,
            "manager_user_id": (manager or responsible or self.env.user).id,
            "origin_ids": [fields.Command.set(self._get_nonconformity_origin().ids)],
            "severity_id": company.complaint_nc_severity_id.id,
            "analysis": self.root_cause,
            "action_ids": [fields.Command.set(self.action_ids.ids)],
            "company_id": company.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _get_nonconformity_origin(self):
        origin = self.company_id.complaint_nc_origin_id or self.env.ref(
            "mgmtsystem_nonconformity.nc_origin_external_client",
            raise_if_not_found=False,
        )
        if not origin:
            raise UserError(
                self.env._(
                    "Choose the origin for nonconformities in the complaint settings."
                )
            )
        return origin

    def _share_files(self, nonconformity):
        """Link the files of the case to the nonconformity: one stored file, two
        attachments."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        for file in files:
            file.copy({"res_model": nonconformity._name, "res_id": nonconformity.id})

    def action_open_nonconformities(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mgmtsystem_nonconformity.open_mgmtsystem_nonconformity_list"
        )
        action["domain"] = [("id", "in", self.nonconformity_ids.ids)]
        if len(self.nonconformity_ids) == 1:
            action |= {
                "views": [(False, "form")],
                "view_mode": "form",
                "res_id": self.nonconformity_ids.id,
            }
        return action
