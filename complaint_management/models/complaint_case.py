from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REMEDIES = [
    ("replacement", "Replacement"),
    ("repair", "Repair"),
    ("refund", "Refund"),
    ("credit", "Credit or discount"),
    ("apology", "Apology"),
    ("information", "Information"),
    ("other", "Something else"),
]


class ComplaintCase(models.Model):
    """One complaint from first contact to lesson learned.

    Identity and facts live here; each engine sits in its mixin.
    """

    _name = "complaint.case"
    _description = "Complaint Case"
    _inherit = [
        "complaint.case.hold.mixin",
        "complaint.approved.answer.mixin",
        "complaint.guard.mixin",
        "complaint.number.mixin",
        "complaint.customer.mixin",
        "complaint.intake.mixin",
        "complaint.mail.origin.mixin",
        "complaint.promise.mixin",
        "complaint.mail.mixin",
        "complaint.phone.mixin",
        "complaint.similar.mixin",
        "complaint.impartial.mixin",
        "complaint.merge.mixin",
        "complaint.triage.mixin",
        "complaint.validity.mixin",
        "complaint.assessment.mixin",
        "complaint.assignment.mixin",
        "complaint.initial.mixin",
        "complaint.notice.mixin",
        "complaint.evidence.mixin",
        "complaint.closing.mixin",
        "complaint.monitoring.mixin",
        "complaint.nonconformity.mixin",
        "complaint.eightd.reference.mixin",
        "complaint.sla.mixin",
        "complaint.approval.mixin",
        "complaint.flow.mixin",
        "complaint.gate.mixin",
        "complaint.action.gate.mixin",
        "complaint.rca.mixin",
        "complaint.cost.mixin",
        "complaint.lesson.mixin",
        "complaint.feedback.mixin",
        "complaint.legal.mixin",
        "complaint.access.mixin",
        "complaint.pack.mixin",
        "complaint.journal.mixin",
        "mail.tracking.duration.mixin",
        "mail.activity.mixin",
        "complaint.birth.mixin",
    ]
    _order = "priority desc, received_at desc, id desc"
    _rec_names_search = ["name", "subject", "external_ref"]
    _check_company_auto = True
    _mail_post_access = "read"
    _primary_email = "email_from"
    _birth_fields = ("category_id", "acknowledged_at")
    _number_prefix = "CMP"
    _number_date_field = "received_at"
    _track_duration_field = "stage_id"
    _guarded_fields = (
        "name",
        "acknowledge_state",
        "acknowledged_at",
        "responded_at",
        "sla_policy_id",
        "nonconformity_ids",
        # derived: a stored value could be overwritten without its source
        "origin",
        "sla_deadline",
        "sla_status",
        "email_normalized",
        "commercial_partner_id",
    )
    _journal_fields = (
        "priority",
        "user_id",
        "team_id",
        "category_id",
        "is_legal_risk",
        "is_confidential",
    )

    subject = fields.Char(required=True, tracking=True, index="trigram")
    description = fields.Text(help="What the customer said, in their own words.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(
        "complaint.team",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        default=lambda self: self._default_team_id(),
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
        help="The one person who is responsible for this case.",
    )
    received_at = fields.Datetime(
        "Received at",
        required=True,
        default=fields.Datetime.now,
        index=True,
        help="When the complaint reached the company. All promises count from here.",
    )
    acknowledged_at = fields.Datetime("Acknowledged at", readonly=True, copy=False)
    responded_at = fields.Datetime("First response", readonly=True, copy=False)
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", check_company=True
    )
    lot = fields.Char("Lot or serial number", index="btree_not_null")
    quantity = fields.Float("Quantity complained", digits="Product Unit")
    order_ref = fields.Char("Order reference", index="btree_not_null")
    remedy = fields.Selection(REMEDIES, "What the customer wants")
    eightd_ids = fields.One2many("complaint.eightd", "case_id", "8D reports")
    eightd_count = fields.Integer(
        "Number of 8D reports", compute="_compute_eightd_count"
    )
    action_ids = fields.One2many("mgmtsystem.action", "complaint_case_id", "Actions")
    action_count = fields.Integer("Number of actions", compute="_compute_action_count")

    _name_company_unique = models.Constraint(
        "UNIQUE(company_id, name)", "This case number exists already."
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0)", "The quantity can't be negative."
    )

    # -- defaults and computed fields ---------------------------------------------
    def _default_team_id(self):
        return self.env["complaint.team"]._get_default_team(self.env.company)

    @api.depends("eightd_ids")
    def _compute_eightd_count(self):
        for case in self:
            case.eightd_count = len(case.eightd_ids)

    @api.depends("action_ids")
    def _compute_action_count(self):
        for case in self:
            case.action_count = len(case.action_ids)

    @api.depends("name", "subject")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Records that link here show this name to everybody who may read them, so
        somebody who may not read the case sees its number and nothing else."""
        readable = self.sudo(False)._filtered_access("read")
        for case in self:
            subject = case.subject if case in readable else ""
            case.display_name = f"{case.name} {subject or ''}".strip()

    # -- constraints --------------------------------------------------------------
    @api.constrains("received_at")
    def _check_received_at(self):
        latest = fields.Datetime.add(fields.Datetime.now(), minutes=5)
        for case in self:
            if case.received_at > latest:
                raise ValidationError(
                    self.env._("%s can't be received in the future.", case.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        raise UserError(
            self.env._("A numbered complaint is never deleted. Cancel it instead.")
        )

    # -- CRUD ---------------------------------------------------------------------
    @api.model
    def _give_default_teams(self, vals_list):
        """Find the team of each company and channel once for a whole batch."""
        found = {}
        for vals in vals_list:
            if "team_id" not in vals and "default_team_id" not in self.env.context:
                company_id = vals.get("company_id") or self.env.company.id
                key = company_id, vals.get("channel_id")
                if key not in found:
                    company = self.env["res.company"].browse(company_id)
                    channel = self.env["complaint.channel"].browse(key[1])
                    team = channel._get_default_team(company) or self.env[
                        "complaint.team"
                    ]._get_default_team(company)
                    found[key] = team.id
                vals["team_id"] = found[key]

    @api.model_create_multi
    def create(self, vals_list):
        self._link_known_customers(vals_list)
        self._give_default_teams(vals_list)
        cases = super().create(vals_list)
        cases._enter_late_birth()
        cases._find_recurrences()
        cases._name_confidential_users()
        cases._wake_acknowledgement()
        cases._ask_to_acknowledge()
        cases._legal_alert_new()
        return cases

    def _check_company(self, fnames=None):
        """Check what is linked once for all cases of a batch that link the same: asking
        record by record was a sixth of the time of taking in cases."""
        names = ["company_id"] + [
            name
            for name, field in self._fields.items()
            if field.relational and field.check_company and field.store
        ]
        # sudo: as the check itself does
        cases = self.sudo()
        caches = [self._fields[name]._get_cache(cases.env) for name in names]
        alike = {
            # as they stand in the cache: no records are made just to compare
            tuple(
                cache[case.id] if case.id in cache else case[name]._ids
                for name, cache in zip(names, caches, strict=True)
            ): case.id
            for case in cases
        }
        return super(ComplaintCase, self.browse(alike.values()))._check_company(fnames)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_confidential"):
            self._name_confidential_users()
        return result

    # -- buttons ------------------------------------------------------------------
    def action_assign_to_me(self):
        self.write({"user_id": self.env.uid})

    def action_open_eightd(self):
        """Open the 8D report, or start one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_eightd_action"
        )
        action["context"] = {
            "default_case_id": self.id,
            "default_subject": self.subject,
            "default_leader_id": self.user_id.id,
        }
        if len(self.eightd_ids) > 1:
            return {**action, "domain": [("case_id", "=", self.id)]}
        return {
            **action,
            "views": [(False, "form")],
            "view_mode": "form",
            "res_id": self.eightd_ids.id,
        }

    def action_open_actions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.mgmtsystem_action_action"
        )
        action["domain"] = [("complaint_case_id", "=", self.id)]
        action["context"] = {
            "default_complaint_case_id": self.id,
            "default_type_action": "correction",
            "default_company_id": self.company_id.id,
        }
        return action
