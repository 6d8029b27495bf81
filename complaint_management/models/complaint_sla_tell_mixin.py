from collections import defaultdict

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
        people = self._sla_find_recipients(level)
        if level.is_activity:
            self._sla_plan_activities(level, by_host, people)
        if level.is_mail:
            self._sla_mail(level, by_host, people)
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
            host: users.filtered(lambda user, host=host: host.id in readable[user])
            for host, users in wanted.items()
        }

    @api.model
    def _sla_by_user(self, people):
        """Turn {host: users} round into {user: hosts}."""
        hosts_of = defaultdict(self.browse)
        for host, users in people.items():
            for user in users:
                hosts_of[user] |= host
        return hosts_of

    def _sla_get_recipients(self, level):
        """Return the users whom a level tells."""
        if level.recipient == "user":
            return level.user_id
        if level.recipient == "group":
            return level.group_id._get_complaint_people(self.company_id)
        return self._sla_get_alert_user()

    def _sla_set_owner(self, user):
        """Hook: hand the host to another user."""

    def _sla_plan_activities(self, level, by_host, people):
        activity_type = self.env.ref(
            "complaint_management.mail_activity_type_sla_breached"
        )
        common = {
            "activity_type_id": activity_type.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "date_deadline": fields.Date.context_today(self),
            "automated": True,
        }
        vals_list = [
            {
                **common,
                "res_id": host.id,
                "user_id": user.id,
                "summary": self._sla_describe(level, by_host[host.id], user),
            }
            for host in self
            for user in people[host] or self.env.user
        ]
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        quick.create(vals_list)

    @api.model
    def _sla_describe(self, level, clocks, user):
        """Return one line about a level, in the language of the user."""
        words = self.env["complaint.sla.clock"].with_context(lang=user.lang)
        labels = dict(words._fields["kind"]._description_selection(words.env))
        kinds = ", ".join(labels[clock.kind] for clock in clocks)
        return f"{level.with_context(lang=user.lang).name}: {kinds}"

    def _sla_mail(self, level, by_host, people):
        """Tell people by mail, each in their language: one mail with all that reached
        the level, however many they are."""
        self.env["mail.mail"].create(
            [
                self._sla_prepare_mail(level, by_host, user, hosts)
                for user, hosts in self._sla_by_user(people).items()
                if user.email
            ]
        )

    def _sla_prepare_mail(self, level, by_host, user, hosts):
        spoken = hosts.with_user(user).with_context(lang=user.lang)
        level = level.with_context(lang=user.lang)
        lines = [
            (host, self._sla_describe(level, by_host[host.id], user)) for host in spoken
        ]
        body = self.env["ir.qweb"]._render(
            "complaint_management.sla_mail",
            {
                "lines": [
                    {
                        "name": host.display_name,
                        "what": what,
                        "url": f"{host.get_base_url()}/mail/view?model={host._name}"
                        f"&res_id={host.id}",
                    }
                    for host, what in lines
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
