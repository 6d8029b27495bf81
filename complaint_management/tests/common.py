from datetime import datetime

from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon

GROUP = "complaint_management.complaint_group_"
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


def new_users(env, people):
    """What core's ``mail_new_test_user`` makes of login, groups and name, for many."""
    return (
        env["res.users"]
        .with_context(**QUIET)
        .create(
            [
                {
                    "login": person["login"],
                    "name": person["name"],
                    "email": "{0}.{0}@example.com".format(person["login"][0]),
                    "password": person["login"].ljust(8, "x"),
                    "group_ids": [
                        Command.set(
                            [env.ref(xmlid).id for xmlid in person["groups"].split(",")]
                        )
                    ],
                }
                for person in people
            ]
        )
    )


class ComplaintCommon(BaseCommon):
    """A team with people in each role, a customer, a product and a Baku calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_people()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Mon-Fri 09-18 with lunch",
                "tz": "Asia/Baku",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": period,
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        },
                    )
                    for day in range(5)
                    for period, start, end in (
                        ("morning", 9, 13),
                        ("afternoon", 14, 18),
                    )
                ],
            }
        )
        cls.team = cls.env["complaint.team"].create(
            {
                "name": "Baku",
                "leader_id": cls.manager.id,
                "member_ids": [
                    (6, 0, (cls.handler | cls.investigator | cls.manager).ids)
                ],
                "calendar_id": cls.calendar.id,
                "alias_name": "baku-complaints",
            }
        )
        cls.category = cls.env.ref(
            "complaint_management.complaint_category_product_defective"
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Aysel Kazımova", "email": "aysel@customer.example"}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Oven", "default_code": "OVEN-1"}
        )

    @classmethod
    def _new_people(cls):
        """One person in each role, and a handler of no team; all at once, which takes
        a third of the time: every class of tests waits for it."""
        people = {
            "handler": "handler",
            "outsider": "handler",
            "investigator": "investigator",
            "manager": "manager",
            "legal": "legal",
            "auditor": "auditor",
        }
        users = new_users(
            cls.env, [cls._user_values(role, name) for name, role in people.items()]
        )
        cls.handler, cls.other_handler, cls.investigator = users[:3]
        cls.manager, cls.legal, cls.auditor = users[3:]

    @classmethod
    def _new_user(cls, role, login=None):
        return new_users(cls.env, [cls._user_values(role, login or role)])

    @classmethod
    def _user_values(cls, role, name):
        return {
            "login": f"complaint_{name}",
            "groups": f"{GROUP}{role}",
            "name": name.title(),
        }

    @classmethod
    def _new_case(cls, **values):
        vals = {
            "subject": "The oven doesn't heat",
            "description": "It was new and never got warm.",
            "partner_id": cls.customer.id,
            "product_id": cls.product.id,
            "category_id": cls.category.id,
            "team_id": cls.team.id,
            "user_id": cls.handler.id,
            **values,
        }
        return cls.env["complaint.case"].create(vals)

    @classmethod
    def _new_cost(cls, case, **values):
        scrap = cls.env.ref("complaint_management.complaint_cost_type_scrap")
        return cls.env["complaint.cost.line"].create(
            {"case_id": case.id, "type_id": scrap.id, "unit_cost": 20, **values}
        )

    @classmethod
    def _promise_business_hours(cls, **values):
        """Promise answers in four and solutions in eight business hours."""
        vals = {
            "category_id": cls.category.id,
            "unit": "business_hours",
            "respond": 4,
            "resolve": 8,
            **values,
        }
        return cls.env["complaint.sla.policy"].create(vals)

    @classmethod
    def _pause_reason(cls):
        """The reason “we wait for the customer”."""
        return cls.env.ref("complaint_management.complaint_sla_pause_reason_customer")

    @classmethod
    def _stage(cls, phase):
        return cls.env.ref(f"complaint_management.stage_{phase}")

    @classmethod
    def _answer(cls, case, user):
        """A colleague answers the customer."""
        return case.with_user(user).message_post(
            body="We are looking into it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    @classmethod
    def _tell_decision(cls, case):
        """A colleague sends the letter with the decision."""
        cls.env["complaint.answer"].with_user(case.env.user).create(
            {"case_id": case.id}
        ).action_send()

    def _run_cron(self, name):
        """Run a scheduled action the way the server does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"complaint_management.{name}").method_direct_trigger()

    @staticmethod
    def _at(text):
        return datetime.fromisoformat(text)

    def _judge_not_justified(self, case, reason="Used outside of the manual"):
        """Two people find that a complaint isn't justified."""
        case.with_user(self.handler).write(
            {"validity": "not_justified", "validity_reason": reason}
        )
        case.with_user(self.manager).action_confirm_validity()
