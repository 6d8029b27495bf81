import json

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .test_actions import ActionCommon

MAIL_VIEW = "/mail/view?model=mgmtsystem.action&res_id=%s"
OPEN_FORM = """
(async () => {
    const service = odoo.__WOWL_DEBUG__.root.env.services.action;
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const seen = (selector) => document.querySelector(selector);
    await service.doAction({
        type: "ir.actions.act_window",
        res_model: "mgmtsystem.action",
        res_id: %(id)s,
        views: [[false, "form"]],
    });
    let waited = 0;
    while (!seen(".o_form_view .o-mail-Chatter") && waited < 10000) {
        await pause(50);
        waited += 50;
    }
    const dialog = seen(".o_error_dialog");
    const text = document.body.innerText;
    const missing = %(shown)s.filter((word) => !text.includes(word));
    const leaked = %(hidden)s.filter((word) => text.includes(word));
    if (dialog) {
        console.error(dialog.innerText.slice(0, 300));
    } else if (missing.length || leaked.length) {
        console.error(`missing: ${missing}; leaked: ${leaked}`);
    } else {
        console.log("test successful");
    }
})();
"""


class PeopleCommon(ActionCommon):
    """An action of a confidential complaint that names people without any role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = new_test_user(cls.env, "act_owner")
        cls.checker = new_test_user(cls.env, "act_checker")
        cls.verifier = new_test_user(cls.env, "act_verifier")
        cls.follower = new_test_user(cls.env, "act_follower")
        cls.stranger = new_test_user(cls.env, "act_stranger")
        cls.viewer = new_test_user(
            cls.env, "act_viewer", groups="mgmtsystem.group_mgmtsystem_viewer"
        )
        cls.secret = cls._new_case(
            subject="Secret of the oven",
            is_confidential=True,
            user_id=cls.manager.id,
            confidential_user_ids=[Command.link(cls.manager.id)],
        )
        cls.root = cls.env["complaint.rca.root"].create(
            {
                "name": "Hushed up cause",
                "res_model": "complaint.case",
                "res_id": cls.secret.id,
            }
        )
        cls.action = cls._named(
            complaint_case_id=cls.secret.id, complaint_root_id=cls.root.id
        )
        cls.plain = cls._named()
        cls.plain.message_subscribe(cls.follower.partner_id.ids)
        cls.foreign = cls._new_action(user_id=cls.manager.id)

    @classmethod
    def _named(cls, **values):
        return cls._new_action(
            user_id=cls.owner.id,
            verifier_id=cls.verifier.id,
            effectiveness_checker_id=cls.checker.id,
            effectiveness_check_date="2026-01-01",
            **values,
        )


@tagged("post_install", "-at_install")
class TestActionPeople(PeopleCommon):
    """Whoever is named in an action opens it, whatever their role (CA-1, PR-1)."""

    # -- reading --------------------------------------------------------------
    def test_each_reads_what_names_them_and_nothing_else(self):
        model = self.env["mgmtsystem.action"]
        ours = self.action | self.plain | self.foreign
        for user, seen in (
            (self.owner, self.action | self.plain),
            (self.checker, self.action | self.plain),
            (self.verifier, self.action | self.plain),
            (self.follower, self.plain),
            (self.stranger, model),
            # the register as before, but confidential ones for named people
            (self.viewer, self.plain | self.foreign),
            (self.handler, self.plain | self.foreign),
            (self.manager, ours),
        ):
            found = model.with_user(user).search([("id", "in", ours.ids)])
            self.assertEqual(found, seen.with_user(user), user.login)
            for action in ours.with_user(user):
                self.assertEqual(action.has_access("read"), action in found)

    def test_follower_of_a_confidential_action_stays_outside(self):
        self.action.message_subscribe(self.follower.partner_id.ids)
        self.assertFalse(self.action.with_user(self.follower).has_access("read"))

    def test_other_company_stays_outside(self):
        company = self.env["res.company"].create({"name": "Other company"})
        self.plain.sudo().company_id = company
        self.assertFalse(self.plain.with_user(self.owner).has_access("read"))

    def test_form_of_the_owner_shows_nothing_of_the_case(self):
        action = self.action.with_user(self.owner)
        views = action.get_views([(False, "form")])
        names = views["models"]["mgmtsystem.action"]["fields"]
        spec = {
            name: {"fields": {"display_name": {}}}
            for name, field in action._fields.items()
            if field.type == "many2one" and name in names
        }
        self.assertIn("complaint_case_id", spec)
        shown = json.dumps(action.web_read(spec), default=str)
        self.assertIn(self.secret.name, shown)
        self.assertNotIn("Secret", shown)
        self.assertNotIn("Hushed", shown)
        groups = action.formatted_read_group([], ["complaint_root_id"], ["__count"])
        self.assertNotIn("Hushed", json.dumps(groups, default=str))
        with self.assertRaises(AccessError):
            action.complaint_case_id.read(["subject"])
        with self.assertRaises(AccessError):
            action.complaint_root_id.read(["name"])
        with self.assertRaises(AccessError):
            action.search([("complaint_case_id.subject", "ilike", "Secret")])
        self.assertEqual(self.root.with_user(self.manager).display_name, self.root.name)

    def test_name_of_another_action_is_not_shown(self):
        foreign = self.foreign
        self.action.sudo().follows_id = foreign
        shown = self.action.with_user(self.owner).read(["follows_id"])[0]
        self.assertEqual(shown["follows_id"][1], foreign.reference)
        shown = self.action.with_user(self.manager).read(["follows_id"])[0]
        self.assertEqual(shown["follows_id"][1], foreign.name)

    # -- working --------------------------------------------------------------
    def test_owner_starts_reports_attaches_and_writes(self):
        action = self.action.with_user(self.owner)
        action.stage_id = self.opened
        self.assertTrue(action.date_open)
        action.date_deadline = "2026-12-01"
        file = self.env["ir.attachment"].with_user(self.owner)
        file = file.create(
            {
                "name": "photo.jpg",
                "raw": b"photo",
                "res_model": action._name,
                "res_id": action.id,
            }
        )
        message = action.message_post(
            body="Screwed", message_type="comment", attachment_ids=file.ids
        )
        self.assertEqual(message.attachment_ids, file)
        action.action_implement()
        self.assertTrue(action.date_closed)
        self.assertEqual(action.next_step, "verify")
        # Moving one's own deadline leaves a trace.
        self.assertTrue(action._fields["date_deadline"].tracking)

    def test_owner_verifies_and_checks_nothing_of_their_own(self):
        action = self.action.with_user(self.owner)
        action.stage_id = self.closed
        for vals in (
            {"verification_note": "Fine"},
            {"effectiveness_result": "effective", "effectiveness_note": "Fine"},
            {"user_id": self.stranger.id},
            {"verifier_id": False},
            {"complaint_case_id": self.case.id},
            {"is_required": False},
            {"active": False},
            {"name": "Another"},
            {"date_closed": "2020-01-01"},
            {"message_follower_ids": [Command.clear()]},
            {"stage_id": self.opened.id, "name": "Another"},
        ):
            with self.assertRaises(AccessError, msg=vals):
                action.write(vals)
        with self.assertRaises(AccessError):
            action.action_verify()
        with self.assertRaises(AccessError):
            action.unlink()
        with self.assertRaises(AccessError):
            action.copy()
        # nor by a context that says it were the system's
        forged = action.with_context(complaint_own_write=True)
        with self.assertRaises(AccessError):
            forged.name = "Another"

    def test_owner_does_not_call_off_by_any_route(self):
        action = self.action.with_user(self.owner)
        with self.assertRaises(AccessError):
            action.stage_id = self.cancelled
        result = action.with_context(import_file=True).load(
            ["id", "stage_id/.id"],
            [[self._xml_id(self.action), str(self.cancelled.id)]],
        )
        self.assertFalse(result["ids"])
        self.assertNotEqual(self.action.stage_id, self.cancelled)

    def _xml_id(self, record):
        self.env["ir.model.data"].create(
            {
                "module": "complaint_test",
                "name": f"action_{record.id}",
                "model": record._name,
                "res_id": record.id,
            }
        )
        return f"complaint_test.action_{record.id}"

    def test_mass_write_with_a_foreign_action_changes_nothing(self):
        both = (self.action | self.foreign).with_user(self.owner)
        with self.assertRaises(AccessError):
            both.write({"date_deadline": "2026-12-01"})
        self.assertFalse(self.action.date_deadline)

    def test_follower_and_stranger_change_nothing(self):
        for user in (self.follower, self.stranger, self.viewer):
            action = self.plain.with_user(user)
            for vals in ({"stage_id": self.opened.id}, {"verification_note": "Fine"}):
                with self.assertRaises(AccessError, msg=user.login):
                    action.write(vals)
            with self.assertRaises(AccessError, msg=user.login):
                self.env["ir.attachment"].with_user(user).create(
                    {
                        "name": "a",
                        "raw": b"a",
                        "res_model": action._name,
                        "res_id": action.id,
                    }
                )

    def test_viewer_who_is_named_acts_like_any_employee(self):
        self.plain.user_id = self.viewer
        action = self.plain.with_user(self.viewer)
        action.stage_id = self.opened
        with self.assertRaises(AccessError):
            action.name = "Another"
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.viewer).stage_id = self.opened

    def test_verifier_and_checker_do_their_part(self):
        self.action.with_user(self.owner).stage_id = self.closed
        action = self.action.with_user(self.verifier)
        with self.assertRaises(AccessError):
            action.date_deadline = "2026-12-01"
        with self.assertRaises(AccessError):
            action.stage_id = self.opened
        action.verification_note = "Seen on line 2"
        action.action_verify()
        self.assertEqual(self.action.next_step, "check")
        with self.assertRaises(AccessError):
            action.effectiveness_note = "Fine"
        self._judge(self.checker, "not_effective")
        self.assertEqual(self.action.next_step, "follow")
        self.assertEqual(self.action.effectiveness_judged_by_id, self.checker)
        self.assertIn("action_judged", self._events(self.secret))

    def _judge(self, user, result):
        opened = self.action.with_user(user).action_judge()
        model = self.env[opened["res_model"]].with_user(user)
        form = Form(model.with_context(**opened["context"]))
        form.result = result
        form.note = "Counted for a month"
        self.assertFalse(form.is_followed)
        return form.save().action_judge()

    def test_form_of_the_judgement_shows_no_foreign_action(self):
        self.foreign.effectiveness_criterion = "Nobody complains"
        model = self.env["complaint.action.judge"]
        vals = {"action_id": self.foreign.id, "result": "effective", "note": "x"}
        with self.assertRaises(AccessError):
            wizard = model.with_user(self.stranger).create(vals)
            wizard.read(["criterion"])
        wizard = model.with_user(self.stranger).create(vals)
        with self.assertRaises(AccessError):
            wizard.action_judge()
        other = model.with_user(self.checker).create({**vals, "result": "effective"})
        self.assertFalse(other.with_user(self.stranger).has_access("read"))

    def test_form_lets_each_write_their_part_only(self):
        with Form(self.action.with_user(self.owner)) as form:
            form.date_deadline = "2026-12-01"
            with self.assertRaises(AssertionError):
                form.name = "Another"
            with self.assertRaises(AssertionError):
                form.verification_note = "Fine"
        with Form(self.action.with_user(self.manager)) as form:
            form.name = "Another"
        self.assertEqual(self.action.name, "Another")

    def test_owner_cannot_be_the_verifier(self):
        with self.assertRaises(ValidationError):
            self.plain.verifier_id = self.owner

    # -- being told -----------------------------------------------------------
    def test_owner_is_planned_an_activity_they_can_end(self):
        self.action.sudo().date_deadline = "2020-01-01"
        self._run_cron("ir_cron_action_remind")
        activity = self.action.activity_ids.filtered(
            lambda found: found.user_id == self.owner
        )
        self.assertEqual(len(activity), 1)
        activity.with_user(self.owner).action_feedback(feedback="Done")
        self.assertFalse(activity.exists() and activity.active)


@tagged("post_install", "-at_install")
class TestActionLink(PeopleCommon, HttpCase):
    """The link of the mails opens the action (CA-1)."""

    def test_link_opens_for_the_named_and_for_nobody_else(self):
        self.assertIn(MAIL_VIEW % self.action.id, self.action.get_action_url())
        for user, opens in (
            (self.owner, True),
            (self.checker, True),
            (self.verifier, True),
            (self.stranger, False),
            (self.follower, False),
        ):
            self.authenticate(user.login, user.login)
            page = self.url_open(MAIL_VIEW % self.action.id, allow_redirects=False)
            target = page.headers["Location"]
            is_form = f"mgmtsystem.action/{self.action.id}" in target
            self.assertEqual(is_form, opens, (user.login, target))

    def test_screen_of_the_owner_shows_the_action_and_not_the_case(self):
        hidden = json.dumps(["Secret", "Hushed"])
        self.browser_js(
            "/odoo",
            OPEN_FORM
            % {
                "id": self.action.id,
                "shown": json.dumps(["Deadline"]),
                "hidden": hidden,
            },
            ready="odoo.isReady === true",
            login=self.owner.login,
        )
