from odoo import api, models

from ..exceptions import GateError
from .complaint_stage import PHASES

PHASE_ORDER = [code for code, __ in PHASES]
# A refusal names this many records; an import of thousands would fill the screen.
RECORDS_NAMED = 20


class ComplaintGateMixin(models.AbstractModel):
    """Refuses to enter a phase while something is missing, and lists all of it.

    The host has ``stage_id`` (with a phase), ``flow_id`` and ``company_id``. Gates are
    checked in ``create`` and ``write``, so by every route. Going from one phase to a
    later one asks for the gates of each phase passed on the way; another flow asks for
    its gates up to the present phase.
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
        if not vals.keys() & {"stage_id", "flow_id"}:
            return super().write(vals)
        before = {rec.id: (rec.phase, rec.flow_id) for rec in self}
        result = super().write(vals)
        self._check_gates(
            {
                rec.id: before[rec.id][0]
                if rec.flow_id == before[rec.id][1]
                else "received"
                for rec in self
            }
        )
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
        gates = gates.sorted(lambda gate: PHASE_ORDER.index(gate.phase))
        problems = []
        for record in moved:
            missing = record._get_missing_gates(gates, phases_before[record.id])
            advised = missing.filtered(lambda g, rec=record: g._is_optional_for(rec))
            if missing - advised:
                problems.append((record, missing - advised))
            elif advised:
                record._note_skipped_gates(advised)
        if problems:
            raise self._make_gate_error(problems)

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
        """Return the phases entered on the way; cancelling skips all but its own, and
        a phase whose steps are all optional is entered only on purpose."""
        if self.phase == "cancelled":
            return ["cancelled"]
        start = PHASE_ORDER.index(phase_before or "received")
        if phase_before == "cancelled":
            start = 0
        passed = PHASE_ORDER[start + 1 : PHASE_ORDER.index(self.phase) + 1]
        flow = self.flow_id
        # sudo: steps are configuration that every user of the host must obey
        needed = (flow.sudo().stage_ids - flow.sudo().optional_stage_ids).mapped(
            "phase"
        )
        in_flow = {*needed, self.phase}
        return [phase for phase in passed if phase in in_flow]

    def _note_skipped_gates(self, gates):
        """What is only advised was left out: the journal says so."""
        note = self.env._("Went on without: %s", ", ".join(gates.mapped("name")))
        self._journal_log("gates_skipped", note=note)

    # -- the refusal ---------------------------------------------------------------
    def _make_gate_error(self, problems):
        """Return the error for [(record, gates)]."""
        named = problems[:RECORDS_NAMED]
        lines, missing = [], []
        for record, gates in named:
            heading = self.env._(
                "%(record)s can't go to “%(stage)s” yet. Missing:",
                record=record.display_name,
                stage=record.stage_id.display_name,
            )
            points = [record._prepare_missing_point(gate, heading) for gate in gates]
            missing += points
            lines.append(heading)
            for point in points:
                lines.append(f"  • {point['label']}")
                lines += [f"      – {text}" for text in point["details"]]
        if len(problems) > len(named):
            lines.append(
                self.env._(
                    "… and %(count)s more cases.", count=len(problems) - len(named)
                )
            )
        return GateError("\n".join(lines), missing)

    def _get_gate_details(self, gate):
        """Hook: return in words, a line each, what in particular a check misses: the
        host says so in ``_gate_missing_<code of the check>``, where there is more to
        say than the name of the gate."""
        if gate.kind != "check":
            return []
        return getattr(self, f"_gate_missing_{gate.check_name}", list)()

    def _prepare_missing_point(self, gate, heading):
        """Return what the dialog needs to lead a user to one missing thing. A record
        that is just being made has no place to go to: the error undoes it."""
        return {
            "heading": heading,
            "label": gate.name,
            "details": self._get_gate_details(gate),
            "res_model": self._name,
            "res_id": self.id,
            "field": gate._get_focus_field(),
        }
