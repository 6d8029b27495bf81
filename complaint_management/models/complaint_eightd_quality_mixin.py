from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ..tools import eightd_quality

MANAGER_GROUP = "complaint_management.complaint_group_manager"


class ComplaintEightdQualityMixin(models.AbstractModel):
    """The quality gate of a report: findings, a score, and a manager who may let a
    report pass that doesn't reach it, with a reason."""

    _name = "complaint.eightd.quality.mixin"
    _description = "Quality of an 8D Report"
    _guarded_fields = ("override_by_id", "override_at", "override_score")
    _hold_once_fields = (
        "override_reason",
        "override_by_id",
        "override_at",
        "override_score",
    )

    quality_score = fields.Integer(
        "Quality (0–100)",
        compute="_compute_quality",
        help="100 less the points of what is missing or weak.",
    )
    quality_min = fields.Integer("Asked for", compute="_compute_quality")
    quality_findings = fields.Html(
        "What is missing or weak", compute="_compute_quality", sanitize=False
    )
    is_quality_enough = fields.Boolean("Good enough", compute="_compute_quality")
    override_reason = fields.Text(
        "Why it may pass as it is",
        copy=False,
        help="A manager may let the report pass below the score that the company asks "
        "for. It counts as long as the score doesn't fall further.",
    )
    override_by_id = fields.Many2one(
        "res.users", "Let pass by", readonly=True, copy=False
    )
    override_at = fields.Datetime("Let pass at", readonly=True, copy=False)
    override_score = fields.Integer("Score let pass", readonly=True, copy=False)

    @api.depends(
        "leader_id",
        "team_ids",
        "containment_ids",
        "step_ids.content",
        "step_ids.owner_id",
        "step_ids.validation",
        "step_ids.not_needed_reason",
        "step_ids.attachment_ids",
        "is_isnot_ids.present",
        "is_isnot_ids.absent",
        "why_ids.question",
        "why_ids.answer",
        "why_ids.parent_id",
        "root_cause_ids.name",
        "root_cause_ids.cell",
        "root_cause_ids.contribution",
        "root_cause_ids.action_ids",
        "action_ids.name",
        "action_ids.user_id",
        "action_ids.stage_id",
        "action_ids.date_deadline",
        "action_ids.type_action",
        "action_ids.effectiveness_criterion",
        "action_ids.effectiveness_check_date",
        "case_id.lesson",
        "case_id.lesson_ids",
        "company_id.complaint_eightd_min_score",
    )
    @api.depends_context("lang")
    def _compute_quality(self):
        for report in self:
            # sudo: who may read a report may know how good it is
            quality = eightd_quality.check(report.sudo()._prepare_quality())
            report.quality_score = quality.score
            report.quality_min = report.sudo().company_id.complaint_eightd_min_score
            report.quality_findings = report._show_findings(quality.findings)
            report.is_quality_enough = quality.score >= report.quality_min

    def _prepare_quality(self):
        """Return the report as ``tools.eightd_quality`` reads it."""
        self.ensure_one()
        steps = {step.discipline: step for step in self.step_ids}
        none = self.step_ids.browse()
        d3, d6, d7 = (steps.get(code, none) for code in ("d3", "d6", "d7"))
        actions = self._filter_live_actions(self.action_ids)
        kinds = actions.mapped("type_action")
        return {
            "leader": self.leader_id.id,
            "team": len(self.team_ids),
            "problem": html2plaintext(steps.get("d2", none).content or ""),
            "is_isnot": any(line.present or line.absent for line in self.is_isnot_ids),
            "containment": bool(self.containment_ids) or d3._has_reason(),
            "roots": [self._prepare_quality_root(c) for c in self.root_cause_ids],
            "actions": [self._prepare_quality_action(a) for a in actions],
            "whys": [
                (why.question, why.answer, why.parent_id.answer) for why in self.why_ids
            ],
            "validation": bool((d6.validation or "").strip() or d6.attachment_ids),
            "prevention": "prevention" in kinds or d7._has_reason(),
            "lesson": self._has_lesson(),
            "owners": [step.owner_id.id for step in self.step_ids if step.owner_id],
        }

    def _prepare_quality_root(self, cause):
        return {
            "name": cause.name,
            "cell": cause.cell,
            "contribution": cause.contribution,
            "actions": len(self._filter_live_actions(cause.action_ids)),
        }

    def _prepare_quality_action(self, action):
        return {
            "name": action.name,
            "owner": bool(action.user_id),
            "due": bool(action.date_deadline),
            "verified": bool(
                action.effectiveness_criterion and action.effectiveness_check_date
            ),
            "kind": action.type_action,
        }

    def _has_lesson(self):
        """Hook: tell whether what was learned is written down."""
        case = self.case_id
        return bool((case.lesson or "").strip() or case.lesson_ids)

    # -- in words ------------------------------------------------------------------
    def _show_findings(self, findings):
        """Return the findings as a table: discipline, what to do, points."""
        if not findings:
            return Markup("<p class='text-success'>%s</p>") % self.env._(
                "Nothing is missing."
            )
        words = self._get_finding_words()
        rows = [
            Markup(
                "<tr><td class='fw-bold text-nowrap'>%s</td><td>%s</td>"
                "<td class='text-end text-nowrap text-muted'>%s</td></tr>"
            )
            % (
                finding.step.upper(),
                words[finding.code] % self._label_args(finding.args),
                f"−{finding.weight}" if finding.weight else "",
            )
            for finding in findings
        ]
        return Markup("<table class='table table-sm mb-0'>%s</table>") % (
            Markup("").join(rows)
        )

    def _label_args(self, args):
        """Return the values of a finding with labels for codes."""
        if "cell" not in args:
            return args
        field = self.env["complaint.rca.root"]._fields["cell"]
        labels = dict(field._description_selection(self.env))
        return {**args, "cell": labels.get(args["cell"], args["cell"])}

    @api.model
    def _get_finding_words(self):
        """Hook: return {code of a finding: words with places for its values}."""
        _ = self.env._
        return {
            "no_leader": _("Name a team leader."),
            "small_team": _(
                "One person alone overlooks causes: name at least %(least)s people."
            ),
            "one_owner": _("All disciplines lie with one person. Share them out."),
            "problem_not_measurable": _(
                "Say the problem in numbers: how many of how many, how much, since "
                "when."
            ),
            "no_containment": _(
                "Say where suspect parts are and what keeps them from the customer."
            ),
            "no_root": _("Find the root causes."),
            "cell_missing": _("No root cause yet for “%(cell)s”."),
            "contribution": _(
                "The contributions of the root causes add up to %(total)s %%, not "
                "100 %%."
            ),
            "why_repeats": _("“%(text)s” repeats what was said. Ask why once more."),
            "blame": _(
                "“%(text)s” stops at a person. Ask why the system let it happen."
            ),
            "cause_without_action": _("No action against “%(cause)s”."),
            "action_without_owner": _("Nobody is responsible for “%(action)s”."),
            "action_without_date": _("“%(action)s” has no deadline."),
            "action_without_check": _(
                "Plan how and when to check that “%(action)s” worked."
            ),
            "weak_action": _(
                "“%(action)s” asks people to do better. Change product, process or "
                "tool so that the mistake can't happen or is noticed."
            ),
            "no_validation": _("Show that the implemented actions work."),
            "no_prevention": _(
                "Say where else it could happen and what prevents it there."
            ),
            "no_lesson": _("Write the lesson of the complaint down."),
        }

    # -- letting pass --------------------------------------------------------------
    def _is_quality_accepted(self):
        """Tell whether the report is good enough, or was let pass as it is."""
        self.ensure_one()
        return self.is_quality_enough or bool(
            self.override_by_id and self.quality_score >= self.override_score
        )

    def action_override_quality(self):
        """Let a report pass below the score, as a manager with a reason."""
        self.check_access("write")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager lets a report pass below the score.")
            )
        for report in self:
            report._check_open()
            reason = (report.override_reason or "").strip()
            if not reason:
                raise UserError(
                    self.env._("Write why %s may pass as it is.", report.name)
                )
            # sudo: guarded fields; role and right were checked
            report.sudo().write(
                {
                    "override_by_id": self.env.uid,
                    "override_at": fields.Datetime.now(),
                    "override_score": report.quality_score,
                }
            )
            report._journal_log(
                "quality_overridden", note=f"{report.quality_score}: {reason}"
            )

    def write(self, vals):
        if "override_reason" in vals:
            self._check_open()
            for report in self.filtered("override_by_id"):
                if report.override_reason != vals["override_reason"]:
                    raise UserError(
                        self.env._(
                            "A manager has let %s pass for this reason; it stays.",
                            report.name,
                        )
                    )
        return super().write(vals)
