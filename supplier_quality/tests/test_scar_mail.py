from markupsafe import Markup

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import SECRETS, SupplierCommon


@tagged("post_install", "-at_install")
class TestScarMail(SupplierCommon, MailCase):
    def _sent_mails(self, call):
        with self.mock_mail_gateway():
            call()
            self.env.cr.precommit.run()
            self.env.cr.postcommit.run()
        return self._mails

    def assertNoSecret(self, mail):
        """Neither text nor headers nor files say who the customer is, or a price."""
        text = "\n".join(f"{key}: {value}" for key, value in mail.items())
        # whole prices: the digits alone may stand in the number of a message
        prices = ("4321.98", "4,321.98", "4321,98")
        for secret in [*SECRETS, self.case.name, "complaint.case", *prices]:
            self.assertNotIn(secret.lower(), text.lower())

    def _new_case_scar(self):
        order = self._new_order(quantity=8)
        self._receive(order, 5)
        return self._new_scar(
            case_id=self.case.id,
            purchase_line_ids=order.order_line.ids,
            qty_complained=3,
            lot="L-77",
        ).with_user(self.quality)

    def test_mails_of_the_whole_way_tell_nothing_of_the_case(self):
        self.case.message_post(body="internal: Günel called again")
        scar = self._new_case_scar()
        mails = self._sent_mails(scar.action_send)
        self.assertEqual(len(mails), 1)
        self.assertIn("quality@marmara.example", mails[0]["email_to"][0])
        for part in (scar.name, "L-77", "Kettle", scar.purchase_order_id.name):
            self.assertIn(part, mails[0]["body"])
        self.assertNoSecret(mails[0])
        self._answer_as_supplier(scar)
        (mail,) = self._sent_mails(lambda: scar._reject("Which machine?"))
        self.assertIn("Which machine?", mail["body"])
        self.assertNoSecret(mail)
        self._answer_as_supplier(scar)
        (mail,) = self._sent_mails(scar.action_accept)
        self.assertIn("accepted", mail["body"])
        self.assertNoSecret(mail)

    def test_mail_is_in_the_suppliers_language(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        template = self.env.ref("supplier_quality.mail_template_scar_request")
        body = Markup("<p>Sayın tedarikçi <t t-out='object.name'/></p>")
        template.with_context(lang="tr_TR").body_html = body
        self.supplier.lang = "tr_TR"
        (mail,) = self._sent_mails(self._new_scar().action_send)
        self.assertIn("Sayın tedarikçi SCAR/", mail["body"])

    def test_every_template_renders_in_english(self):
        scar = self._new_sent_scar()
        for name in ("request", "rejected", "accepted", "cancelled"):
            template = self.env.ref(f"supplier_quality.mail_template_scar_{name}")
            body = template._render_field("body_html", scar.ids)[scar.id]
            subject = template._render_field("subject", scar.ids)[scar.id]
            self.assertIn(scar.name, body)
            self.assertIn(scar.name, subject)

    def test_files_go_along_while_there_is_no_supplier_page(self):
        scar = self._new_scar()
        file = self.env["ir.attachment"].create(
            {"name": "lid.png", "raw": b"x", "res_model": scar._name, "res_id": scar.id}
        )
        scar.write({"released_attachment_ids": file.ids, "is_text_confirmed": True})
        with self.mock_mail_gateway():
            scar.action_send()
        message = scar.message_ids.filtered(lambda m: m.partner_ids)
        has_page = bool(scar._get_supplier_url())
        self.assertEqual(message.attachment_ids, file.browse() if has_page else file)
        self.assertEqual(file.res_id, scar.id)

    def test_supplier_follows_nothing_and_gets_no_internal_note(self):
        scar = self._new_case_scar()
        self._sent_mails(scar.action_send)
        self._answer_as_supplier(scar)
        suppliers = self.supplier | self.supplier_user.partner_id
        for record in (self.case, scar):
            self.assertFalse(record.message_partner_ids & suppliers)
        mails = self._sent_mails(
            lambda: scar.message_post(
                body="Our own fault?", subtype_xmlid="mail.mt_note"
            )
        )
        self.assertFalse([m for m in mails if "marmara" in str(m["email_to"])])

    def test_note_addressed_to_the_supplier_is_refused(self):
        scar = self._new_sent_scar()
        with self.assertRaises(UserError):
            scar.message_post(
                body="Our own fault?",
                subtype_xmlid="mail.mt_note",
                partner_ids=self.supplier_user.partner_id.ids,
            )

    def test_message_that_names_the_customer_is_refused(self):
        scar = self._new_case_scar()
        scar.action_send()
        for body in ("Ask GÜNEL ISMAYILOVA", "call 050-765-43-21", "order SO-7781"):
            with self.assertRaises(UserError, msg=body):
                scar.message_post(body=body, subtype_xmlid="mail.mt_comment")
            scar.message_post(body=body, subtype_xmlid="mail.mt_note")
        scar.message_post(body="Which mould?", subtype_xmlid="mail.mt_comment")
        self._answer_as_supplier(scar)
        with self.assertRaises(UserError):
            scar._reject("Günel İsmayılova disagrees")
        self.assertEqual(scar.state, "answered")

    def test_file_released_later_with_a_telling_name_is_refused(self):
        scar = self._new_case_scar()
        scar.action_send()
        files = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": b"x", "res_model": scar._name, "res_id": scar.id}
                for name in ("order SO-7781.pdf", "lid.png")
            ]
        )
        with self.assertRaises(ValidationError):
            scar.released_attachment_ids = files[0]
        scar.released_attachment_ids = files[1]

    def test_supplier_can_neither_follow_the_case_nor_be_written_there(self):
        scar = self._new_case_scar()
        self.case.message_subscribe(self.hidden_customer.ids)
        contact = self.supplier_user.partner_id
        with self.assertRaises(UserError):
            self.case.message_subscribe(contact.ids)
        for subtype in ("mail.mt_note", "mail.mt_comment"):
            with self.assertRaises(UserError):
                self.case.message_post(
                    body="fyi", subtype_xmlid=subtype, partner_ids=contact.ids
                )
        self.env["mail.followers"].create(
            {
                "res_model": "complaint.case",
                "res_id": self.case.id,
                "partner_id": contact.id,
            }
        )
        with self.assertRaises(UserError):
            scar.action_send()

    def test_withdrawn_draft_tells_nobody_a_sent_one_does(self):
        draft = self._new_scar()
        self.assertFalse(self._sent_mails(draft.action_cancel))
        sent = self._new_sent_scar()
        (mail,) = self._sent_mails(sent.action_cancel)
        self.assertIn("withdraw", mail["body"])

    def test_answer_by_mail_lands_in_the_request_not_in_the_case(self):
        scar = self._new_case_scar()
        (mail,) = self._sent_mails(scar.action_send)
        count = len(self.case.message_ids)
        raw = (
            f"From: quality@marmara.example\r\nTo: {mail['reply_to']}\r\n"
            f"Subject: Re: {mail['subject']}\r\nMessage-Id: <1@marmara.example>\r\n"
            f"In-Reply-To: {mail['message_id']}\r\n"
            f"References: {mail['message_id']}\r\n\r\nWe look into it."
        )
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(False, raw)
        self.assertIn("We look into it.", scar.message_ids[0].body)
        self.assertEqual(len(self.case.message_ids), count)
