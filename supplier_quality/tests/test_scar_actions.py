from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SupplierCommon


@tagged("post_install", "-at_install")
class TestScarActions(SupplierCommon):
    """What the company does itself because of a supplier (CA-1)."""

    def _new_action(self, **values):
        return self.env["mgmtsystem.action"].create(
            {
                "name": "Check each delivery",
                "type_action": "immediate",
                "user_id": self.investigator.id,
                **values,
            }
        )

    def test_action_of_a_request_is_of_its_complaint(self):
        case = self._new_case()
        scar = self._new_scar(case_id=case.id)
        action = self._new_action(supplier_scar_id=scar.id)
        self.assertEqual(action.complaint_source, "scar")
        self.assertEqual(action.complaint_case_id, case)
        self.assertEqual(scar.action_count, 1)
        later = self._new_action()
        self.assertEqual(later.complaint_source, "other")
        later.supplier_scar_id = scar
        self.assertEqual(later.complaint_case_id, case)
        self.assertEqual(later.complaint_source, "scar")
        found = self.env["mgmtsystem.action"].search(
            scar.action_open_actions()["domain"]
        )
        self.assertEqual(found, action | later)

    def test_request_without_complaint(self):
        scar = self._new_scar(case_id=False)
        action = self._new_action(supplier_scar_id=scar.id)
        self.assertEqual(action.complaint_source, "scar")
        self.assertFalse(action.complaint_case_id)

    def test_what_follows_is_of_the_same_request(self):
        scar = self._new_scar()
        outsider = new_test_user(
            self.env, "scar_outsider", groups="mgmtsystem.group_mgmtsystem_user"
        )
        # also where somebody replaces it who doesn't see requests
        for user in (self.investigator, outsider):
            action = self._new_action(supplier_scar_id=scar.id).with_user(user)
            follower = action.create(action._prepare_follower_vals())
            self.assertEqual(follower.sudo().supplier_scar_id, scar, user.login)
            self.assertEqual(follower.sudo().complaint_source, "scar")

    def test_supplier_sees_nothing_of_it(self):
        scar = self._new_sent_scar()
        action = self._new_action(supplier_scar_id=scar.id)
        with self.assertRaises(AccessError):
            action.with_user(self.supplier_user).read(["name"])
