from odoo.tests import tagged

from .common import SupplierCommon


@tagged("post_install", "-at_install")
class TestButtons(SupplierCommon):
    def test_counts_on_order_supplier_product_and_case(self):
        order = self._new_order()
        self._receive(order)
        first = self._new_scar(
            case_id=self.case.id, purchase_line_ids=order.order_line.ids
        )
        second = self._new_scar(purchase_order_id=order.id)
        self._new_scar(partner_id=self.other_supplier.id, product_id=False)
        both = first | second
        contact = self.supplier_user.partner_id
        template = self.kettle.product_tmpl_id
        for record in (order, self.supplier, contact, self.kettle, template):
            seen = record.with_user(self.quality)
            self.assertEqual(seen.supplier_scar_count, 2, record)
            action = seen.action_open_supplier_scars()
            found = self.env["supplier.scar"].search(action["domain"])
            self.assertEqual(found, both, record)
        self.assertEqual(self.case.scar_count, 1)
        action = self.case.with_user(self.handler).action_open_scars()
        self.assertEqual(action["res_id"], first.id)

    def test_counts_without_rights_are_zero_and_raise_nothing(self):
        order = self._new_order()
        self._new_scar(purchase_order_id=order.id)
        for record in (order, self.supplier, self.kettle):
            self.assertEqual(record.with_user(self.buyer).supplier_scar_count, 0)

    def test_list_reads_with_a_flat_number_of_queries(self):
        spec = {
            "name": {},
            "is_late": {},
            "round": {},
            "partner_id": {"fields": {"display_name": {}}},
            "product_id": {"fields": {"display_name": {}}},
            "case_id": {"fields": {"display_name": {}}},
            "purchase_order_id": {"fields": {"display_name": {}}},
        }
        order = self._new_order()
        cases = self._new_case() | self._new_case()
        counts = []
        for number in (3, 30):
            scars = self.env["supplier.scar"].create(
                [
                    {
                        "subject": f"Lid {i}",
                        "partner_id": self.supplier.id,
                        "product_id": self.kettle.id,
                        "purchase_order_id": order.id,
                        "case_id": cases[i % 2].id,
                    }
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            scars.with_user(self.quality).web_read(spec)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])

    def test_create_many_requests_uses_a_flat_number_of_queries(self):
        def create(number):
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.env["supplier.scar"].create(
                [
                    {"subject": f"Lid {i}", "partner_id": self.supplier.id}
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        create(2)
        self.assertLessEqual(create(60), create(5) + 5)
