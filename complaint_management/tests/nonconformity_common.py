from odoo.fields import Command

from .common import ComplaintCommon


class NonconformityCommon(ComplaintCommon):
    """A case with a nonconformity, and a second case of another customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_customer = cls.env["res.partner"].create({"name": "Behruz Əliyev"})
        cls.case = cls._new_case()
        cls.second = cls._new_case(
            subject="Behruz says it smokes", partner_id=cls.other_customer.id
        )
        cls.case.with_user(cls.investigator).action_transfer_nonconformity()
        cls.nonconformity = cls.case.nonconformity_ids

    def _link(self, cases, user=None, **values):
        wizard = (
            self.env["complaint.nonconformity.link"]
            .with_user(user or self.investigator)
            .create(
                {
                    "case_ids": [Command.set(cases.ids)],
                    "nonconformity_id": self.nonconformity.id,
                    **values,
                }
            )
        )
        return wizard.action_confirm()

    def _put_aside(self, way, user=None, reason="It is another oven", case=None):
        wizard = (
            self.env["complaint.nonconformity.aside"]
            .with_user(user or self.manager)
            .create(
                {
                    "case_id": (case or self.case).id,
                    "nonconformity_id": self.nonconformity.id,
                    "way": way,
                    "reason": reason,
                }
            )
        )
        return wizard.action_confirm()

    def _new_action(self, case, **values):
        return self.env["mgmtsystem.action"].create(
            {
                "name": "Change the cable",
                "type_action": "correction",
                "complaint_case_id": case.id,
                "user_id": self.investigator.id,
                **values,
            }
        )

    def _new_file(self, record, content=b"burnt", name="photo.txt"):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def _get_shown(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "mgmtsystem.nonconformity"),
                ("res_id", "=", self.nonconformity.id),
            ]
        )

    def _close_nonconformity(self, nonconformity=None):
        nonconformity = nonconformity or self.nonconformity
        nonconformity.write({"evaluation_comments": "ok", "action_comments": "ok"})
        nonconformity.stage_id = self.env.ref("mgmtsystem_nonconformity.stage_done")

    def _cancel_nonconformity(self):
        stage = self.env.ref("mgmtsystem_nonconformity.stage_cancel")
        self.nonconformity.stage_id = stage
