from odoo import api, fields, models
from odoo.tools import formatLang, get_lang

from ..tools import jalali
from ..tools.sla_ledger import (
    CLOSED,
    COUNTED,
    HOLIDAY,
    PAUSED,
    ledger,
    row_minutes,
    to_minutes,
)
from .complaint_moment import format_moment


class ComplaintSlaAccountMixin(models.AbstractModel):
    """The clock explains itself: each interval, and why it counts or not."""

    _name = "complaint.sla.account.mixin"
    _description = "Account of a Clock"

    ledger_html = fields.Html(
        "Account", compute="_compute_ledger_html", sanitize=False, readonly=True
    )
    policy_reason = fields.Char(
        "Why this line", compute="_compute_policy_reason", readonly=True
    )

    def _get_ledger(self, until=None):
        """Return the ``tools.sla_ledger.Ledger`` of this clock.

        :param datetime until: naive UTC, default now
        """
        self.ensure_one()
        return self._get_ledgers(until)[self]

    def _get_ledgers(self, until=None):
        """Return {clock: Ledger} with one query, see :meth:`_get_ledger`."""
        hours, until = self.env["complaint.sla.hours"], until or fields.Datetime.now()
        found = {}
        for clock, state in self._get_folds().items():
            version = hours._get_version(clock.hours_id.id)
            found[clock] = ledger(state, until, version.leaves if version else ())
        return found

    def _compute_ledger_html(self):
        accounts, qweb = self._origin._prepare_accounts(), self.env["ir.qweb"]
        for clock in self:
            account = accounts.get(clock._origin)
            clock.ledger_html = account and qweb._render(
                "complaint_management.sla_ledger", {"account": account}
            )

    @api.depends("policy_id")
    @api.depends_context("lang")
    def _compute_policy_reason(self):
        for clock in self:
            # sudo: who may read a clock may read its host
            host = clock.sudo()._get_host()
            reason = host._sla_explain(clock.policy_id)
            if clock.policy_id != host.sla_policy_id:
                reason = self.env._(
                    "%s. The line that held when this promise ended.", reason
                )
            clock.policy_reason = reason

    def _get_host(self):
        """Return the record that makes this promise."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    @api.model
    def _get_reader_direction(self):
        """Return ``rtl`` or ``ltr``: how the language of who reads is written."""
        code = get_lang(self.env).code
        return self.env["res.lang"]._get_data(code=code).direction or "ltr"

    # -- the account in words -----------------------------------------------------
    def _prepare_accounts(self):
        """Return {clock: what the account shows}: facts, rows and sums as texts."""
        ledgers = self._get_ledgers()
        actors = {row.actor for account in ledgers.values() for row in account.rows}
        # sudo: the names of colleagues who paused a clock
        users = self.env["res.users"].sudo().browse(filter(None, actors))
        names = {user.id: user.name for user in users}
        return {
            clock: {
                **clock._prepare_account_facts(),
                **clock._prepare_account_rows(account, names),
            }
            for clock, account in ledgers.items()
        }

    def _prepare_account_facts(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "kind": self.display_name,
            "state": states[self.state],
            "promised": self._say_target(),
            "why": self.policy_reason,
            "hours": self.hours_id.name or self.env._("Day and night"),
            "started": self._say_moment(self.started_at),
            "deadline": self._say_moment(self.deadline),
            "stopped": self._say_moment(self.stopped_at),
            "until": self._say_moment(self.stopped_at or fields.Datetime.now()),
        }

    def _prepare_account_rows(self, account, names):
        kinds = {
            COUNTED: self.env._("Counted"),
            PAUSED: self.env._("Paused"),
            HOLIDAY: self.env._("Holiday"),
            CLOSED: self.env._("Closed hours"),
        }
        rows = [
            {
                "start": self._say_moment(row.start),
                "end": self._say_moment(row.end),
                "kind": row.kind,
                "what": ": ".join(
                    filter(None, (kinds[row.kind], self._say_label(row.label)))
                ),
                "who": names.get(row.actor, ""),
                "time": self._say_minutes(minutes),
            }
            for row, minutes in zip(
                account.rows, row_minutes(account.rows), strict=True
            )
        ]
        sums = [
            (kinds[kind], self._say_minutes(to_minutes(account.total(kind))))
            for kind in kinds
            if account.total(kind)
        ]
        wait = self._say_minutes(to_minutes(account.elapsed))
        return {"rows": rows, "sums": sums, "wait": wait}

    def _say_target(self):
        """Return for example “8 business hours”."""
        units = dict(
            self.env["complaint.sla.policy"]
            ._fields["unit"]
            ._description_selection(self.env)
        )
        digits = 0 if self.target == int(self.target) else 2
        target = formatLang(self.env, self.target, digits=digits)
        return f"{self._say_digits(target)} {units.get(self.unit, '').lower()}"

    def _say_label(self, label):
        """``stop`` is how the fold calls the time between an end and a re-opening."""
        return self.env._("Was answered") if label == "stop" else label

    def _say_moment(self, moment):
        tz = self.env.user.tz or self.calendar_id.tz or "UTC"
        return format_moment(self.env, moment, tz)

    def _say_minutes(self, minutes):
        hours, minutes = divmod(minutes, 60)
        hours, minutes = self._say_digits(hours), self._say_digits(minutes)
        if hours in ("0", jalali.digits(0)):
            return self.env._("%(minutes)s min", minutes=minutes)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)

    def _say_digits(self, value):
        """Numbers beside Persian dates have Persian digits."""
        is_persian = get_lang(self.env).code.startswith("fa")
        return jalali.digits(value) if is_persian else str(value)

    # -- buttons -------------------------------------------------------------------
    def action_open_account(self):
        """Open the account in a dialog."""
        self.ensure_one()
        view = self.env.ref("complaint_management.complaint_sla_clock_view_dialog")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account of a promise"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_print_account(self):
        """Return the account of these promises as a PDF."""
        return self.env.ref(
            "complaint_management.complaint_sla_account_action_pdf"
        ).report_action(self)
