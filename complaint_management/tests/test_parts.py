"""What hangs on a case, an 8D report or a clock: hidden and closed, with its parent, to
whoever may not read that, whichever way they try."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .parts_common import HANDMADE, PartsCommon

OPERATIONS = ("read", "write", "create", "unlink")
PARENT = {
    "complaint.eightd.containment": "eightd_id",
    "complaint.eightd.member": "eightd_id",
    "complaint.eightd.review": "eightd_id",
    "complaint.sla.event": "clock_id",
}


@tagged("post_install", "-at_install")
class TestParts(PartsCommon):
    # -- the table --------------------------------------------------------------------
    def test_every_model_that_hangs_on_something_is_tried(self):
        self.assertTrue(all(self.parts.values()), self.parts)
        names = self.env.registry.descendants(["complaint.part.mixin"], "_inherit")
        ours = {
            name
            for name in names
            if not self.env[name]._abstract
            and self.env[name]._original_module == "complaint_management"
        }
        # A hold keeps all the others from changing: it is tried by itself.
        self.assertEqual(ours, {*self.parts, "complaint.legal.hold.case"})

    # -- reading ----------------------------------------------------------------------
    def test_who_may_read_the_parent_reads_and_finds_its_parts(self):
        for is_hidden in (False, True):
            if is_hidden:
                self._hide()
                self.case.confidential_user_ids = self.manager
            for model, record in self.parts.items():
                with self.subTest(model=model, hidden=is_hidden):
                    # handlers don't read the journal
                    seen = record.with_user(self.manager)
                    self.assertTrue(seen.has_access("read"))
                    self.assertEqual(seen.search([("id", "in", record.ids)]), record)

    def test_parts_of_an_archived_case_are_found(self):
        self.case.stage_id = self._stage("cancelled")
        self.case.active = False
        self.env.flush_all()
        for model, record in self.parts.items():
            if model.startswith("complaint.sla."):
                # a cancelled promise counts nowhere
                continue
            with self.subTest(model=model):
                seen = record.with_user(self.manager)
                self.assertEqual(seen.search([("id", "in", record.ids)]), record)

    def test_nobody_else_may_do_anything_with_a_part(self):
        for record, label in self._each_part():
            for operation in OPERATIONS:
                with self.subTest(**label, operation=operation):
                    self.assertFalse(record.has_access(operation))
                    self.assertFalse(record._filtered_access(operation))

    def test_nobody_else_reads_or_counts_a_part(self):
        for record, label in self._each_part():
            domain = [("id", "in", record.ids)]
            parent = PARENT.get(record._name)
            ways = {
                "search": lambda r=record, d=domain: r.search(d),
                "search_count": lambda r=record, d=domain: r.search_count(d),
                "search_read": lambda r=record, d=domain: r.search_read(d, ["id"]),
                "web_search_read": lambda r=record, d=domain: r.web_search_read(
                    d, {"id": {}}
                )["records"],
                "group": lambda r=record, d=domain: sum(
                    count for [count] in r._read_group(d, [], ["__count"])
                ),
                "name_search": lambda r=record, d=domain: r.name_search("", d),
            }
            if parent:
                ids = record.sudo()[parent].ids
                ways["by parent"] = lambda r=record, p=parent, i=ids: r.search(
                    [(p, "in", i)]
                )
            for way, call in ways.items():
                with self.subTest(**label, way=way):
                    if record.browse().has_access("read"):
                        self.assertFalse(call())
                    else:
                        with self.assertRaises(AccessError):
                            call()
            with self.subTest(**label), self.assertRaises(AccessError):
                record.read(["display_name"])
            with self.subTest(**label), self.assertRaises(UserError):
                record.export_data(["display_name"])

    def test_hold_of_a_hidden_case_is_hidden(self):
        holds = self.env["complaint.legal.hold"].with_user(self.legal)
        hold = holds.create(
            {
                "name": "Baku District Court",
                "reason": "Lawsuit",
                "case_ids": [Command.set(self.case.ids)],
            }
        )
        line = hold.sudo().line_ids
        self.assertTrue(line.with_user(self.legal).has_access("read"))
        self._hide()
        for user in (self.legal, self.manager, self.auditor, self.stranger):
            seen = line.with_user(user)
            self.assertFalse(seen.has_access("read"), user.login)
            self.assertFalse(seen.search([("id", "=", line.id)]), user.login)

    # -- changing ---------------------------------------------------------------------
    def test_nobody_else_changes_deletes_or_copies_a_part(self):
        for record, label in self._each_part():
            model = record._name
            if not self.env[model]._auto:
                continue
            before = self._rows(model)
            vals = HANDMADE.get(model, {"create_date": "2020-01-01"})
            for call in (
                lambda r=record, v=vals: r.write(v),
                lambda r=record: r.unlink(),
                lambda r=record: r.copy(),
            ):
                with self.subTest(**label):
                    self.assertTrue(self._refused(call))
            self.assertEqual(self._rows(model), before, label)

    def test_nobody_else_adds_a_part(self):
        """Neither by ``create`` nor by an import of new lines."""
        for user, is_confidential in self._everybody_else():
            for model in HANDMADE:
                record = self.parts[model].sudo()
                vals = self._vals_of(record)
                lines = self.env[model].with_user(user)
                label = {"model": model, "user": user.login, "hidden": is_confidential}
                with self.subTest(**label):
                    with self.assertRaises(AccessError):
                        lines.create(vals)
                    self.assertFalse(self._load(lines, vals))

    def test_nobody_else_changes_a_part_by_an_import(self):
        for user, is_confidential in self._everybody_else():
            for model, vals in HANDMADE.items():
                record = self.parts[model]
                label = {"model": model, "user": user.login, "hidden": is_confidential}
                with self.subTest(**label):
                    before = self._rows(model)
                    lines = self.env[model].with_user(user)
                    vals = self._vals_of(record) | vals
                    self.assertFalse(self._load(lines, {".id": record.id} | vals))
                    self.assertEqual(self._rows(model), before)

    # -- moving -----------------------------------------------------------------------
    def test_nobody_moves_a_part_of_a_report(self):
        other = self._new_report(self.case)
        for model in ("complaint.eightd.member", "complaint.eightd.containment"):
            record = self.parts[model]
            for user in (self.env.user, self.manager, self.investigator):
                line = record.with_user(user)
                with self.subTest(model=model, user=user.login):
                    with self.assertRaises(UserError):
                        line.write({"eightd_id": other.id})
                    moved = {".id": record.id, "eightd_id": other.id}
                    self.assertFalse(self._load(line.browse(), moved))
                    self.assertEqual(record.eightd_id, self.report)
        with self.assertRaises(AccessError):
            self.parts["complaint.eightd.review"].write({"eightd_id": other.id})

    def test_nobody_moves_what_the_system_wrote_about_a_case(self):
        other = self._new_case()
        for model, record in self.parts.items():
            field = self.env[model]._fields.get("case_id")
            if (
                not self.env[model]._auto
                or not field
                or field.related
                or model == "complaint.initial.report"
            ):
                continue
            for user in (self.handler, self.manager):
                line = record.with_user(user)
                with self.subTest(model=model, user=user.login):
                    with self.assertRaises(AccessError):
                        line.write({"case_id": other.id})
                    moved = {".id": record.id, "case_id": other.id}
                    self.assertFalse(self._load(line.browse(), moved))
                    self.assertEqual(record.case_id, self.case)

    def test_what_may_move_goes_only_where_its_writer_may_go(self):
        hidden = self._new_case(is_confidential=True, user_id=self.manager.id)
        mine = self._new_case()
        for model, name in (
            ("complaint.initial.report", "case_id"),
            ("complaint.rca.why", "res_id"),
            ("complaint.rca.root", "res_id"),
        ):
            record = self.parts[model]
            line = record.with_user(self.handler)
            if model.startswith("complaint.rca."):
                line = record.with_user(self.investigator)
            with self.subTest(model=model):
                moved = {name: hidden.id}
                self.assertTrue(self._refused(lambda v=line, m=moved: v.write(m)))
                self.assertFalse(self._load(line.browse(), {".id": line.id} | moved))
                line.write({name: mine.id})
                self.assertEqual(record[name], mine if name == "case_id" else mine.id)

    def test_who_a_complaint_is_about_moves_no_report_to_it(self):
        about = self._new_case(
            user_id=self.manager.id, subject_user_ids=[Command.set(self.handler.ids)]
        )
        report = self.parts["complaint.initial.report"].with_user(self.handler)
        report.found = "Two cracks"
        self.assertTrue(self._refused(lambda: report.write({"case_id": about.id})))
        moved = {".id": report.id, "case_id": about.id}
        self.assertFalse(self._load(report.browse(), moved))
        self.assertEqual(report.case_id, self.case)

    def test_line_moves_to_no_report_whose_cause_is_signed_off(self):
        line = self.parts["complaint.rca.why"].with_user(self.investigator)
        there = {"res_model": self.report._name, "res_id": self.report.id}
        step = self.report.step_ids.filtered(lambda step: step.discipline == "d4")
        step.state = "accepted"
        self.assertTrue(self._refused(lambda: line.write(there)))
        self.assertFalse(self._load(line.browse(), {".id": line.id} | there))
        self.assertEqual(line.res_model, "complaint.case")
        step.state = "draft"
        line.write(there)
        self.assertEqual(self.report.why_ids, line.sudo())
