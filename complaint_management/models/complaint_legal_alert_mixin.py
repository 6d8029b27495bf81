from collections import defaultdict

from odoo import api, fields, models

from .complaint_legal_hit import LEGAL_GROUP

ALERT_ACTIVITY = "complaint_management.mail_activity_type_legal"


class ComplaintLegalAlertMixin(models.AbstractModel):
    """Tells legal about a case that became a legal risk: at once, once, and nobody who
    may not read the case."""

    _name = "complaint.legal.alert.mixin"
    _description = "Alerts about Legal Risks"

    def _legal_alert(self):
        """Plan an activity and queue a mail for legal, in this transaction."""
        if not self:
            return
        # sudo: legal hears of it whoever found it
        cases_sudo = self.sudo()
        people = cases_sudo._legal_find_people()
        cases_sudo._legal_plan_activities(people)
        cases_sudo._legal_mail(people)
        cases_sudo._journal_log("legal_alert")

    def _legal_end_alert(self):
        """The question is answered: nobody needs to look any more."""
        if self:
            # sudo: activities of all who were told
            self.sudo().activity_unlink([ALERT_ACTIVITY], only_automated=False)

    # -- who ------------------------------------------------------------------------
    def _legal_find_people(self):
        """Return {case: users} who are told: legal, else who answers for the case. Of
        both only those who may read it, and nobody whom it is about."""
        group = self.env.ref(LEGAL_GROUP)
        people = {
            company: group._get_complaint_people(company) for company in self.company_id
        }
        wanted = {
            case: case._choose_legal_people(people[case.company_id]) for case in self
        }
        found = self._legal_filter_readers(wanted)
        lonely = self.filtered(lambda case: not found[case])
        system = self.env.ref("base.user_root")
        owners = {
            case: (case.user_id | case.team_id.leader_id) - system for case in lonely
        }
        return found | lonely._legal_filter_readers(owners)

    def _choose_legal_people(self, people):
        """Hook: return those of the people of legal who answer for this case."""
        self.ensure_one()
        people -= self.subject_user_ids
        # Who set it by hand knows.
        return people - self.env.user if len(people) > 1 else people

    def _legal_filter_readers(self, people):
        """Return {case: users} without those who may not read the case."""
        cases_of = self._legal_by_user(people)
        readable = {}
        for user, cases in cases_of.items():
            as_user = cases.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            readable[user] = set(as_user._filtered_access("read")._ids)
        return {
            case: users.filtered(lambda user, case=case: case.id in readable[user])
            for case, users in people.items()
        }

    @api.model
    def _legal_by_user(self, people):
        """Turn {case: users} round into {user: cases}."""
        cases_of = defaultdict(self.browse)
        for case, users in people.items():
            for user in users:
                cases_of[user] |= case
        return cases_of

    # -- how ------------------------------------------------------------------------
    def _legal_plan_activities(self, people):
        common = {
            "activity_type_id": self.env.ref(ALERT_ACTIVITY).id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "date_deadline": fields.Date.context_today(self),
            "automated": True,
        }
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        quick.create(
            [
                {
                    **common,
                    "res_id": case.id,
                    "user_id": user.id,
                    "summary": case._get_legal_alert_line(user)[:200],
                }
                for case, users in people.items()
                for user in users
            ]
        )

    def _get_legal_alert_line(self, user):
        """Return why a case is a legal risk, in the language of a user."""
        case = self.with_context(lang=user.lang)
        return case.legal_words or case.env._("Set by %s", self.env.user.name)

    def _legal_mail(self, people):
        """Queue one mail for each person, with all cases that became a risk now."""
        mails = [
            self._prepare_legal_mail(user, cases)
            for user, cases in self._legal_by_user(people).items()
            if user.email
        ]
        if mails:
            self.env["mail.mail"].create(mails)
            # Sent after this transaction, not at the next full hour.
            job = self.env.ref(
                "mail.ir_cron_mail_scheduler_action", raise_if_not_found=False
            )
            if job:
                job._trigger()

    def _prepare_legal_mail(self, user, cases):
        spoken = cases.with_context(lang=user.lang)
        body = self.env["ir.qweb"]._render(
            "complaint_management.legal_mail",
            {
                "lines": [
                    {
                        "name": f"{case.name} {case.subject}",
                        "what": case._get_legal_alert_line(user),
                        "url": f"{case.get_base_url()}/mail/view?model={case._name}"
                        f"&res_id={case.id}",
                    }
                    for case in spoken
                ],
                "direction": self.env["res.lang"]._get_data(code=user.lang).direction,
            },
            lang=user.lang,
        )
        subject = spoken.env._("Legal risk: %s", ", ".join(cases.mapped("name")[:5]))
        return {
            "subject": subject,
            "body_html": body,
            "email_to": user.email_formatted,
            "auto_delete": True,
        }
