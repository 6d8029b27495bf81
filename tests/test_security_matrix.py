"""Who may do what: role × model × operation over all models of the three addons, what
hangs on a confidential case or on a case of another company, and who may see that."""

from collections import defaultdict

from security_matrix import LETTERS, MATRIX, OTHERS, OUTSIDE, ROLES

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.supplier_quality.tests.common import SupplierCommon

ADDONS = ("complaint_management", "supplier_quality", "complaint_portal")


@tagged("post_install", "-at_install")
class TestSecurityMatrix(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        portal = "base.group_portal"
        integration = "complaint_management.complaint_group_integration"
        cls.users = {
            "handler": cls.handler,
            "investigator": cls.investigator,
            "manager": cls.manager,
            "legal": cls.legal,
            "auditor": cls.auditor,
            "quality": cls.quality,
            "buyer": cls.buyer,
            "employee": new_test_user(cls.env, "matrix_employee"),
            "integration": new_test_user(
                cls.env, "matrix_integration", groups=f"{portal},{integration}"
            ),
            "customer": cls._new_portal_user("matrix_customer", cls.customer),
            "supplier": cls.supplier_user,
            "public": cls.env.ref("base.public_user"),
        }

    def _our_models(self):
        return {
            name: model
            for name, model in self.env.items()
            if model._original_module in ADDONS and not model._abstract
        }

    # -- models ----------------------------------------------------------------------
    def test_matrix_names_every_model_and_role(self):
        self.assertEqual(set(MATRIX), set(self._our_models()))
        self.assertEqual(set(self.users), set(ROLES))

    def test_role_on_model_may_do_what_the_matrix_says(self):
        wrong = []
        table = MATRIX | OTHERS
        for name in table:
            model = self.env[name]
            for role, user in self.users.items():
                allowed = "".join(
                    letter
                    for letter, operation in LETTERS.items()
                    if model.with_user(user).has_access(operation)
                )
                expected = table[name].get(role, "")
                if allowed != expected:
                    wrong.append((name, role, allowed, expected))
        self.assertFalse(wrong, "(model, role, allowed, expected)")

    def test_outside_role_reads_and_counts_nothing(self):
        for name, model in self._our_models().items():
            for role in OUTSIDE:
                records = model.with_user(self.users[role])
                for call in (
                    lambda r=records: r.search([]),
                    lambda r=records: r.search_count([]),
                    lambda r=records: r.search_read([], ["id"]),
                    lambda r=records: r._read_group([], [], ["__count"]),
                    lambda r=records: r.create({}),
                ):
                    with self.assertRaises(AccessError, msg=f"{name} as {role}"):
                        call()

    def test_field_that_is_for_some_roles_is_hidden_from_others(self):
        """Fields of ours on models of others show to an employee without a role
        nothing of a case."""
        employee = self.users["employee"]
        for model in ("res.partner", "product.product", "product.template"):
            record = self.env[model].with_user(employee).search([], limit=1)
            for name, field in record._fields.items():
                if field._module in ADDONS and field.relational:
                    if field.comodel_name.startswith(("complaint.case", "supplier.")):
                        with self.assertRaises(AccessError, msg=f"{model}.{name}"):
                            record.read([name])

    # -- records ---------------------------------------------------------------------
    def _make_satellites(self, case):
        """Return {label: records} of all that can hang on a case."""
        report = self.env["complaint.eightd"].create(
            {"case_id": case.id, "subject": "8D"}
        )
        case.write(
            {"why_ids": [Command.create({"answer": "Because", "is_root": True})]}
        )
        initial = self.env["complaint.initial.report"].create(
            {"case_id": case.id, "found": "A crack", "done": "Replaced"}
        )
        message = case.message_post(body="Note of a colleague")
        attachment = self.env["ir.attachment"].create(
            {
                "name": "photo.jpg",
                "raw": b"photo",
                "res_model": case._name,
                "res_id": case.id,
            }
        )
        activity = case.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.env.uid
        )
        scar = self.env["supplier.scar"].create(
            {
                "case_id": case.id,
                "partner_id": self.supplier.id,
                "subject": "Lid",
                "problem": "The lid melts.",
                "user_id": self.env.uid,
            }
        )
        host = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        found = {
            name: self.env[name].search(host)
            for name in (
                "complaint.sla.clock",
                "complaint.journal.entry",
                "complaint.rca.why",
            )
        }
        evidence = self.env["complaint.evidence"]._add(case, [("a.jpg", b"photo")])
        gate = self.env["complaint.gate"].create(
            {
                "name": "Second person",
                "phase": "triage",
                "kind": "approval",
                "group_id": self.env.ref(
                    "complaint_management.complaint_group_auditor"
                ).id,
            }
        )
        approval = self.env["complaint.gate.approval"].create(
            {
                "case_id": case.id,
                "gate_id": gate.id,
                "asked_by_id": self.env.uid,
                "asked_at": "2026-01-01",
            }
        )
        case.with_user(self.manager)._create_nonconformity()
        case.with_user(self.manager)._waive_nonconformity(
            case.nonconformity_ids, "Another oven"
        )
        cost = self._new_cost(case)
        lesson = self.env["complaint.lesson"].create({"name": "a", "text": "b"})
        lesson.with_user(self.manager).action_publish()
        case.with_user(self.manager)._apply_lesson(lesson)
        found |= {
            "complaint.lesson.use": case.lesson_use_ids,
            "complaint.nonconformity.waiver": case.nonconformity_waiver_ids,
            "case": case,
            "complaint.cost.line": cost,
            "complaint.cost.report": self.env["complaint.cost.report"].browse(cost.id),
            "complaint.feedback": case._register_feedback({"nps_score": 3}),
            "complaint.evidence": evidence,
            "file of evidence": evidence.attachment_id,
            "complaint.gate.approval": approval,
            "complaint.sla.event": found["complaint.sla.clock"].event_ids,
            "complaint.eightd": report,
            "complaint.initial.report": initial,
            "complaint.eightd.step": report.step_ids,
            "mail.message": message,
            "ir.attachment": attachment,
            "mail.activity": activity,
            "supplier.scar": scar,
        }
        self.assertTrue(all(found.values()), found)
        return found

    def _find_leaks(self, found, users):
        leaks = defaultdict(list)
        for label, records in found.items():
            for user in users:
                seen = self.env[records._name].with_user(user)
                if seen.has_access("read") and seen.search([("id", "in", records.ids)]):
                    leaks[label].append(f"{user.login} finds it")
                if records.with_user(user)._filtered_access("read"):
                    leaks[label].append(f"{user.login} reads it")
        return dict(leaks)

    def test_confidential_case_shows_nothing_of_it_to_others(self):
        case = self._new_case(is_confidential=True, user_id=self.manager.id)
        found = self._make_satellites(case)
        self.env.invalidate_all()
        others = [
            user
            for role, user in self.users.items()
            # Supplier quality sees the (redacted) requests to suppliers of all cases.
            if role not in ("manager", "quality")
        ]
        # The same holds for those who see all requests of the company.
        readers = self.legal | self.auditor
        scar = {"supplier.scar": found.pop("supplier.scar")}
        self.assertEqual(self._find_leaks(found, others), {})
        rest = [user for user in others if user not in readers]
        self.assertEqual(self._find_leaks(scar, rest), {})
        seen = {
            label
            for label, records in found.items()
            if records.with_user(self.manager)._filtered_access("read")
        }
        self.assertEqual(seen, set(found), "the owner sees all of it")

    def test_case_of_other_team_shows_nothing_of_it(self):
        team = self.env["complaint.team"].create({"name": "Another"})
        case = self._new_case(team_id=team.id, user_id=self.other_handler.id)
        found = self._make_satellites(case)
        self.env.invalidate_all()
        self.assertEqual(self._find_leaks(found, [self.handler, self.investigator]), {})
        visible = {
            label: records
            for label, records in found.items()
            if label != "complaint.journal.entry"
        }
        missing = [
            label
            for label, records in visible.items()
            if not records.with_user(self.other_handler)._filtered_access("read")
        ]
        self.assertFalse(missing, "the owner sees them")

    def test_other_company_sees_and_changes_nothing(self):
        found = self._make_satellites(self._new_case())
        found |= {
            "complaint.team": self.team,
            "complaint.intake.failure": self.env["complaint.intake.failure"].create(
                {
                    "kind": "quarantine",
                    "reason": "error",
                    "subject": "x",
                    "company_id": self.env.company.id,
                }
            ),
        }
        company = self.env["res.company"].create({"name": "Other company"})
        groups = ",".join(
            f"complaint_management.complaint_group_{role}"
            for role in ("manager", "legal", "auditor")
        )
        stranger = new_test_user(
            self.env,
            "matrix_stranger",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.env.invalidate_all()
        self.assertEqual(self._find_leaks(found, [stranger]), {})

    def test_every_model_with_company_has_a_rule_for_it(self):
        for name, model in self._our_models().items():
            if "company_id" not in model._fields or model._transient:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", name), ("groups", "=", False)]
            )
            self.assertTrue(
                any("company_ids" in (rule.domain_force or "") for rule in rules), name
            )

    def test_nobody_deletes_or_changes_what_proves_something(self):
        case = self._new_case()
        found = self._make_satellites(case)
        # Not even the system.
        for label in ("complaint.journal.entry", "complaint.sla.event"):
            with self.assertRaises(AccessError, msg=label):
                found[label].unlink()
            with self.assertRaises(AccessError, msg=label):
                found[label].write({"actor_id": self.env.uid})
        with self.assertRaises(UserError):
            found["complaint.evidence"].unlink()
        with self.assertRaises(AccessError):
            found["file of evidence"].unlink()
        with self.assertRaises(UserError):
            case.unlink()
