import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .complaint_moment import format_day
from .complaint_stage import RESOLVED_PHASES

_logger = logging.getLogger(__name__)

MONITORING_BATCH = 100
MONITORING_ACTIVITY = "complaint_management.mail_activity_type_monitoring"
# What tells whether a new case is an old one that came back.
RECURRENCE_FIELDS = {"error_type_id", "product_id", "partner_id"}


class ComplaintMonitoringMixin(models.AbstractModel):
    """Watches a solved case for some time: does the problem come back?

    A new case of the same error type with the same product or the same customer
    inside that time means that the actions of the solved one didn't work.
    """

    _name = "complaint.monitoring.mixin"
    _description = "Monitoring after the Solution"
    _guarded_fields = ("recurrence_of_id",)
    _journal_fields = ("monitoring_until",)

    monitoring_until = fields.Date(
        "Watched until",
        copy=False,
        help="Set when the case is solved, from the days of its category or company.",
    )
    recurrence_of_id = fields.Many2one(
        "complaint.case",
        "Came back from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    recurrence_ids = fields.One2many(
        "complaint.case", "recurrence_of_id", "Came back as", readonly=True
    )

    _monitored_idx = models.Index(
        "(error_type_id, monitoring_until) WHERE monitoring_until IS NOT NULL"
    )
    _monitoring_due_idx = models.Index("(monitoring_until) WHERE phase = 'monitoring'")

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & RECURRENCE_FIELDS:
            self._find_recurrences()
        return result

    # -- the window --------------------------------------------------------------
    def _get_monitoring_days(self):
        """Hook: return for how many days this case is watched once it is solved."""
        company = self.company_id.sudo()
        return (
            self.category_id._get_monitoring_days() or company.complaint_monitoring_days
        )

    def _gate_check_monitoring_planned(self):
        planned = self.monitoring_until or self._get_monitoring_days()
        return bool(planned or not self.company_id.sudo().complaint_monitoring_days)

    def _on_phase_entered(self, phase_before):
        result = super()._on_phase_entered(phase_before)
        if self._is_reopened_from(phase_before):
            self.monitoring_until = False
        elif self.phase in RESOLVED_PHASES and not self.monitoring_until:
            if days := self._get_monitoring_days():
                solved = self.resolved_at or fields.Datetime.now()
                self.monitoring_until = solved.date() + timedelta(days=days)
        return result

    # -- coming back ---------------------------------------------------------------
    def _find_recurrences(self):
        """Link new cases to the solved one that has come back, and say so there.

        One query for a whole batch; none while no error type is known.
        """
        candidates = self.filtered(
            lambda case: (
                case.error_type_id
                and case.is_open
                and not case.recurrence_of_id
                and (case.product_id or case.commercial_partner_id)
            )
        )
        if not candidates:
            return
        # sudo: whoever takes in a case needn't see the old one; only its link and
        # what follows for its own people come out of this
        candidates = candidates.sudo()
        solved = candidates.search(
            candidates._get_recurrence_domain(), order="closed_at desc, id desc"
        )
        for case in candidates if solved else ():
            if old := solved.filtered(case._is_recurrence_of)[:1]:
                case._link_recurrence(old)

    def _get_recurrence_domain(self):
        """Hook: return the domain of the solved cases that any of these could be."""
        earliest = min(self.mapped("received_at")).date()
        return (
            Domain("monitoring_until", ">=", earliest)
            & Domain("phase", "in", RESOLVED_PHASES)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("error_type_id", "in", self.error_type_id.ids)
            & (
                Domain("product_id", "in", self.product_id.ids)
                | Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
            )
        )

    def _is_recurrence_of(self, old):
        """Hook: tell whether this is the solved case ``old`` once more."""
        same_product = self.product_id and self.product_id == old.product_id
        customer = self.commercial_partner_id
        same_customer = customer and customer == old.commercial_partner_id
        return (
            old != self
            and old.company_id == self.company_id
            and old.error_type_id == self.error_type_id
            and (same_product or same_customer)
            and (old.resolved_at or old.closed_at) <= self.received_at
            and self.received_at.date() <= old.monitoring_until
        )

    def _link_recurrence(self, old):
        """``old`` has come back as this case (both superuser records)."""
        self.recurrence_of_id = old
        self._journal_log("recurrence_found", note=old.name)
        old._journal_log("came_back", note=self.name)
        user = old.user_id or old.team_id.leader_id
        old.activity_schedule(
            MONITORING_ACTIVITY,
            user_id=user.id or self.env.uid,
            summary=self.env._("The problem came back: %s", self.name),
        )
        old._doubt_actions(self)

    def _doubt_actions(self, new):
        """The actions of this case didn't keep the problem away: their owners hear of
        it and find new ones."""
        note = self.env._(
            "Came back on %(date)s as complaint %(case)s.",
            date=format_day(self.env, new.received_at),
            case=new.name,
        )
        # What is under a legal hold keeps the judgement that it has.
        held = self.action_ids._get_held_cases()
        # Nobody judged: this follows from the new case, whoever took it in.
        for action in self.action_ids.with_user(SUPERUSER_ID):
            if action.id not in held and not action.stage_id.is_cancelled:
                before = (action.effectiveness_note or "").strip()
                action.write(
                    {
                        "effectiveness_result": "not_effective",
                        "effectiveness_note": f"{before}\n{note}".strip(),
                    }
                )

    def _ask_about_failed_action(self, action):
        """Ask whether this case, which has ended, is opened again: one of its actions
        didn't work. Once, and not when it is known that the problem came back."""
        self._ask_owner_once(
            self.env._("An action didn't work: open it again?"),
            plaintext2html(f"{action.name}: {action.effectiveness_note}"),
        )

    # -- the end of the window -------------------------------------------------------
    @api.model
    def _get_monitoring_over_domain(self):
        """Return the domain of the cases that have been watched long enough."""
        return Domain("phase", "=", "monitoring") & Domain(
            "monitoring_until", "<", fields.Date.context_today(self)
        )

    @api.model
    def _cron_end_monitoring(self):
        """Close what didn't come back; ask the owner about the rest, once each."""
        domain, last_id = self._get_monitoring_over_domain(), 0
        cron = self.env["ir.cron"]
        while over := self.search(
            domain & Domain("id", ">", last_id), limit=MONITORING_BATCH, order="id"
        ):
            last_id = over[-1].id
            for case in over.try_lock_for_update().filtered_domain(domain):
                case._end_monitoring()
            remaining = self.search_count(
                domain & Domain("id", ">", last_id), limit=10 * MONITORING_BATCH
            )
            if not cron._commit_progress(len(over), remaining=remaining):
                break

    def _end_monitoring(self):
        """Close this case, or tell its owner why it can't be."""
        self.ensure_one()
        if self.recurrence_ids:
            self._ask_to_end_monitoring(self.env._("The problem came back."))
            return
        try:
            with self.env.cr.savepoint():
                self.stage_id = self._get_closing_stage()
                self.env.flush_all()
        except UserError as refusal:
            self.invalidate_recordset()
            self._ask_to_end_monitoring(str(refusal))
        except Exception:
            self.invalidate_recordset()
            _logger.exception("Case %s could not be closed", self.id)

    def _get_closing_stage(self):
        stages = self.flow_id.stage_ids.sorted("sequence")
        return stages.filtered(lambda stage: stage.phase == "closed")[:1]

    def _ask_to_end_monitoring(self, reason):
        self._ask_owner_once(
            self.env._("Watched long enough: can it be closed?"),
            reason.replace("\n", "<br/>"),
        )

    def _ask_owner_once(self, summary, note):
        """Open an activity for the owner, unless there is one already."""
        activity_type = self.env.ref(MONITORING_ACTIVITY)
        if activity_type in self.activity_ids.activity_type_id:
            return
        user = self.user_id or self.team_id.leader_id
        self.activity_schedule(
            MONITORING_ACTIVITY,
            user_id=user.id or self.env.uid,
            summary=summary,
            note=note,
        )
