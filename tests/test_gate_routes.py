"""Every way to enter a step against every kind of gate: refused while something is
missing, open when everything is there."""

from odoo.exceptions import UserError
from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.complaint_management.exceptions import GateError
from odoo.addons.complaint_management.tests.common import ComplaintCommon

KINDS = ("field", "check", "approval")
# Routes that move a case that exists.
MOVES = (
    "button",
    "statusbar",
    "form",
    "kanban",
    "kanban_by_manager",
    "mass_edit",
    "mass_edit_of_list",
    "superuser",
    "import_update",
    "later_step",
    "with_decoys",
    "other_flow",
    "other_flow_and_step",
    "team_leader_script",
    "json2_write",
    "json2_web_save",
    "json2_button",
)
# Routes that make a case in the step. No approval can stand before a case does.
BIRTHS = (
    "create",
    "create_by_default",
    "create_by_form",
    "create_by_superuser",
    "create_in_batch",
    "import_new",
    "copy",
    "mail",
    "json2_create",
)


@tagged("post_install", "-at_install")
class TestGateRoutes(ComplaintCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only the gate of the test stands in the way.
        cls.env["complaint.gate"].search([]).active = False
        cls.gates = {
            "field": cls._gate("field", field_name="lot"),
            "check": cls._gate("check", check_name="validity_judged"),
            "approval": cls._gate(
                "approval",
                group_id=cls.env.ref("complaint_management.complaint_group_manager").id,
            ),
        }
        stages = [cls._stage(phase).id for phase in ("received", "triage", "closed")]
        cls.lax_flow = cls.env["complaint.flow"].create(
            {"name": "Lax", "code": "lax", "stage_ids": [Command.set(stages)]}
        )
        # In the lax flow, nothing is asked for.
        others = cls.env["complaint.flow"].search([]) - cls.lax_flow
        for gate in cls.gates.values():
            gate.flow_ids = others
            gate.active = False
        cls.env.ref("base.user_root").group_ids |= cls.env.ref(
            "complaint_management.complaint_group_manager"
        )
        expires = Datetime.add(Datetime.now(), hours=1)
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.handler)
            ._generate(None, "test", expires)
        )

    @classmethod
    def _gate(cls, kind, **target):
        return cls.env["complaint.gate"].create(
            {"name": f"Gate by {kind}", "phase": "triage", "kind": kind, **target}
        )

    # -- cases -----------------------------------------------------------------------
    def _values(self, kind, full):
        values = {"lot": "L-1"} if full and kind == "field" else {}
        if full and kind == "check":
            values |= {"validity": "justified", "validity_reason": "Seen"}
        return values

    def _make(self, kind, full):
        case = self._new_case(**self._values(kind, full))
        if full and kind == "approval":
            as_handler = case.with_user(self.handler)
            as_handler.action_ask_approval()
            case.gate_approval_ids.with_user(self.manager).action_approve()
        return case

    def _json2(self, method, **body):
        """Call as another program does; an answer that is no success is an error."""
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"/json/2/complaint.case/{method}",
                json=body,
                headers={"Authorization": f"bearer {self.key}"},
            )
        self.env.invalidate_all()
        if response.status_code != 200:
            text = response.json()["message"]
            raise GateError(text, []) if "Missing" in text else UserError(text)
        return response.json()

    # -- ways to move a case -----------------------------------------------------------
    def _move_button(self, case, step):
        case.with_user(self.handler).action_next_stage()

    def _move_statusbar(self, case, step):
        case.with_user(self.handler).write({"stage_id": step.id})

    def _move_form(self, case, step):
        case.with_user(self.handler).web_save(
            {"stage_id": step.id, "subject": "Edited as well"}, {"stage_id": {}}
        )

    def _move_kanban(self, case, step):
        case.with_user(self.handler).web_save({"stage_id": step.id}, {})

    def _move_kanban_by_manager(self, case, step):
        case.with_user(self.manager).web_save({"stage_id": step.id}, {})

    def _move_mass_edit(self, case, step):
        other = self._cancelled_case()
        (other | case).with_user(self.handler).web_save_multi(
            [{"subject": "One of two"}, {"stage_id": step.id}], {}
        )

    def _move_mass_edit_of_list(self, case, step):
        case.with_user(self.manager).web_save({"stage_id": step.id, "color": 3}, {})

    def _move_superuser(self, case, step):
        case.sudo().write({"stage_id": step.id})

    def _move_import_update(self, case, step):
        cases = self.env["complaint.case"].with_user(self.handler)
        self._raise_of_import(
            cases.load([".id", "stage_id"], [[str(case.id), step.name]])
        )

    def _move_later_step(self, case, step):
        case.with_user(self.handler).stage_id = self._stage("investigation")

    def _move_with_decoys(self, case, step):
        """A key of the context and a guarded field don't help."""
        case.with_user(self.handler).with_context(
            complaint_reopen=True, import_file=True, tracking_disable=True
        ).write({"stage_id": step.id, "active": True})

    def _move_other_flow(self, case, step):
        case.flow_id = self.lax_flow
        case.stage_id = step
        case.with_user(self.manager).flow_id = self.env.ref(
            "complaint_management.complaint_flow_standard"
        )

    def _move_other_flow_and_step(self, case, step):
        case.with_user(self.handler).write(
            {
                "flow_id": self.env.ref(
                    "complaint_management.complaint_flow_simple"
                ).id,
                "stage_id": step.id,
            }
        )

    def _move_team_leader_script(self, case, step):
        case.with_user(self.manager).update({"stage_id": step.id})

    def _move_json2_write(self, case, step):
        self._json2("write", ids=case.ids, vals={"stage_id": step.id})

    def _move_json2_web_save(self, case, step):
        self._json2(
            "web_save", ids=case.ids, vals={"stage_id": step.id}, specification={}
        )

    def _move_json2_button(self, case, step):
        self._json2("action_next_stage", ids=case.ids)

    def _cancelled_case(self):
        case = self._new_case()
        case.stage_id = self._stage("cancelled")
        return case

    # -- ways to be born there ---------------------------------------------------------
    def _birth_create(self, cases, vals):
        return cases.create(vals)

    def _birth_create_by_default(self, cases, vals):
        stage_id = vals.pop("stage_id")
        return cases.with_context(default_stage_id=stage_id).create(vals)

    def _birth_create_by_form(self, cases, vals):
        (values,) = cases.web_save(vals, {"stage_id": {}})
        return cases.browse(values["id"])

    def _birth_create_by_superuser(self, cases, vals):
        return cases.sudo().create(vals)

    def _birth_create_in_batch(self, cases, vals):
        return cases.create([{"subject": "Harmless"}, vals])[1]

    def _birth_import_new(self, cases, vals):
        step = self.env["complaint.stage"].browse(vals["stage_id"])
        judged = dict(cases._fields["validity"].selection)[
            vals.get("validity", "pending")
        ]
        reason = vals.get("validity_reason", "")
        result = cases.load(
            ["subject", "lot", "validity", "validity_reason", "stage_id"],
            [["Imported", vals.get("lot", ""), judged, reason, step.name]],
        )
        self._raise_of_import(result)
        return cases.browse(result["ids"])

    def _birth_copy(self, cases, vals):
        origin = self._new_case()
        return origin.with_user(cases.env.user).copy(vals)

    def _birth_mail(self, cases, vals):
        message = {
            "subject": "By mail",
            "body": "It smokes",
            "email_from": "new@customer.example",
            "message_id": "<gate@customer.example>",
        }
        return self.env["complaint.case"].message_new(message, vals)

    def _birth_json2_create(self, cases, vals):
        return cases.browse(self._json2("create", vals_list=[vals]))

    def _raise_of_import(self, result):
        """The import screen shows messages instead of raising."""
        if not result["ids"]:
            text = result["messages"][0]["message"]
            raise GateError(text, []) if "Missing" in text else UserError(text)

    # -- the table ---------------------------------------------------------------------
    def _run(self, kind, route, full):
        """Take one route with one gate; return the phase the case ends in."""
        step = self._stage("triage")
        gate = self.gates[kind]
        gate.active = True
        try:
            if route in MOVES:
                case = self._make(kind, full)
                getattr(self, f"_move_{route}")(case, step)
            else:
                vals = {"subject": "Born late", "stage_id": step.id}
                cases = self.env["complaint.case"].with_user(self.handler)
                case = getattr(self, f"_birth_{route}")(
                    cases, vals | self._values(kind, full)
                )
            self.env.flush_all()
            return case.sudo().phase
        finally:
            gate.active = False

    def _attempt(self, kind, route, full):
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            return self._run(kind, route, full)
        finally:
            self.env.cr.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_illegal_ways_are_refused_and_say_what_is_missing(self):
        count = 0
        for kind in KINDS:
            for route in MOVES + BIRTHS:
                with self.subTest(kind=kind, route=route):
                    with self.assertRaises(GateError) as refusal:
                        self._attempt(kind, route, full=False)
                    self.assertIn(f"Gate by {kind}", str(refusal.exception))
                    count += 1
        self.assertGreaterEqual(count, 50)

    def test_same_ways_pass_with_everything_there(self):
        for kind in KINDS:
            births = () if kind == "approval" else BIRTHS
            for route in MOVES + births:
                with self.subTest(kind=kind, route=route):
                    phase = self._attempt(kind, route, full=True)
                    wanted = "investigation" if route == "later_step" else "triage"
                    self.assertEqual(phase, wanted)
