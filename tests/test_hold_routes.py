"""Every way to change, delete or move what belongs to a held complaint, by every kind
of person and by the system itself: refused, and not a byte is different afterwards."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.complaint_management.exceptions import HoldError
from odoo.addons.supplier_quality.tests.hold_common import HoldCommon
from odoo.addons.supplier_quality.tests.hold_routes import IMPROVEMENT_ROUTES
from odoo.addons.supplier_quality.tests.hold_routes import method as _method
from odoo.addons.supplier_quality.tests.hold_routes import sql as _sql
from odoo.addons.supplier_quality.tests.hold_routes import unlink as _unlink
from odoo.addons.supplier_quality.tests.hold_routes import web_save as _web_save
from odoo.addons.supplier_quality.tests.hold_routes import write as _write

ACTORS = ("handler", "manager", "legal", "administrator", "superuser")
# What is refused without a hold too (numbered, evidence, gates); the hold adds nothing
# there that a control could show.
REFUSED_ANYWAY = {
    "case.unlink",
    "case.archive",
    "case.archive_button",
    "case.sql_delete",
    "case.import",
    "evidence.unlink",
    "evidence.rename",
    "evidence.file_raw",
    "evidence.file_unlink",
    "scar.unlink",
    "nonconformity.unlink",
    "waiver.write",
    "waiver.unlink",
    "lesson.unlink",
    "lesson_read.unlink",
    "lesson_use.unlink",
    "product.unlink",
    "partner.unlink",
    "partner.sql_delete",
}


def _stage(phase):
    return lambda test, env: (
        test.found["case"].with_env(env).write({"stage_id": test._stage(phase).id})
    )


def _import_case(test, env):
    result = env["complaint.case"].load(
        [".id", "description"], [[str(test.found["case"].id), "Nothing happened"]]
    )
    if not result["ids"]:
        raise UserError(result["messages"][0]["message"])


def _mass_edit(test, env):
    cases = (test.other | test.found["case"]).with_env(env)
    cases.web_save_multi([{"subject": "x"}, {"subject": "y"}], {})


def _merge(is_survivor):
    def run(test, env):
        survivor = test.found["case"] if is_survivor else test.other
        cases = (test.found["case"] | test.other).with_env(env)
        cases._merge(survivor.with_env(env), True)

    return run


def _update_content(test, env):
    case, message = test.found["case"], test.found["message"]
    case.with_env(env)._message_update_content(
        message.with_env(env), body="Never said", strict=False
    )


def _delete_content(test, env):
    case, message = test.found["case"], test.found["message"]
    case.with_env(env)._message_update_content(
        message.with_env(env), body="", attachment_ids=[], strict=False
    )


def _merge_partners(test, env):
    wizard = env["base.partner.merge.automatic.wizard"]
    wizard._merge(
        (test.customer | test.twin).ids, test.twin.with_env(env), extra_checks=False
    )


def _merge_partners_by_sql(test, env):
    wizard = env["base.partner.merge.automatic.wizard"].sudo()
    wizard._update_foreign_keys(test.customer, test.twin)


def _uninstall(name, method):
    def run(test, env):
        module = env["ir.module.module"].search([("name", "=", name)])
        getattr(module, method)()

    return run


def _uninstall_data(test, env):
    env["ir.model.data"]._module_data_uninstall(["complaint_management"])


def _uninstall_state(test, env):
    module = env["ir.module.module"].search([("name", "=", "complaint_portal")])
    module.write({"state": "to remove"})


ROUTES = IMPROVEMENT_ROUTES | {
    "case.write": _write("case", description="Nothing happened"),
    "case.write_facts": _write("case", lot="OTHER", quantity=1),
    "case.write_customer": _write("case", partner_id=False),
    "case.write_dates": _write("case", received_at="2020-01-01 10:00:00"),
    "case.write_number": _write("case", name="CMP/1999/00001"),
    "case.write_mark": _write("case", is_on_hold=False),
    "case.form": _web_save("case", subject="Nothing"),
    "case.mass_edit": _mass_edit,
    "case.import": _import_case,
    "case.archive": _write("case", active=False),
    "case.archive_button": _method("case", "action_archive"),
    "case.unlink": _unlink("case"),
    "case.step_back": _stage("received"),
    "case.cancel": _stage("cancelled"),
    "case.not_risky": _write("case", is_legal_risk=False),
    "case.merge_into": _merge(True),
    "case.merge_away": _merge(False),
    "case.cut_nonconformity": _write("case", nonconformity_ids=[Command.clear()]),
    "case.delete_why": lambda test, env: (
        test.found["case"]
        .with_env(env)
        .write({"why_ids": [Command.delete(test.found["why"].id)]})
    ),
    "case.rewrite_decision": _write("case", decision="We promise nothing"),
    "case.anonymise": _write("case", partner_name="x", email_from=False),
    "case.sql_update": _sql(
        "UPDATE complaint_case SET description = 'x' WHERE id = ANY(%s)", "case"
    ),
    "case.sql_delete": _sql("DELETE FROM complaint_case WHERE id = ANY(%s)", "case"),
    "case.sql_free": _sql(
        "UPDATE complaint_case SET is_on_hold = false WHERE id = ANY(%s)", "case"
    ),
    "message.body": _write("message", body="Never said"),
    "message.subject": _write("message", subject="Other"),
    "message.move": lambda test, env: (
        test.found["message"].with_env(env).write({"res_id": test.other.id})
    ),
    "message.author": lambda test, env: (
        test.found["message"].with_env(env).write({"author_id": test.twin.id})
    ),
    "message.date": _write("message", date="2020-01-01 10:00:00"),
    "message.internal": _write("message", is_internal=True),
    "message.files": _write("message", attachment_ids=[Command.clear()]),
    "message.unlink": _unlink("message"),
    "message.edit_button": _update_content,
    "message.delete_button": _delete_content,
    "message.sql_files": _sql(
        "DELETE FROM message_attachment_rel WHERE message_id = ANY(%s)", "message"
    ),
    "message.sql_delete": _sql(
        "DELETE FROM mail_message WHERE id = ANY(%s)", "message"
    ),
    "message.of_action": _write("action_message", body="Never said"),
    "message.of_eightd_unlink": _unlink("eightd_message"),
    "tracking.write": _write("tracking", old_value_char="x"),
    "tracking.unlink": _unlink("tracking"),
    "tracking.move": lambda test, env: (
        test.found["tracking"]
        .with_env(env)
        .write({"mail_message_id": test.foreign_message.id})
    ),
    "file.unlink": _unlink("file"),
    "file.raw": _write("file", raw=b"forged"),
    "file.datas": _write("file", datas="Zm9yZ2Vk"),
    "file.db_datas": _write("file", db_datas=b"forged"),
    "file.store": _write("file", store_fname="00/0000"),
    "file.checksum": _write("file", checksum="0"),
    "file.name": _write("file", name="other.jpg"),
    "file.move": lambda test, env: (
        test.found["file"].with_env(env).write({"res_id": test.other.id})
    ),
    "file.model": _write("file", res_model="res.partner"),
    "file.of_message_unlink": _unlink("message_file"),
    "file.of_message_raw": _write("message_file", raw=b"forged"),
    "file.of_report": _unlink("report_file"),
    "file.of_action": _write("action_file", raw=b"forged"),
    "file.sql_delete": _sql("DELETE FROM ir_attachment WHERE id = ANY(%s)", "file"),
    "evidence.unlink": _unlink("evidence"),
    "evidence.rename": _write("evidence", name="Nothing"),
    "evidence.file_raw": _write("evidence_file", raw=b"forged"),
    "evidence.file_unlink": _unlink("evidence_file"),
    "evidence.sql_delete": _sql(
        "DELETE FROM complaint_evidence WHERE id = ANY(%s)", "evidence"
    ),
    "action.write": _write("action", name="Nothing to do"),
    "action.detach": _write("action", complaint_case_id=False),
    "action.archive": _write("action", active=False),
    "action.unlink": _unlink("action"),
    "cost.write": _write("cost", unit_cost=1),
    "cost.unlink": _unlink("cost"),
    "action.unverify": _write("action", verified_at=False),
    "action.verification": _write("action", verification_note="Never seen"),
    "action.cut_file": _write("action", verification_attachment_ids=[Command.clear()]),
    "why.write": _write("why", answer="Nobody knows"),
    "why.move": lambda test, env: (
        test.found["why"].with_env(env).write({"res_id": test.other.id})
    ),
    "why.unlink": _unlink("why"),
    "eightd.write": _write("eightd", subject="x"),
    "eightd.detach": lambda test, env: (
        test.found["eightd"].with_env(env).write({"case_id": test.other.id})
    ),
    "eightd.unlink": _unlink("eightd"),
    "step.write": _write("step", content="<p>Other</p>"),
    "step.unlink": _unlink("step"),
    "step.sql_cascade": _sql(
        "DELETE FROM complaint_eightd WHERE id = ANY(%s)", "eightd"
    ),
    "report.write": _write("report", found="Nothing"),
    "report.unlink": _unlink("report"),
    "approval.write": _write("approval", asked_at="2020-01-01 10:00:00"),
    "approval.unlink": _unlink("approval"),
    "nonconformity.write": _write("nonconformity", name="x"),
    "nonconformity.unlink": _unlink("nonconformity"),
    "nonconformity.cut": _write("nonconformity", complaint_case_ids=[Command.clear()]),
    "nonconformity.cut_on_case": lambda test, env: (
        test.found["case"]
        .with_env(env)
        ._cut_nonconformity(test.found["nonconformity"].with_env(env), "Not ours")
    ),
    "nonconformity.sql_cut": _sql(
        "DELETE FROM complaint_case_nonconformity_rel WHERE nonconformity_id = ANY(%s)",
        "nonconformity",
    ),
    "nonconformity.cut_action": _write("nonconformity", action_ids=[Command.clear()]),
    "scar.write": _write("scar", problem="No problem"),
    "scar.detach": _write("scar", case_id=False),
    "scar.unlink": _unlink("scar"),
    "answer.write": _write("answer", containment="Nothing"),
    "answer.unlink": _unlink("answer"),
    "partner.anonymise": _write("customer", name="x", email="x@x.example"),
    "partner.archive": _write("customer", active=False),
    "partner.unlink": _unlink("customer"),
    "partner.merge": _merge_partners,
    "partner.merge_sql": _merge_partners_by_sql,
    "partner.sql_delete": _sql(
        "DELETE FROM res_partner WHERE id = ANY(%s)", "customer"
    ),
    "author.merge": lambda test, env: env["base.partner.merge.automatic.wizard"]._merge(
        (test.found["author"] | test.twin).ids,
        test.twin.with_env(env),
        extra_checks=False,
    ),
    "author.unlink": _unlink("author"),
    "product.unlink": _unlink("product"),
    "product.sql_delete": _sql(
        "DELETE FROM product_product WHERE id = ANY(%s)", "product"
    ),
    "hold.write": _write("hold", name="Other matter"),
    "hold.unlink": _unlink("hold"),
    "hold.state": _write("hold", state="released"),
    "hold.cut_case": _write("hold", case_ids=[Command.clear()]),
    "hold.line_free": lambda test, env: (
        test.found["hold"].line_ids.with_env(env).write({"freed_at": "2026-01-01"})
    ),
    "hold.line_unlink": lambda test, env: (
        test.found["hold"].line_ids.with_env(env).unlink()
    ),
    "hold.sql_line": _sql(
        "DELETE FROM complaint_legal_hold_case WHERE hold_id = ANY(%s)", "hold"
    ),
    "hold.sql_free": _sql(
        "UPDATE complaint_legal_hold_case SET freed_at = now() WHERE hold_id = ANY(%s)",
        "hold",
    ),
    "hold.sql_state": _sql(
        "UPDATE complaint_legal_hold SET state = 'released' WHERE id = ANY(%s)", "hold"
    ),
    "uninstall.button": _uninstall("complaint_management", "button_uninstall"),
    "uninstall.supplier": _uninstall("supplier_quality", "button_uninstall"),
    "uninstall.below": _uninstall("mgmtsystem_nonconformity", "button_uninstall"),
    "uninstall.module": _uninstall("complaint_management", "module_uninstall"),
    "uninstall.data": _uninstall_data,
    "uninstall.state": _uninstall_state,
}
# What is refused on purpose, both write down.
QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_module")
# Where there is nothing to hold: the control has no hold and uninstalls nothing.
NO_CONTROL = ("hold.", "uninstall.")


@tagged("post_install", "-at_install")
class TestHoldRoutes(HoldCommon):
    def _env_of(self, actor):
        if actor == "superuser":
            return self.env(su=True)
        return self.env(user=getattr(self, actor), su=False)

    def _attempt(self, route, actor):
        """Take a route, and undo what it did; return (error, what is there then)."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        error = None
        try:
            try:
                with self.env.cr.savepoint():
                    ROUTES[route](self, self._env_of(actor))
                    self.env.flush_all()
            except (UserError, IntegrityError) as refusal:
                error = refusal
                self.env.cr.clear()
                self.env.invalidate_all()
            return error, self._read_rows()
        finally:
            self.env.cr.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _attempt_all(self, routes, expected):
        """Take routes as the superuser; each ends with the expected type of error."""
        for route in routes:
            with self.subTest(route=route, expected=expected):
                error, __ = self._attempt(route, "superuser")
                self.assertIsInstance(error, expected)

    # -- the table -------------------------------------------------------------------
    @mute_logger(*QUIET)
    def test_nothing_held_is_changed_by_any_route(self):
        self._hold()
        self.assertTrue(all(self.found.values()), self.found)
        before = self._read_rows()
        tried = 0
        for route in ROUTES:
            for actor in ACTORS:
                with self.subTest(route=route, actor=actor):
                    error, after = self._attempt(route, actor)
                    self.assertTrue(error, "it went through")
                    self.assertEqual(after, before)
                    tried += 1
        self.assertEqual(tried, len(ROUTES) * len(ACTORS))
        self.assertGreaterEqual(tried, 500)

    @mute_logger(*QUIET)
    def test_superuser_is_refused_because_of_the_hold(self):
        """Not for some other reason: the same ways are open without a hold."""
        routes = [
            route
            for route in ROUTES
            if route not in REFUSED_ANYWAY and not route.startswith(NO_CONTROL)
        ]
        self._attempt_all(routes, type(None))
        self._hold()
        self._attempt_all(routes, HoldError | IntegrityError)

    @mute_logger(*QUIET)
    def test_triggers_refuse_what_goes_past_the_orm(self):
        self._hold()
        self._attempt_all([name for name in ROUTES if ".sql_" in name], IntegrityError)

    def test_refusal_names_case_matter_and_people(self):
        self._hold()
        with self.assertRaises(HoldError) as refusal:
            self.found["message"].with_user(self.handler).write({"body": "x"})
        text = str(refusal.exception)
        for part in (self.found["case"].name, "Baku District Court", self.legal.name):
            self.assertIn(part, text)
        with self.assertRaises(HoldError) as refusal:
            self.customer.with_user(self.administrator).write({"name": "x"})
        self.assertNotIn("Baku District Court", str(refusal.exception))
