from odoo import api, models
from odoo.exceptions import UserError

from .complaint_stage import PHASES

PHASE_ORDER = [code for code, __ in PHASES]


class ComplaintGateMixin(models.AbstractModel):
    """Refuses to enter a phase while something is missing, and lists all of it.

    The host has ``stage_id`` (with a phase), ``flow_id`` and ``company_id``. Gates are
    checked in ``create`` and ``write``, so by every route. Going from one phase to a
    later one asks for the gates of each phase passed on the way.
    """

    _name = "complaint.gate.mixin"
    _description = "Gates before Phases"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        late_born = records.filtered(lambda rec: rec.phase != "received")
        late_born._check_gates({rec.id: "received" for rec in late_born})
        return records

    def write(self, vals):
        if "stage_id" not in vals:
            return super().write(vals)
        before = {rec.id: rec.phase for rec in self}
        result = super().write(vals)
        self._check_gates(before)
        return result

    def _check_gates(self, phases_before):
        """Raise one error that names everything that is missing.

        :param dict phases_before: {id: phase that the record comes from}
        """
        moved = self.filtered(lambda rec: rec.phase != phases_before[rec.id])
        if not moved:
            return
        # sudo: gates are configuration that every user of the host must obey
        gates = self.env["complaint.gate"].sudo().search([])
        problems = [
            (rec, missing)
            for rec in moved
            if (missing := rec._get_missing_gates(gates, phases_before[rec.id]))
        ]
        if problems:
            raise UserError(self._format_missing_gates(problems))

    def _get_missing_gates(self, gates, phase_before):
        """Return the gates on the way from a phase that this record doesn't pass."""
        self.ensure_one()
        phases = self._get_phases_entered(phase_before)
        return gates.filtered(
            lambda gate: (
                gate.phase in phases
                and gate._concerns(self)
                and not gate._is_passed(self)
            )
        )

    def _get_phases_entered(self, phase_before):
        """Return the phases entered on the way; cancelling skips all but its own."""
        if self.phase == "cancelled":
            return ["cancelled"]
        start = PHASE_ORDER.index(phase_before or "received")
        if phase_before == "cancelled":
            start = 0
        passed = PHASE_ORDER[start + 1 : PHASE_ORDER.index(self.phase) + 1]
        in_flow = set(self.flow_id.stage_ids.mapped("phase")) | {self.phase}
        return [phase for phase in passed if phase in in_flow]

    def _format_missing_gates(self, problems):
        lines = []
        for record, gates in problems:
            lines.append(
                self.env._(
                    "%(record)s can't go to “%(stage)s” yet. Missing:",
                    record=record.display_name,
                    stage=record.stage_id.display_name,
                )
            )
            # sudo: names of the gates, which the user may not have the right to read
            lines += [f"  • {name}" for name in gates.sudo().mapped("name")]
        return "\n".join(lines)
