from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SECRETS, SupplierCommon


@tagged("post_install", "-at_install")
class TestScarCreate(SupplierCommon):
    def _new_wizard(self, user=None, **values):
        case = self.case.with_user(user or self.handler)
        context = case.action_send_to_supplier()["context"]
        wizards = self.env["supplier.scar.create"].with_user(user or self.handler)
        return wizards.with_context(**context).create(
            {"partner_id": self.supplier.id, **values}
        )

    def _open(self, wizard):
        # as in a request of its own
        self.env.flush_all()
        self.env.invalidate_all()
        action = wizard.action_create()
        return wizard.env["supplier.scar"].browse(action["res_id"])

    def _new_file(self, record, name="photo.png", raw=b"picture"):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "res_model": record._name,
                "res_id": record.id,
                "description": "sent by Günel",
            }
        )

    def test_wizard_for_handler_proposes_without_customer(self):
        wizard = self._new_wizard()
        self.assertEqual(wizard.product_id, self.kettle)
        self.assertEqual(wizard.qty_complained, 3)
        self.assertEqual(wizard.lot, "L-77")
        self.assertIn("Kettle", wizard.subject)
        self.assertIn("The lid of lot L-77 melted at 95 degrees.", wizard.problem)
        text = f"{wizard.subject} {wizard.problem}"
        for secret in set(SECRETS) - {"I am furious"}:
            self.assertNotIn(secret, text)

    def test_wizard_proposes_supplier_and_line_of_latest_receipt(self):
        older = self._new_order(partner=self.other_supplier)
        self._receive(older)
        order = self._new_order(quantity=8)
        self._receive(order, 5)
        with Form(
            self.env["supplier.scar.create"]
            .with_user(self.quality)
            .with_context(default_case_id=self.case.id)
        ) as form:
            self.assertEqual(form.partner_id, self.supplier)
            self.assertEqual(form.purchase_line_ids[:], order.order_line)
            form.partner_id = self.other_supplier
            self.assertEqual(form.purchase_line_ids[:], older.order_line)

    def test_wizard_with_known_lot_finds_the_line_it_came_with(self):
        self.kettle.tracking = "lot"
        order = self._new_order()
        picking = order.picking_ids
        picking.move_ids.move_line_ids.write({"lot_name": "L-77", "quantity": 10})
        picking.move_ids.picked = True
        picking.button_validate()
        newer = self._new_order(partner=self.other_supplier)
        newer.picking_ids.move_ids.move_line_ids.write(
            {"lot_name": "L-78", "quantity": 10}
        )
        newer.picking_ids.move_ids.picked = True
        newer.picking_ids.button_validate()
        wizard = self.env["supplier.scar.create"].create({"case_id": self.case.id})
        self.assertEqual(wizard.partner_id, self.supplier)
        self.assertEqual(wizard.purchase_line_ids, order.order_line)

    def test_create_by_handler_takes_line_quantity_and_case(self):
        order = self._new_order(quantity=8)
        self._receive(order, 5)
        scar = self._open(self._new_wizard())
        self.assertRegex(scar.name, r"^SCAR/20\d\d/\d{5}$")
        self.assertEqual(scar.state, "draft")
        self.assertEqual(scar.case_id, self.case)
        self.assertEqual(scar.purchase_order_id.sudo(), order)
        self.assertEqual(scar.qty_received, 5)
        self.assertEqual(scar.user_id, self.handler)
        self.assertEqual(self.case.scar_count, 1)
        self.assertFalse(scar.is_text_confirmed)

    def test_create_copies_only_the_chosen_files(self):
        chosen = self._new_file(self.case, "foto Ismayilova.png", b"burnt lid")
        self._new_file(self.case, "invoice.pdf", b"secret")
        wizard = self._new_wizard(attachment_ids=chosen.ids, is_text_confirmed=True)
        scar = self._open(wizard)
        copy = scar.released_attachment_ids
        self.assertEqual(len(copy), 1)
        self.assertNotEqual(copy, chosen)
        self.assertEqual((copy.res_model, copy.res_id), ("supplier.scar", scar.id))
        self.assertEqual(copy.raw, b"burnt lid")
        self.assertEqual(copy.name, "File 1.png")
        self.assertFalse(copy.description)
        self.assertFalse(copy.access_token)
        self.assertEqual(chosen.res_id, self.case.id)
        self.assertTrue(scar.is_text_confirmed)

    def test_create_with_file_of_another_case_is_refused(self):
        other = self._new_case(user_id=self.other_handler.id, team_id=False)
        foreign = self._new_file(other)
        wizard = self._new_wizard()
        wizard.sudo().attachment_ids = foreign
        with self.assertRaises(UserError):
            wizard.action_create()

    def test_release_of_the_original_file_is_refused(self):
        scar = self._new_scar(case_id=self.case.id)
        original = self._new_file(self.case)
        with self.assertRaises(ValidationError):
            scar.released_attachment_ids = original
        with self.assertRaises(ValidationError):
            self._new_scar(released_attachment_ids=original.ids)
        other = self._new_file(self._new_scar())
        with self.assertRaises(ValidationError):
            scar.released_attachment_ids = other

    def test_release_of_own_upload_for_new_record_is_adopted(self):
        files = self.env["ir.attachment"].with_user(self.handler)
        upload = files.create(
            {"name": "a.png", "raw": b"x", "res_model": "supplier.scar", "res_id": 0}
        )
        scar = (
            self.env["supplier.scar"]
            .with_user(self.handler)
            .create(
                {
                    "subject": "Scratch",
                    "partner_id": self.supplier.id,
                    "released_attachment_ids": upload.ids,
                }
            )
        )
        self.assertEqual(upload.res_id, scar.id)

    def test_create_for_unseen_case_is_refused(self):
        vals = {
            "subject": "Probe",
            "partner_id": self.supplier.id,
            "case_id": self.case.id,
        }
        outsider = self.env["supplier.scar"].with_user(self.other_handler)
        with self.assertRaises(AccessError):
            outsider.create(vals)
        scar = outsider.create({**vals, "case_id": False})
        with self.assertRaises(AccessError):
            scar.case_id = self.case.id
        with self.assertRaises(AccessError):
            self.case.with_user(self.other_handler).action_send_to_supplier()

    def test_create_for_the_customer_who_complains_is_refused(self):
        with self.assertRaises(ValidationError):
            self._new_scar(case_id=self.case.id, partner_id=self.hidden_customer.id)

    def test_lines_of_another_supplier_or_product_are_refused(self):
        order = self._new_order(partner=self.other_supplier)
        with self.assertRaises(ValidationError):
            self._new_scar(purchase_line_ids=order.order_line.ids)
        with self.assertRaises(ValidationError):
            self._new_scar(purchase_order_id=order.id)
        mine = self._new_order()
        with self.assertRaises(ValidationError):
            self._new_scar(
                purchase_line_ids=mine.order_line.ids, product_id=self.product.id
            )

    def test_received_quantity_in_other_unit_is_converted(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._new_order(quantity=2, product_uom_id=dozen.id)
        self._receive(order)
        scar = self._new_scar(purchase_line_ids=order.order_line.ids)
        self.assertEqual(scar.qty_received, 24)

    def test_create_in_later_state_is_refused(self):
        for vals in ({"state": "accepted"}, {"round": 3}):
            with self.assertRaises(AccessError):
                self.env["supplier.scar"].with_user(self.quality).create(
                    {"subject": "x", "partner_id": self.supplier.id, **vals}
                )

    def test_numbers_of_two_companies_run_separately(self):
        company = self.env["res.company"].create({"name": "Ankara"})
        first = self._new_scar(company_id=company.id, user_id=self.env.uid)
        self.assertTrue(first.name.endswith("/00001"))

    def test_merge_takes_requests_along_and_still_hides_the_merged_customer(self):
        scar = self._open(self._new_wizard())
        stays = self._new_case(partner_id=self.customer.id, user_id=self.manager.id)
        cases = (self.case | stays).with_user(self.manager)
        self.assertNotEqual(
            self.case.commercial_partner_id, stays.commercial_partner_id
        )
        hidden = self.case._get_customer_identifiers()
        cases._merge(stays.with_user(self.manager), is_other_customer_confirmed=True)
        self.assertEqual(scar.sudo().case_id, stays)
        known = stays.with_user(self.handler)._get_customer_identifiers()
        self.assertLessEqual(set(hidden), set(known))
