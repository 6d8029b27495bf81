import logging
from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from .complaint_moment import format_day

_logger = logging.getLogger(__name__)

PEOPLE_BATCH = 20
ACTIVITY = "complaint_management.mail_activity_type_action"
# Each is told on its own, so that a run that was cut off tells nobody twice.
TRACKS = ("owner", "manager", "checker")
LEVEL_FIELDS = {f"remind_{track}_level" for track in TRACKS}
# Levels: 0 nothing to say, 1 due soon or today, 2 overdue, 3 and more: still overdue.
STILL_OVERDUE = 3


class Reminder(NamedTuple):
    action: models.BaseModel
    track: str
    level: int


class ComplaintActionRemindMixin(models.AbstractModel):
    """Reminds people of actions before and after they are due.

    Each level is told once to each who must know: the level that was told last is
    stored with the action, in the transaction that queues the mail. One mail a person,
    however many actions.
    """

    _name = "complaint.action.remind.mixin"
    _description = "Reminders of Actions"
    _guarded_fields = tuple(LEVEL_FIELDS)
    _hold_free_fields = tuple(LEVEL_FIELDS)

    remind_owner_level = fields.Integer(
        "Reminders of the owner", readonly=True, copy=False
    )
    remind_manager_level = fields.Integer(
        "Reminders of who answers for the case", readonly=True, copy=False
    )
    remind_checker_level = fields.Integer(
        "Reminders of who verifies or checks", readonly=True, copy=False
    )

    def write(self, vals):
        if vals.keys() <= LEVEL_FIELDS:
            return super().write(vals)
        before = {action.id: action._get_remind_keys() for action in self}
        result = super().write(vals)
        for action in self:
            after = action._get_remind_keys()
            if after != before[action.id]:
                action._forget_reminders(before[action.id], after)
        return result

    def _get_remind_keys(self):
        """Return {track: what its reminders are about}; once that changes, they begin
        anew."""
        # sudo: whoever owns an action may not read what it hangs on
        action = self.sudo()
        due = action.next_due
        return {
            "owner": (due, action.next_step, action.user_id),
            "manager": (due, action.next_step),
            "checker": (due, action.next_step, action._get_remind_checker()),
        }

    def _forget_reminders(self, before, after):
        stale = [
            track
            for track in TRACKS
            # sudo: the levels are the system's own, nobody reads them
            if before[track] != after[track] and self.sudo()[f"remind_{track}_level"]
        ]
        if stale:
            # sudo: written by the system only
            self.sudo().write({f"remind_{track}_level": 0 for track in stale})

    # -- OCA's own mails ------------------------------------------------------
    def send_mail_for_action(self, force_send=True):
        """Queue the mail: sending inside the transaction would tell people about
        actions that a later error undoes (mgmtsystem_action 19.0 forces it)."""
        return super().send_mail_for_action(force_send=False)

    def get_action_url(self):
        """A link that signs people in and opens the action for whoever may read it;
        that of mgmtsystem_action 19.0 is of older screens."""
        self.ensure_one()
        return f"{self.get_base_url()}/mail/view?model={self._name}&res_id={self.id}"

    @api.model
    def process_reminder_queue(self, reminder_days=10):
        """mgmtsystem_action 19.0 tells the owner once, on the day that is 10 days
        before the deadline, of finished actions too when their stage isn't its own.
        The reminders here replace it, until it can be set up like them."""
        return False

    # -- when -----------------------------------------------------------------
    def _get_remind_level(self, today):
        """Return the level that the next step of this action has reached."""
        due = self.next_due
        if not due:
            return 0
        company = self.company_id or self.env.company
        early = (
            company.complaint_action_remind_before if self.next_step == "work" else 0
        )
        every = company.complaint_action_remind_every
        late = (today - due).days
        if late <= 0:
            return int(late >= -early)
        return 2 + ((late - 1) // every if every else 0)

    @api.model
    def _get_remind_domain(self, today):
        """Return the domain of the actions of which somebody may have to hear."""
        # sudo: the longest time of all companies
        companies = self.env["res.company"].sudo().search([])
        early = max(companies.mapped("complaint_action_remind_before"), default=0)
        return Domain("next_due", "<=", today + timedelta(days=early))

    # -- who ------------------------------------------------------------------
    def _get_remind_manager(self):
        """Hook: return who answers for the case, when its action stays undone."""
        case = self.complaint_case_id
        people = case.user_id | case.team_id.leader_id
        return (people.filtered("active") - self.user_id)[:1]

    def _get_remind_checker(self):
        """Hook: return who verifies or checks this action."""
        named = (
            self.verifier_id
            if self.next_step == "verify"
            else self.effectiveness_checker_id
        )
        return named.filtered("active") or self._get_remind_manager()

    def _get_reminders(self, today):
        """Return [(user, Reminder)] of what people haven't been told yet."""
        level = self._get_remind_level(today)
        if self.next_step in ("work", "follow"):
            owner = self.user_id.filtered("active")
            wanted = [("owner", owner or self._get_remind_manager())]
            if level >= STILL_OVERDUE:
                wanted.append(("manager", self._get_remind_manager()))
        else:
            wanted = [("checker", self._get_remind_checker() or self.user_id)]
        return [
            (user, Reminder(self, track, level))
            for track, user in wanted
            if user and self[f"remind_{track}_level"] < level
        ]

    def _get_reminders_by_user(self, today):
        """Return {user: [Reminder]} of these actions."""
        by_user = defaultdict(list)
        for action in self:
            for user, reminder in action._get_reminders(today):
                by_user[user].append(reminder)
        return by_user

    # -- telling --------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Tell people what is due, person by person."""
        today = fields.Date.context_today(self)
        actions = self.search(self._get_remind_domain(today), order="id")
        by_user = actions._get_reminders_by_user(today)
        cron, remaining = self.env["ir.cron"], len(by_user)
        for users in split_every(PEOPLE_BATCH, by_user):
            self._remind_guarded({user: by_user[user] for user in users}, today)
            remaining -= len(users)
            if not cron._commit_progress(len(users), remaining=remaining):
                break

    @api.model
    def _remind_guarded(self, by_user, today):
        """Tell some people at once; when that fails, one by one, so that a bad record
        doesn't stop the rest."""
        try:
            with self.env.cr.savepoint():
                self._remind(by_user, today)
                self.env.flush_all()
        except Exception:
            self.env.invalidate_all(flush=False)
            if len(by_user) > 1:
                for user, reminders in by_user.items():
                    self._remind_guarded({user: reminders}, today)
                return
            _logger.exception("User %s could not be reminded", next(iter(by_user)).id)

    @api.model
    def _remind(self, by_user, today):
        """Store the levels and queue mails and activities of some people.

        What somebody else is working on right now is left to the next run.
        """
        ids = {r.action.id for reminders in by_user.values() for r in reminders}
        locked = self.browse(sorted(ids)).try_lock_for_update()
        locked.invalidate_recordset()
        told = {}
        for user, reminders in by_user.items():
            due = [
                reminder
                for reminder in reminders
                if reminder.action in locked
                and (user, reminder) in reminder.action._get_reminders(today)
            ]
            if due:
                told[user] = due
        self._remind_plan(told, today)
        self._remind_mail(told)
        stored = defaultdict(list)
        for reminder in (r for reminders in told.values() for r in reminders):
            stored[reminder.track, reminder.level].append(reminder.action.id)
        for (track, level), ids in stored.items():
            self.browse(ids).write({f"remind_{track}_level": level})

    @api.model
    def _remind_plan(self, told, today):
        """Plan an activity where the person has none for this action yet."""
        activity_type = self.env.ref(ACTIVITY)
        known = self._get_known_reminders(told, activity_type)
        vals_list = []
        for user, reminders in told.items():
            actions = self.concat(*(r.action for r in reminders))
            readable = actions.with_user(user)._filtered_access("read")
            # Back in the set of all, so that what follows is read for all at once.
            ids = set(readable._ids)
            for action in actions.filtered(lambda rec, ids=ids: rec.id in ids):
                if (action.id, user.id) not in known:
                    vals_list.append(
                        {
                            "res_id": action.id,
                            "res_name": action.display_name,
                            "user_id": user.id,
                            "summary": action._describe_due(user.lang),
                        }
                    )
        common = {
            "activity_type_id": activity_type.id,
            "date_deadline": today,
            "automated": True,
        }
        hosts = self.browse({vals["res_id"] for vals in vals_list})
        self.env["mail.activity"]._complaint_plan(hosts, common, vals_list)

    @api.model
    def _get_known_reminders(self, told, activity_type):
        """Return {(id of action, id of user)} of the activities that are there."""
        actions = {r.action.id for reminders in told.values() for r in reminders}
        rows = self.env["mail.activity"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", list(actions)),
                ("activity_type_id", "=", activity_type.id),
            ],
            ["res_id", "user_id"],
        )
        return {(res_id, user.id) for res_id, user in rows}

    @api.model
    def _remind_mail(self, told):
        self.env["mail.mail"].create(
            [
                self._prepare_remind_mail(user, reminders)
                for user, reminders in told.items()
                if user.email
            ]
        )

    @api.model
    def _prepare_remind_mail(self, user, reminders):
        """Return the one mail that tells a person, in their language, of all."""
        actions = self.concat(*(r.action for r in reminders)).with_context(
            lang=user.lang
        )
        actions = actions.sorted(lambda a: (a.next_due, a.id))
        body = self.env["ir.qweb"]._render(
            "complaint_management.action_reminder_mail",
            {
                "user": user,
                "lines": [
                    {
                        "name": f"{action.reference} {action.name}",
                        "what": action._describe_due(user.lang),
                        "url": action.get_action_url(),
                    }
                    for action in actions
                ],
                "direction": self.env["res.lang"]._get_data(code=user.lang).direction,
            },
            lang=user.lang,
        )
        return {
            "subject": actions.env._("Actions that wait for you (%s)", len(actions)),
            "body_html": body,
            "email_to": user.email_formatted,
            "auto_delete": True,
        }

    def _describe_due(self, lang):
        """Return in a language what has to happen with this action, and by when."""
        env = self.with_context(lang=lang).env
        due = format_day(env, self.next_due)
        if self.next_step == "verify":
            return env._("Verify that it was implemented; ready since %s", due)
        if self.next_step == "check":
            return env._("Check whether it worked; planned for %s", due)
        if self.next_step == "follow":
            return env._("It didn't work: find another way; known since %s", due)
        if self.next_due < fields.Date.context_today(self):
            return env._("Overdue since %s", due)
        return env._("Due on %s", due)
