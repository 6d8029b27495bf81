from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .complaint_stage import PHASES

# Field that a user fills, or looks at, to get past a check.
CHECK_FIELDS = {
    "actions_done": "action_ids",
    "nonconformities_closed": "nonconformity_ids",
    "nonconformity_made": "nonconformity_ids",
    "validity_judged": "validity",
    "decision_told": "decision",
    "monitoring_planned": "monitoring_until",
    "external_finished": "external_outcome",
    "costs_confirmed": "cost_line_ids",
}


class ComplaintGate(models.Model):
    """One thing that must be there before a phase is entered."""

    _name = "complaint.gate"
    _description = "Gate"
    _inherit = ["complaint.company.mixin", "complaint.journal.mixin"]
    # Whoever loosens a gate leaves a trace of it.
    _journal_fields = (
        "name",
        "active",
        "phase",
        "kind",
        "field_name",
        "check_name",
        "group_id",
        "flow_ids",
        "optional_flow_ids",
        "company_id",
    )

    name = fields.Char(
        "What is asked for",
        required=True,
        translate=True,
        help="The sentence a user reads when it is missing.",
    )
    phase = fields.Selection(PHASES, "Before phase", required=True)
    flow_ids = fields.Many2many(
        "complaint.flow", string="Flows", help="Empty: asked for in every flow."
    )
    optional_flow_ids = fields.Many2many(
        "complaint.flow",
        "complaint_gate_optional_flow_rel",
        string="Only advised in",
        help="In these flows a case may go on without it; the journal says so.",
    )
    kind = fields.Selection(
        [
            ("field", "Field is filled"),
            ("check", "Check"),
            ("approval", "Approval"),
        ],
        required=True,
        default="field",
    )
    field_name = fields.Selection(
        selection="_selection_field_name",
        string="Field",
        help="The field of the complaint that must be filled.",
    )
    check_name = fields.Selection(selection="_selection_check_name", string="Check")
    group_id = fields.Many2one(
        "res.groups",
        "Approved by",
        ondelete="restrict",
        help="Somebody of this role approves, but never the owner of the case nor "
        "the one who asked.",
    )

    @api.model
    def _selection_field_name(self):
        """Return the fields of a case in the words that the screens use."""
        labels = {
            name: field._description_string(self.env)
            for name, field in self.env["complaint.case"]._fields.items()
            if field.type not in ("binary", "one2many_reference")
            and not name.startswith(("activity_", "message_", "website_", "__"))
        }
        return sorted(labels.items(), key=lambda pair: pair[1] or pair[0])

    @api.model
    def _selection_check_name(self):
        """Return the checks: each code is a method ``_gate_check_<code>``."""
        _ = self.env._
        return [
            ("actions_done", _("All required actions finished and found effective")),
            ("nonconformities_closed", _("All linked nonconformities closed")),
            ("nonconformity_made", _("A nonconformity")),
            ("eightd_finished", _("A finished 8D report")),
            ("validity_judged", _("The judgement whether the complaint is justified")),
            ("responded", _("A first response to the customer")),
            ("decision_told", _("The customer has been told the decision")),
            ("monitoring_planned", _("The time for which it is watched")),
            ("external_finished", _("The outcome of the external resolution")),
            ("assessed", _("All questions of the first assessment")),
            ("initial_report_sent", _("An initial report to the customer")),
            ("costs_confirmed", _("All costs confirmed or decided")),
        ]

    @api.constrains("kind", "field_name", "check_name", "group_id")
    def _check_target(self):
        case_fields = self.env["complaint.case"]._fields
        for gate in self:
            if gate.kind == "field" and gate.field_name not in case_fields:
                raise ValidationError(
                    self.env._(
                        "Gate “%(gate)s” asks for the field “%(field)s”, which a "
                        "case doesn't have.",
                        gate=gate.name,
                        field=gate.field_name or "",
                    )
                )
            if gate.kind == "check" and not gate.check_name:
                raise ValidationError(
                    self.env._("Choose the check of gate “%s”.", gate.name)
                )
            if gate.kind == "approval" and not gate.group_id:
                raise ValidationError(
                    self.env._("Choose the role that approves gate “%s”.", gate.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Cases have passed it: what was asked of them stays readable."""
        # sudo: cases of all teams count
        cases = self.env["complaint.case"].sudo().with_context(active_test=False)
        phases = list(set(self.mapped("phase")))
        if cases.search([("phase", "in", phases)], limit=1) or self.filtered(
            lambda gate: gate.kind == "approval"
        ):
            raise UserError(
                self.env._(
                    "Cases have passed the gate “%s”. Archive it instead; then it "
                    "isn't asked for any more.",
                    "”, “".join(self.mapped("name")),
                )
            )

    def _is_passed(self, record):
        """Tell whether ``record`` has what this gate asks for."""
        self.ensure_one()
        if self.kind == "approval":
            return record._has_approval(self)
        if self.kind == "field":
            value = record[self.field_name]
            return bool(value.strip() if isinstance(value, str) else value)
        return getattr(record, f"_gate_check_{self.check_name}")()

    def _concerns(self, record):
        """Tell whether this gate stands in the way of ``record`` at all."""
        return (not self.company_id or self.company_id == record.company_id) and (
            not self.flow_ids or record.flow_id in self.flow_ids
        )

    def _is_optional_for(self, record):
        """Tell whether ``record`` may go on without it."""
        return record.flow_id in self.optional_flow_ids

    def _get_focus_field(self):
        """Hook: return the name of the field to which a user is led, or ""."""
        self.ensure_one()
        if self.kind == "approval":
            return "gate_approval_ids"
        if self.kind == "field":
            # Filled by an action or computed: its source is what the user works on.
            sources = {"has_root_cause": "root_cause"}
            return sources.get(self.field_name, self.field_name)
        return CHECK_FIELDS.get(self.check_name, "")
