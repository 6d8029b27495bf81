from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .complaint_stage import PHASES


class ComplaintGate(models.Model):
    """One thing that must be there before a phase is entered."""

    _name = "complaint.gate"
    _description = "Gate"
    _inherit = ["complaint.company.mixin"]

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
    kind = fields.Selection(
        [("field", "Field is filled"), ("check", "Check")],
        required=True,
        default="field",
    )
    field_name = fields.Char("Field")
    check_name = fields.Selection(selection="_selection_check_name", string="Check")

    @api.model
    def _selection_check_name(self):
        """Return the checks: each code is a method ``_gate_check_<code>``."""
        actions = self.env._("All actions finished and found effective")
        nonconformities = self.env._("All linked nonconformities closed")
        eightd = self.env._("A finished 8D report")
        validity = self.env._("The judgement whether the complaint is justified")
        return [
            ("actions_done", actions),
            ("nonconformities_closed", nonconformities),
            ("eightd_finished", eightd),
            ("validity_judged", validity),
        ]

    @api.constrains("kind", "field_name", "check_name")
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

    def _is_passed(self, record):
        """Tell whether ``record`` has what this gate asks for."""
        self.ensure_one()
        if self.kind == "field":
            return bool(record[self.field_name])
        return getattr(record, f"_gate_check_{self.check_name}")()

    def _concerns(self, record):
        """Tell whether this gate stands in the way of ``record`` at all."""
        return (not self.company_id or self.company_id == record.company_id) and (
            not self.flow_ids or record.flow_id in self.flow_ids
        )
