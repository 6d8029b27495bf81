from .common import ComplaintCommon

THREAT = "Bu gün cavab gəlməsə, məhkəməyə verəcəyəm. Vəkilim hazırdır."


class LegalCommon(ComplaintCommon):
    """A customer with a login, and what legal sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.legal.email = "counsel@company.example"
        cls.portal_user = cls.env["res.users"].create(
            {
                "name": "Aysel",
                "login": "legal_portal",
                "partner_id": cls.customer.id,
                "group_ids": [(6, 0, [cls.env.ref("base.group_portal").id])],
            }
        )

    def _hits(self, case):
        return sorted((hit.source, hit.match) for hit in case.legal_hit_ids)

    def _write(self, case, body, **values):
        """The customer writes to us."""
        return (
            case.with_user(self.portal_user)
            .sudo()
            .message_post(
                body=body,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.customer.id,
                **values,
            )
        )

    def _alerts(self, case):
        kind = self.env.ref("complaint_management.mail_activity_type_legal")
        return case.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def _mails(self):
        return self.env["mail.mail"].search(
            [
                ("email_to", "ilike", self.legal.email),
                ("subject", "ilike", "legal risk"),
            ]
        )

    def _dismiss(self, hits, user, reason="Tennis court"):
        action = hits.with_user(user).action_dismiss()
        wizard = (
            self.env["complaint.legal.dismiss"]
            .with_user(user)
            .with_context(**action["context"])
            .create({"reason": reason})
        )
        wizard.action_dismiss()
