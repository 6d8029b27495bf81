from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ComplaintCommon

NO = {"validity": "not_justified", "validity_reason": "Used outside of the manual"}


@tagged("post_install", "-at_install")
class TestValidity(ComplaintCommon):
    def _proposed(self, user=None, **values):
        case = self._new_case(**values)
        case.with_user(user or self.handler).write(NO)
        return case

    def assertWaits(self, case, proposer):
        self.assertEqual(case.validity, "pending")
        self.assertEqual(case.validity_proposed_by_id, proposer)
        self.assertFalse(case._gate_check_validity_judged())

    # -- first person ------------------------------------------------------------
    def test_judgement_needs_a_reason(self):
        case = self._new_case().with_user(self.handler)
        for validity in ("justified", "partly", "not_justified"):
            with self.subTest(validity), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    case.write({"validity": validity, "validity_reason": " "})
        case.write({"validity": "partly", "validity_reason": "The lid only"})
        self.assertTrue(case._gate_check_validity_judged())

    def test_not_justified_by_every_route_is_only_a_proposal(self):
        cases = self.env["complaint.case"]
        as_manager = cases.with_user(self.manager)
        born = {"subject": "Oven", "team_id": self.team.id, **NO}
        by_default = as_manager.with_context(
            default_validity="not_justified", default_validity_reason="x"
        )
        routes = {
            "create": lambda: as_manager.create({**born}),
            "create with all rights": lambda: cases.create({**born}),
            "default": lambda: by_default.create({"subject": "Oven"}),
            "web_save": lambda: as_manager.browse(
                as_manager.web_save({**born}, {"id": {}})[0]["id"]
            ),
            "import": lambda: as_manager.browse(
                as_manager.load(
                    ["subject", "validity", "validity_reason"],
                    [["Oven", "Not justified", "x"]],
                )["ids"]
            ),
            "write": lambda: self._written(self.manager),
            "write with all rights": lambda: self._written(self.env.user),
            "forged context": lambda: self._written(
                self.manager, complaint_validity_confirmed=True
            ),
        }
        for route, attempt in routes.items():
            with self.subTest(route):
                case = attempt()
                proposer = case.validity_proposed_by_id
                self.assertIn(proposer, self.manager | self.env.user)
                self.assertWaits(case, proposer)

    def _written(self, user, **context):
        case = self._new_case()
        case.with_user(user).with_context(**context).write(NO)
        return case

    def test_mass_change_proposes_for_each(self):
        cases = self._new_case() | self._new_case()
        cases.with_user(self.manager).write(NO)
        for case in cases:
            self.assertWaits(case, self.manager)

    def test_form_proposes_and_names_the_second_person(self):
        case = self._new_case()
        with Form(case.with_user(self.handler)) as form:
            form.validity = "not_justified"
            form.validity_reason = "Used as a heater"
        self.assertWaits(case, self.handler)
        activity = case.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("heater", activity.note)

    def test_gate_is_closed_until_the_second_person_confirms(self):
        case = self._proposed()
        case.flow_id = self.env.ref("complaint_management.complaint_flow_simple")
        with self.assertRaises(UserError):
            case.with_user(self.handler).stage_id = self._stage("response")
        case.with_user(self.manager).action_confirm_validity()
        case.with_user(self.handler).stage_id = self._stage("response")
        self.assertEqual(case.phase, "response")

    def test_another_judgement_takes_the_proposal_back(self):
        case = self._proposed()
        case.with_user(self.handler).validity = "justified"
        self.assertFalse(case.validity_proposed_by_id)
        self.assertFalse(case.activity_ids)
        self.assertEqual(case.validity, "justified")

    def test_proposer_is_written_by_nobody(self):
        case = self._proposed().with_user(self.manager)
        with self.assertRaises(AccessError):
            case.validity_proposed_by_id = self.handler
        with self.assertRaises(AccessError):
            self.env["complaint.case"].with_user(self.manager).create(
                {"subject": "x", "validity_proposed_by_id": self.handler.id}
            )

    # -- second person -----------------------------------------------------------
    def test_second_person_confirms_and_the_proposer_is_told(self):
        case = self._proposed()
        self.assertTrue(case.with_user(self.manager).can_confirm_validity)
        case.with_user(self.manager).action_confirm_validity()
        self.assertEqual(case.validity, "not_justified")
        self.assertFalse(case.validity_proposed_by_id)
        self.assertFalse(case.activity_ids)
        entry = case.journal_entry_ids.filtered(
            lambda e: e.event == "validity_confirmed"
        )
        self.assertEqual(entry.actor_id, self.manager)
        self.assertEqual(entry.before, {"validity_proposed_by_id": self.handler.id})
        note = case.message_ids.filtered(
            lambda m: self.handler.partner_id in m.partner_ids
        )
        self.assertTrue(note.subtype_id.internal)

    def test_confirmed_judgement_stays_when_it_is_written_again(self):
        case = self._proposed()
        case.with_user(self.manager).action_confirm_validity()
        case.with_user(self.handler).write({**NO, "subject": "Oven"})
        self.assertEqual(case.validity, "not_justified")
        self.assertFalse(case.validity_proposed_by_id)

    def test_wrong_second_person_is_refused(self):
        by_handler = self._proposed()
        by_manager = self._proposed(self.manager)
        by_legal = self._proposed(self.legal, is_legal_risk=True)
        attempts = [
            (by_handler, self.handler),
            (by_handler, self.investigator),
            (by_handler, self.legal),
            (by_manager, self.manager),
            (by_legal, self.legal),
            (by_handler, self.env.ref("base.user_root")),
        ]
        for case, user in attempts:
            as_user = case.with_user(user)
            self.assertFalse(as_user.can_confirm_validity, user.login)
            for button in ("action_confirm_validity", "action_reject_validity"):
                with self.assertRaises(AccessError, msg=user.login):
                    getattr(as_user, button)()
            with self.assertRaises(AccessError):
                as_user._reject_validity("x")
            self.assertWaits(case, case.validity_proposed_by_id)

    def test_legal_confirms_where_there_is_a_legal_risk(self):
        case = self._proposed(is_legal_risk=True)
        case.with_user(self.legal).action_confirm_validity()
        self.assertEqual(case.validity, "not_justified")

    def test_second_person_sends_it_back_with_a_reason(self):
        case = self._proposed()
        action = case.with_user(self.manager).action_reject_validity()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "Ask the workshop first"})
        )
        wizard.action_reject()
        self.assertEqual(case.validity, "pending")
        self.assertFalse(case.validity_proposed_by_id)
        entry = case.journal_entry_ids.filtered(
            lambda e: e.event == "validity_rejected"
        )
        self.assertEqual(entry.note, "Ask the workshop first")
        self.assertIn("Ask the workshop first", case.message_ids[0].body)

    def test_nothing_proposed_can_be_neither_confirmed_nor_rejected(self):
        case = self._new_case().with_user(self.manager)
        for button in ("action_confirm_validity", "action_reject_validity"):
            with self.assertRaises(UserError):
                getattr(case, button)()

    # -- where else to turn --------------------------------------------------------
    def test_recourse_of_company_and_country_wins(self):
        texts = self.env["complaint.recourse"]
        turkey = self.env.ref("base.tr")
        seed = self.env.ref("complaint_management.complaint_recourse_general")
        case = self._new_case()
        self.assertIn("consumer protection", case._get_recourse_text())
        general = texts.create(
            {
                "name": "Ours",
                "text": "<p>Ours</p>",
                "company_id": self.env.company.id,
            }
        )
        self.assertIn("Ours", case._get_recourse_text())
        texts.create(
            {
                "name": "Turkey",
                "text": "<p>Hakem heyeti</p>",
                "country_ids": [(6, 0, turkey.ids)],
                "company_id": self.env.company.id,
            }
        )
        self.assertIn("Ours", case._get_recourse_text())
        self.customer.country_id = turkey
        self.assertIn("Hakem", case._get_recourse_text())
        (seed | general).active = False
        self.customer.country_id = False
        self.assertEqual(case._get_recourse_text(), "")

    def test_recourse_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        seed = self.env.ref("complaint_management.complaint_recourse_general")
        seed.with_context(lang="tr_TR").text = "<p>Tüketici hakem heyeti</p>"
        case = self._new_case(lang="tr_TR")
        self.assertIn("Tüketici", case._get_recourse_text())
        self.assertFalse(case.recourse_text)
        case.with_user(self.handler).write(NO)
        self.assertIn("Tüketici", case.with_user(self.handler).recourse_text)
