from datetime import datetime

from odoo.fields import Command
from odoo.tests import Form, new_test_user

from odoo.addons.complaint_management.tests.common import ComplaintCommon

SUPPLIER_QUALITY = "supplier_quality.supplier_quality_group_user"

# Everything by which a supplier could recognise the customer.
CUSTOMER = {
    "name": "Günel İsmayılova",
    "email": "gunel@villa-service.example",
    "phone": "+994 50 765 43 21",
    "street": "Nizami küçəsi 99",
    "vat": "AZ1700998877",
}
CUSTOMER_COMPANY = "Villa Service MMC"
SECRETS = [
    "Günel",
    "İsmayılova",
    "Ismayilova",
    "gunel@",
    "villa-service",
    "Villa Service",
    "765 43 21",
    "7654321",
    "SO-7781",
    "Nizami",
    "My kettle burnt",
    "I am furious",
]


class SupplierCommon(ComplaintCommon):
    """A case of a well-hidden customer, a supplier, an order line with a receipt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id = cls.calendar
        cls.quality = new_test_user(
            cls.env, "supplier_quality", groups=SUPPLIER_QUALITY, name="Quality"
        )
        cls.buyer = new_test_user(
            cls.env, "supplier_buyer", groups="purchase.group_purchase_user"
        )
        cls.supplier = cls.env["res.partner"].create(
            {
                "name": "Marmara Plastik",
                "email": "quality@marmara.example",
                "is_company": True,
            }
        )
        cls.supplier_user = cls._new_portal_user("supplier_portal", cls.supplier)
        cls.other_supplier = cls.env["res.partner"].create(
            {"name": "Zagros Metal", "email": "q@zagros.example", "is_company": True}
        )
        cls.other_supplier_user = cls._new_portal_user(
            "other_portal", cls.other_supplier
        )
        cls.kettle = cls.env["product.product"].create(
            {
                "name": "Kettle",
                "default_code": "KET-500600700",
                "is_storable": True,
                "standard_price": 4321.98,
            }
        )
        company = cls.env["res.partner"].create(
            {"name": CUSTOMER_COMPANY, "is_company": True}
        )
        cls.hidden_customer = cls.env["res.partner"].create(
            {**CUSTOMER, "parent_id": company.id}
        )
        cls.case = cls._new_case(
            subject="My kettle burnt",
            description="I am furious. Günel İsmayılova here, call 050 765 43 21 or "
            "write to gunel@villa-service.example. Order SO-7781. "
            "The lid of lot L-77 melted at 95 degrees.",
            partner_id=cls.hidden_customer.id,
            product_id=cls.kettle.id,
            lot="L-77",
            quantity=3,
            order_ref="SO-7781",
        )

    @classmethod
    def _new_portal_user(cls, login, company):
        user = new_test_user(cls.env, login, groups="base.group_portal")
        user.partner_id.parent_id = company
        return user

    @classmethod
    def _new_order(cls, quantity=10, planned=None, partner=None, **line):
        order = cls.env["purchase.order"].create(
            {
                "partner_id": (partner or cls.supplier).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.kettle.id,
                            "product_qty": quantity,
                            "price_unit": 4321.98,
                            "date_planned": planned or datetime(2026, 3, 10, 8),
                            **line,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        return order

    @classmethod
    def _receive(cls, order, quantity=None):
        """Receive as the warehouse does; less than ordered leaves a backorder."""
        picking = order.picking_ids.filtered(
            lambda p: p.state == "assigned" and p.picking_type_id.code == "incoming"
        )
        picking.ensure_one()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        result = picking.button_validate()
        if isinstance(result, dict):
            context = result["context"]
            Form(cls.env[result["res_model"]].with_context(**context)).save().process()
        assert picking.state == "done", picking.state
        return picking

    @classmethod
    def _return(cls, picking, quantity, exchange=False):
        """Send goods back to the supplier by the return wizard."""
        form = Form(
            cls.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model=picking._name
            )
        )
        wizard = form.save()
        wizard.product_return_moves.quantity = quantity
        if exchange:
            action = wizard.action_create_exchanges()
        else:
            action = wizard.action_create_returns()
        back = cls.env["stock.picking"].browse(action["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        assert back.state == "done", back.state
        return back

    @classmethod
    def _new_scar(cls, **values):
        return cls.env["supplier.scar"].create(
            {
                "subject": "Lid melts",
                "problem": "The lid melts at 95 degrees.",
                "partner_id": cls.supplier.id,
                "product_id": cls.kettle.id,
                "user_id": cls.quality.id,
                "is_text_confirmed": True,
                **values,
            }
        )

    @classmethod
    def _new_sent_scar(cls, **values):
        scar = cls._new_scar(**values)
        scar.action_send()
        return scar

    @classmethod
    def _answer_as_supplier(cls, scar, **values):
        """What the supplier's portal does."""
        scar_sudo = scar.with_user(cls.supplier_user).sudo()
        scar_sudo._supplier_save_draft(
            cls.supplier_user,
            {
                "containment": "Stock sorted",
                "root_cause": "Wrong resin",
                "corrective_action": "Resin checked at intake",
                "preventive_action": "Same check in plant 2",
                **values,
            },
        )
        return scar_sudo._supplier_submit(cls.supplier_user)
