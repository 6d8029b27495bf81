from odoo import api, fields, models
from odoo.exceptions import ValidationError

DISCIPLINES = [
    ("d0", "D0 Emergency response"),
    ("d1", "D1 Team"),
    ("d2", "D2 Problem description"),
    ("d3", "D3 Containment"),
    ("d4", "D4 Root cause"),
    ("d5", "D5 Chosen corrective actions"),
    ("d6", "D6 Implemented corrective actions"),
    ("d7", "D7 Prevention"),
    ("d8", "D8 Closure and recognition"),
]


class ComplaintEightdPreset(models.Model):
    """How long each discipline of an 8D may take."""

    _name = "complaint.eightd.preset"
    _description = "8D Deadlines"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    line_ids = fields.One2many("complaint.eightd.preset.line", "preset_id", copy=True)

    def _get_line(self, discipline):
        """Return the line that says by when a discipline is due: its own, else the next
        one below, since nothing can be due after the discipline that follows it."""
        codes = [code for code, __ in DISCIPLINES]
        following = codes[codes.index(discipline) :]
        lines = self.line_ids.filtered(lambda line: line.discipline in following)
        return lines.sorted("discipline")[:1]


class ComplaintEightdPresetLine(models.Model):
    _name = "complaint.eightd.preset.line"
    _description = "8D Deadline of a Discipline"
    _order = "discipline"

    preset_id = fields.Many2one(
        "complaint.eightd.preset", required=True, index=True, ondelete="cascade"
    )
    discipline = fields.Selection(DISCIPLINES, required=True)
    target = fields.Float(
        "Due after",
        required=True,
        help="In the unit of the line, from the start of the report.",
    )
    unit = fields.Selection(
        [
            ("clock_hours", "Clock hours"),
            ("business_hours", "Business hours"),
            ("business_days", "Business days"),
        ],
        required=True,
        default="clock_hours",
        help="Clock hours also run at night and on holidays.",
    )

    _discipline_unique = models.Constraint(
        "UNIQUE(preset_id, discipline)", "Each discipline has one deadline."
    )
    _target_positive = models.Constraint(
        "CHECK(target > 0)", "The time for a discipline must be above zero."
    )

    @api.constrains("unit", "target")
    def _check_whole_days(self):
        labels = dict(self._fields["discipline"]._description_selection(self.env))
        for line in self:
            if line.unit == "business_days" and line.target != int(line.target):
                raise ValidationError(
                    self.env._(
                        "“%s” counts in business days: use whole days, or business "
                        "hours for shorter times.",
                        labels[line.discipline],
                    )
                )
