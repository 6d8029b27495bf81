from odoo import fields, models
from odoo.tools import format_datetime

from ..tools.sla_ledger import CLOSED, COUNTED, HOLIDAY, PAUSED, as_hours, ledger


class ComplaintSlaAccountMixin(models.AbstractModel):
    """The clock explains itself: each interval, and why it counts or not."""

    _name = "complaint.sla.account.mixin"
    _description = "Account of a Clock"

    ledger_html = fields.Html(
        "Account", compute="_compute_ledger_html", sanitize=False, readonly=True
    )

    def _get_ledger(self, until=None):
        """Return the ``tools.sla_ledger.Ledger`` of this clock.

        :param datetime until: naive UTC, default now
        """
        self.ensure_one()
        version = self.env["complaint.sla.hours"]._get_version(self.hours_id.id)
        return ledger(
            self._get_folds()[self],
            until or fields.Datetime.now(),
            version.leaves if version else (),
        )

    def _compute_ledger_html(self):
        for clock in self:
            clock.ledger_html = (
                self.env["ir.qweb"]._render(
                    "complaint_management.sla_ledger", clock._prepare_ledger_values()
                )
                if clock._origin
                else False
            )

    def _prepare_ledger_values(self):
        """Return what the account shows: rows and sums as texts."""
        clock = self._origin
        account = clock._get_ledger()
        actors = self.env["res.users"].browse(
            {row.actor for row in account.rows if row.actor}
        )
        # sudo: the names of colleagues who paused a clock
        names = {user.id: user.sudo().name for user in actors}
        kinds = {
            COUNTED: self.env._("Counted"),
            PAUSED: self.env._("Paused"),
            HOLIDAY: self.env._("Holiday"),
            CLOSED: self.env._("Closed hours"),
        }
        rows = [
            {
                "start": clock._say_moment(row.start),
                "end": clock._say_moment(row.end),
                "kind": row.kind,
                "what": ": ".join(
                    filter(None, (kinds[row.kind], clock._say_label(row.label)))
                ),
                "who": names.get(row.actor, ""),
                "time": self._say_duration(row.duration),
            }
            for row in account.rows
        ]
        sums = [
            (kinds[kind], self._say_duration(account.total(kind)))
            for kind in kinds
            if account.total(kind)
        ]
        wait = self._say_duration(account.elapsed)
        return {"rows": rows, "sums": sums, "wait": wait}

    def _say_label(self, label):
        """``stop`` is how the fold calls the time between an end and a re-opening."""
        return self.env._("Was answered") if label == "stop" else label

    def _say_moment(self, moment):
        tz = self.env.user.tz or self.calendar_id.tz or "UTC"
        return format_datetime(self.env, moment, tz=tz, dt_format="short")

    def _say_duration(self, duration):
        hours, minutes = as_hours(duration)
        if not hours:
            return self.env._("%(minutes)s min", minutes=minutes)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)

    def action_prove(self):
        """Compare the stored figures with the events, and say what came out."""
        wrong = self._find_wrong()
        if wrong:
            text = self.env._("The stored figures differ from the events.")
        else:
            text = self.env._("The stored figures are what the events add up to.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": "danger" if wrong else "success"},
        }
