from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SupplierCommon

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06"
    b"\x00\x00\x00\x1f\x15\xc4\x89"
)


@tagged("post_install", "-at_install")
class TestScarSupplier(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scar = cls._new_sent_scar(case_id=cls.case.id)
        cls.scar_sudo = cls.scar.with_user(cls.supplier_user).sudo()

    def test_domain_shows_sent_requests_of_own_company_only(self):
        draft = self._new_scar()
        foreign = self._new_sent_scar(partner_id=self.other_supplier.id)
        scars = self.env["supplier.scar"].sudo()
        mine = scars.search(scars._get_supplier_domain(self.supplier_user.partner_id))
        self.assertIn(self.scar, mine)
        self.assertFalse(mine & (draft | foreign))
        nobody = scars._get_supplier_domain(self.env["res.partner"])
        self.assertFalse(scars.search(nobody))

    def test_other_supplier_can_do_nothing(self):
        user = self.other_supplier_user
        for call in (
            lambda: self.scar_sudo._supplier_acknowledge(user),
            lambda: self.scar_sudo._supplier_save_draft(user, {"root_cause": "x"}),
            lambda: self.scar_sudo._supplier_submit(user),
            lambda: self.scar_sudo._supplier_add_files(user, [("a.png", PNG)]),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(self.scar.state, "sent")
        self.assertFalse(self.scar.answer_ids)

    def test_acknowledge_twice_keeps_the_first_moment(self):
        self.scar_sudo._supplier_acknowledge(self.supplier_user)
        moment = self.scar.acknowledged_at
        self.scar_sudo._supplier_acknowledge(self.supplier_user)
        self.assertEqual(self.scar.state, "acknowledged")
        self.assertEqual(self.scar.acknowledged_at, moment)

    def test_draft_takes_the_listed_fields_only(self):
        for vals in ({"state": "accepted"}, {"review_comment": "fine"}, {"scar_id": 1}):
            with self.assertRaises(UserError):
                self.scar_sudo._supplier_save_draft(self.supplier_user, vals)
        draft = self.scar_sudo._supplier_save_draft(
            self.supplier_user, {"root_cause": "Wrong resin"}
        )
        again = self.scar_sudo._supplier_save_draft(
            self.supplier_user, {"containment": "Sorted"}
        )
        self.assertEqual(draft, again)
        self.assertEqual((draft.state, draft.version), ("draft", 1))
        self.assertEqual(self.scar.state, "sent")

    def test_submit_of_incomplete_answer_names_what_is_missing(self):
        with self.assertRaises(UserError):
            self.scar_sudo._supplier_submit(self.supplier_user)
        self.scar_sudo._supplier_save_draft(self.supplier_user, {"root_cause": "R"})
        with self.assertRaises(UserError) as caught:
            self.scar_sudo._supplier_submit(self.supplier_user)
        self.assertIn("containment", str(caught.exception))
        self.assertIn("Corrective", str(caught.exception))
        self.assertNotIn("Preventive", str(caught.exception))
        full = self._new_sent_scar(answer_kind="eightd")
        with self.assertRaises(UserError) as caught:
            self._answer_as_supplier(full, preventive_action=" ")
        self.assertIn("Preventive", str(caught.exception))

    def test_submit_not_responsible_needs_only_the_reason(self):
        save = self.scar_sudo._supplier_save_draft
        save(self.supplier_user, {"is_not_responsible": True})
        with self.assertRaises(UserError):
            self.scar_sudo._supplier_submit(self.supplier_user)
        save(self.supplier_user, {"not_responsible_reason": "Not our batch"})
        answer = self.scar_sudo._supplier_submit(self.supplier_user)
        self.assertEqual(answer.state, "submitted")

    def test_submit_tells_the_responsible_colleague(self):
        answer = self._answer_as_supplier(self.scar)
        self.assertEqual(self.scar.state, "answered")
        self.assertTrue(self.scar.answered_at)
        self.assertEqual(self.scar.acknowledged_at, self.scar.answered_at)
        self.assertEqual(answer.submitted_by_id, self.supplier_user)
        self.assertEqual(self.scar.activity_ids.user_id, self.quality)
        self.scar.with_user(self.quality).action_accept()
        self.assertFalse(self.scar.activity_ids)

    def test_submitted_answer_never_changes(self):
        answer = self._answer_as_supplier(self.scar)
        for user in (self.quality, self.manager):
            with self.assertRaises(UserError):
                answer.with_user(user).write({"root_cause": "Our words"})
        with self.assertRaises(UserError):
            answer.sudo().write({"state": "accepted"})
        with self.assertRaises(UserError):
            answer.unlink()
        with self.assertRaises(UserError):
            self.scar_sudo._supplier_save_draft(self.supplier_user, {"root_cause": "2"})

    def test_files_are_checked_and_bound_to_the_answer(self):
        add = self.scar_sudo._supplier_add_files
        file = add(self.supplier_user, [("proof.png", PNG)])
        answer = self.scar.answer_ids
        self.assertEqual(answer.attachment_ids, file)
        self.assertEqual(
            (file.res_model, file.res_id), ("supplier.scar.answer", answer.id)
        )
        for name, content in (
            ("page.png", b"<html><script>alert(1)</script></html>"),
            ("pic.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("tool.pdf", b"MZ\x90\x00\x03\x00"),
            ("empty.pdf", b""),
            ("big.png", PNG + b"0" * 20 * 1024 * 1024),
        ):
            with self.assertRaises(UserError, msg=name):
                add(self.supplier_user, [(name, content)])
        with self.assertRaises(UserError):
            add(self.supplier_user, [(f"{i}.png", PNG) for i in range(20)])

    def test_file_of_another_record_can_not_join_the_answer(self):
        draft = self.scar_sudo._supplier_save_draft(self.supplier_user, {})
        case_file = self.env["ir.attachment"].create(
            {
                "name": "x",
                "raw": b"x",
                "res_model": "complaint.case",
                "res_id": self.case.id,
            }
        )
        with self.assertRaises(UserError):
            draft.attachment_ids = case_file

    def test_staff_types_in_an_answer_that_came_by_phone(self):
        action = self.scar.with_user(self.quality).action_record_answer()
        answer = self.env["supplier.scar.answer"].with_user(self.quality)
        answer = answer.browse(action["res_id"])
        answer.write({"containment": "a", "root_cause": "b", "corrective_action": "c"})
        answer.action_submit()
        self.assertEqual(answer.submitted_by_id, self.quality)
        self.assertEqual(self.scar.state, "answered")
        with self.assertRaises(AccessError):
            self._new_sent_scar(case_id=self.case.id).with_user(
                self.handler
            ).action_record_answer()

    def test_answer_to_a_draft_request_is_refused(self):
        draft = self._new_scar()
        with self.assertRaises(UserError):
            self.env["supplier.scar.answer"].create({"scar_id": draft.id})
        with self.assertRaises(UserError):
            draft.sudo()._supplier_acknowledge(self.supplier_user)
