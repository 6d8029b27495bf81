from collections import defaultdict
from functools import cache, partial

from odoo import api, fields, models


class ComplaintSlaTellMixin(models.AbstractModel):
    """Who hears of a level of escalation, and how."""

    _name = "complaint.sla.tell.mixin"
    _description = "Escalations Told to People"

    def _sla_pause_ended(self):
        """Hook: the longest pause of these hosts is over."""

    def _sla_escalate(self, level, clocks):
        """A level was reached on clocks of these hosts: tell who must know, and nobody
        who may not see the host.

        :param level: complaint.sla.escalation
        :param clocks: complaint.sla.clock of self, at least one each
        """
        by_host = clocks.grouped("res_id")
        kinds = {id_: tuple(ours.mapped("kind")) for id_, ours in by_host.items()}
        people = self._sla_find_recipients(level)
        if level.is_activity:
            self._sla_plan_activities(level, kinds, people)
        if level.is_mail:
            self._sla_mail(level, kinds, people)
        if level.is_new_owner:
            for host in self.filtered(lambda rec: people[rec]):
                host._sla_set_owner(people[host][:1])

    def _sla_find_recipients(self, level):
        """Return {host: users} who are told and may read the host."""
        wanted = {host: host._sla_get_recipients(level) for host in self}
        readable = {
            user: set(hosts.with_user(user)._filtered_access("read")._ids)
            for user, hosts in self._sla_by_user(wanted).items()
        }
        return {
            host: users.browse([user.id for user in users if host.id in readable[user]])
            for host, users in wanted.items()
        }

    @api.model
    def _sla_by_user(self, people):
        """Turn {host: users} round into {user: hosts}."""
        ids_of = defaultdict(list)
        for host, users in people.items():
            for user in users:
                ids_of[user].append(host.id)
        return {user: self.browse(ids) for user, ids in ids_of.items()}

    def _sla_get_recipients(self, level):
        """Return the users whom a level tells."""
        if level.recipient == "user":
            return level.user_id
        if level.recipient == "group":
            return level.group_id._get_complaint_people(self.company_id)
        return self._sla_get_alert_user()

    def _sla_set_owner(self, user):
        """Hook: hand the host to another user."""

    def _sla_plan_activities(self, level, kinds, people):
        # A sweep says the same of thousands.
        describe = cache(partial(self._sla_describe, level))
        vals_list = [
            {
                "res_id": host.id,
                "res_name": host.display_name,
                "user_id": user.id,
                "summary": describe(kinds[host.id], user.lang),
            }
            for host in self
            for user in people[host] or self.env.user
        ]
        self.env["mail.activity"]._complaint_plan(
            self, self._sla_prepare_activity(), vals_list
        )

    def _sla_tell_wrong(self):
        """The figures of promises of these hosts aren't what their events add up to:
        each owner is told once."""
        for host in self:
            user = host._sla_get_alert_user() or self.env.user
            shown = host._sla_get_shown()
            words = shown.with_context(lang=user.lang).env._
            summary = words("Check the account of the promises: its figures are wrong")
            if summary not in shown.activity_ids.mapped("summary"):
                shown.activity_schedule(
                    "mail.mail_activity_data_warning", summary=summary, user_id=user.id
                )

    def _sla_get_shown(self):
        """Return the record on which people work at this host."""
        return self

    def _sla_prepare_activity(self):
        """Return the values that all activities of a level have."""
        activity_type = self.env.ref(
            "complaint_management.mail_activity_type_sla_breached"
        )
        return {
            "activity_type_id": activity_type.id,
            "date_deadline": fields.Date.context_today(self),
            "automated": True,
        }

    @api.model
    def _sla_describe(self, level, kinds, lang):
        """Return one line about a level, in a language.

        :param tuple kinds: kinds of the clocks that reached it
        """
        words = self.env["complaint.sla.clock"].with_context(lang=lang)
        labels = dict(words._fields["kind"]._description_selection(words.env))
        name = level.with_context(lang=lang).name
        return f"{name}: {', '.join(labels[kind] for kind in kinds)}"

    def _sla_mail(self, level, kinds, people):
        """Tell people by mail, each in their language: one mail with all that reached
        the level, however many they are."""
        self.env["mail.mail"].create(
            [
                self._sla_prepare_mail(level, kinds, user, hosts)
                for user, hosts in self._sla_by_user(people).items()
                if user.email
            ]
        )

    def _sla_prepare_mail(self, level, kinds, user, hosts):
        spoken = hosts.with_user(user).with_context(lang=user.lang)
        level = level.with_context(lang=user.lang)
        body = self.env["ir.qweb"]._render(
            "complaint_management.sla_mail",
            {
                "lines": [
                    host._sla_prepare_mail_line(level, kinds[host.id])
                    for host in spoken
                ],
                "direction": self.env["res.lang"]._get_data(code=user.lang).direction,
            },
            lang=user.lang,
        )
        return {
            "subject": f"{level.name} ({len(hosts)})",
            "body_html": body,
            "email_to": user.email_formatted,
            "auto_delete": True,
        }

    def _sla_prepare_mail_line(self, level, kinds):
        """Return what a mail in the language of self says of one host: name, what
        happened, link."""
        self.ensure_one()
        what = self._sla_describe(level, kinds, self.env.lang)
        shown = self._sla_get_shown()
        url = f"{shown.get_base_url()}/mail/view"
        return {
            "name": shown.display_name,
            "what": what,
            "url": f"{url}?model={shown._name}&res_id={shown.id}",
        }
