from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare, html2plaintext

FULL = 100.0


class ComplaintEightdRuleMixin(models.AbstractModel):
    """What must be there before a discipline is handed in.

    ``_list_missing_<discipline>`` names in words what is missing; a refusal lists all
    of it at once.
    """

    _name = "complaint.eightd.rule.mixin"
    _description = "Rules of a Discipline"

    def _check_complete(self):
        if missing := self._get_missing_to_submit():
            raise UserError(
                self.env._("%s can't be submitted yet. Missing:", self.display_name)
                + "".join(f"\n  • {item}" for item in missing)
            )

    def _get_missing_to_submit(self):
        """Return in words what still stands in the way of handing it in."""
        self.ensure_one()
        missing = []
        if not html2plaintext(self.content or "").strip():
            missing.append(self.env._("The result in words"))
        if self.discipline != "d0" and not self.eightd_id.leader_id:
            missing.append(self.env._("A team leader"))
        specific = getattr(self, f"_list_missing_{self.discipline}", None)
        return missing + (specific() if specific else [])

    def _has_reason(self):
        return bool((self.not_needed_reason or "").strip())

    def _list_missing_d3(self):
        if self.eightd_id.containment_ids or self._has_reason():
            return []
        return [self.env._("A line of containment, or the words why none is needed")]

    def _list_missing_d4(self):
        # sudo: the causes of the report count, whoever may see which of them
        causes = self.sudo().eightd_id.root_cause_ids
        if not causes:
            return [self.env._("The root causes, each with its share")]
        total = sum(causes.mapped("contribution"))
        # Thirds are written with two digits.
        if float_compare(total, FULL, precision_digits=1):
            return [
                self.env._(
                    "Contributions of the root causes that add up to 100 %% (now "
                    "%(total)s %%)",
                    total=round(total, 2),
                )
            ]
        return []

    def _list_missing_d5(self):
        # sudo: as for D4
        report = self.sudo().eightd_id
        return [
            self.env._("An action against the root cause “%s”", cause.name)
            for cause in report.root_cause_ids
            if not report._filter_live_actions(cause.action_ids)
        ]

    def _list_missing_d6(self):
        # sudo: whether there is a file, not what stands in it
        if (self.validation or "").strip() or self.sudo().attachment_ids:
            return []
        return [self.env._("The validation: what shows that the actions work")]

    def _list_missing_d7(self):
        # sudo: as for D4
        report = self.sudo().eightd_id
        actions = report._filter_live_actions(report.action_ids)
        if "prevention" in actions.mapped("type_action") or self._has_reason():
            return []
        return [self.env._("A preventive action, or the words why none is needed")]

    def _list_missing_d8(self):
        report = self.eightd_id
        missing = report._gate_missing_actions_done()
        if not report._is_quality_accepted():
            missing.append(
                self.env._(
                    "A quality score of %(least)s or more (now %(score)s), or a "
                    "manager's decision with a reason",
                    least=report.company_id.complaint_eightd_min_score,
                    score=report.quality_score,
                )
            )
        return missing
