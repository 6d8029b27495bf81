import random

from psycopg2 import errors

from odoo import Command
from odoo.cli.command import find_command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..exceptions import HoldError
from .common import ComplaintCommon

# Each column of an entry but its id, and what somebody could write into it.
TAMPERINGS = {
    "res_model": "'complaint.eightd'",
    "res_id": "res_id + 1000000",
    "company_id": "NULL",
    "chain_sequence": "chain_sequence + 100",
    "event": "'approved'",
    "actor_id": "actor_id + 1",
    "logged_at": "logged_at + interval '1 minute'",
    "before": """'{"priority": "2", "subject": "Another"}'""",
    "after": """'{"priority": "0", "subject": "Other"}'""",
    "note": "'Something else was said'",
    "salt": "'00000000000000000000000000000000'",
    "sealed": """'{"note": "00"}'""",
    "format_version": "1",
    "previous_hash": "repeat('0', 64)",
    "entry_hash": "repeat('0', 64)",
}


@tagged("post_install", "-at_install")
class TestJournalProof(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entries = cls.env["complaint.journal.entry"].sudo()

    def _make_case(self, note="Said Aysel on the phone"):
        case = self._new_case(priority="1", partner_name="Aysel")
        case.write({"validity": "justified", "validity_reason": "As Aysel told us"})
        for priority in ("2", "3"):
            case.priority = priority
            case._journal_log("told", note=note)
        return case

    def _chain(self, case):
        self.env.invalidate_all()
        return case.sudo().journal_entry_ids.sorted("chain_sequence")

    def _maintain(self, query, *args):
        cr = self.env.cr
        cr.execute("SET LOCAL complaint.journal_maintenance = 'test'")
        cr.execute(SQL(query, *args))
        cr.execute("SET LOCAL complaint.journal_maintenance = ''")

    def _faults(self):
        return self.entries._find_faults()

    def _try_tampering(self, query, *args):
        """Tell whether a change past all guards is found; it is taken back."""
        with self.env.cr.savepoint() as savepoint:
            self._maintain(query, *args)
            found = self._faults()
            savepoint.rollback()
        return found

    def test_hundred_of_hundred_tamperings_are_found(self):
        chains = [self._chain(self._make_case()) for __ in range(4)]
        self.assertEqual(self._faults(), [])
        dice, found, tried = random.Random(19), 0, 0
        for number in range(100):
            chain = dice.choice(chains)
            entry, other = dice.sample(list(chain), 2)
            kind = (*TAMPERINGS, "delete", "insert", "swap", "cut")[number % 19]
            if kind == "salt" and not entry.salt:
                entry = chain[-1]
            query = {
                "delete": (
                    "DELETE FROM complaint_journal_entry WHERE id = %s",
                    entry.id,
                ),
                "cut": (
                    "DELETE FROM complaint_journal_entry WHERE id = %s",
                    chain[-1].id,
                ),
                "insert": (
                    """INSERT INTO complaint_journal_entry
                              (res_model, res_id, company_id, chain_sequence, event,
                               actor_id, logged_at, before, after, note, salt, sealed,
                               format_version, previous_hash, entry_hash)
                       SELECT res_model, res_id, company_id, %s, 'approved', actor_id,
                              logged_at, before, after, note, salt, sealed,
                              format_version, previous_hash, entry_hash
                         FROM complaint_journal_entry WHERE id = %s""",
                    len(chain) + 1,
                    entry.id,
                ),
                "swap": (
                    """UPDATE complaint_journal_entry one SET event = other.event,
                              before = other.before, after = other.after,
                              logged_at = other.logged_at + interval '1 second'
                         FROM complaint_journal_entry other
                        WHERE one.id = %s AND other.id = %s""",
                    entry.id,
                    other.id,
                ),
            }.get(kind) or (
                "UPDATE complaint_journal_entry SET %s = %s WHERE id = %s",
                SQL.identifier(kind),
                SQL(TAMPERINGS[kind]),
                entry.id,
            )
            tried += 1
            with self.subTest(kind=kind, entry=entry.chain_sequence):
                faults = self._try_tampering(*query)
                self.assertTrue(faults)
                found += bool(faults)
        self.assertEqual((tried, found), (100, 100))
        self.assertEqual(self._faults(), [], "everything was taken back")

    def test_break_names_case_entry_and_field(self):
        case = self._make_case()
        entry = self._chain(case).filtered("note")[0]
        faults = self._try_tampering(
            "UPDATE complaint_journal_entry SET note = 'x' WHERE id = %s", entry.id
        )
        expected = (case._name, case.id, entry.chain_sequence, "note")
        self.assertEqual(faults, [expected])
        text = self.entries._describe_fault(faults[0])
        self.assertIn(case.name, text)
        self.assertIn("note", text)

    def test_database_refuses_what_the_journal_refuses(self):
        entry = self._chain(self._make_case())[-1]
        queries = (
            "UPDATE complaint_journal_entry SET note = 'x' WHERE id = %s",
            "UPDATE complaint_journal_entry SET salt = NULL, event = 'x' WHERE id = %s",
            "DELETE FROM complaint_journal_entry WHERE id = %s",
            "UPDATE complaint_journal_head SET chain_sequence = 1 WHERE res_id = %s",
            "DELETE FROM complaint_journal_head WHERE id > %s - 1000000",
        )
        for query in queries:
            with (
                self.subTest(query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                key = entry.res_id if "head SET" in query else entry.id
                self.env.cr.execute(query, (key,))
        for table in ("complaint_journal_entry", "complaint_journal_head"):
            with (
                self.subTest(table),
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL("TRUNCATE %s", SQL.identifier(table)))

    # -- erasing -------------------------------------------------------------------
    def test_erased_person_is_gone_and_the_chain_whole(self):
        case, other = self._make_case(), self._make_case()
        case._journal_erase("Asked to be forgotten")
        self.assertEqual(self._faults(), [])
        chain = self._chain(case)
        self.assertNotIn("Aysel", str(chain.read(["before", "after", "note"])))
        self.assertIn("Aysel", str(self._chain(other).read(["note", "after"])))
        last = chain[-1]
        self.assertEqual(last.event, "erased")
        self.assertEqual(last.note, "Asked to be forgotten")
        self.assertEqual(len(chain.filtered("is_erased")), 3)
        self.assertIn({"priority": "3"}, chain.mapped("after"), "decisions stay")

    def test_wiping_out_is_no_erasing(self):
        case = self._make_case()
        entry = self._chain(case).filtered("salt")[0]
        # The database lets it through: it looks like an erasure.
        self.env.cr.execute(
            "UPDATE complaint_journal_entry SET salt = NULL, note = '' WHERE id = %s",
            (entry.id,),
        )
        self.assertEqual(
            self._faults(), [(case._name, case.id, entry.chain_sequence, "salt")]
        )

    def test_erased_values_can_not_be_guessed(self):
        case = self._make_case()
        before = {e.chain_sequence: e.sealed for e in self._chain(case)}
        case._journal_erase("x")
        for entry in self._chain(case)[:-1]:
            self.assertEqual(entry.sealed, before[entry.chain_sequence])
            self.assertFalse(entry.salt, "without it digests tell nothing")

    def test_nothing_is_erased_under_a_legal_hold(self):
        case = self._make_case()
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {
                "name": "Court 1/2026",
                "reason": "The customer sues",
                "case_ids": [Command.set(case.ids)],
            }
        )
        count = len(self._chain(case))
        with self.assertRaises(HoldError):
            case._journal_erase("Asked to be forgotten")
        self.assertEqual(len(self._chain(case)), count)
        self.assertFalse(self._chain(case).filtered("is_erased"))

    # -- telling -------------------------------------------------------------------
    def test_nightly_check_tells_managers_once(self):
        case = self._make_case()
        entry = self._chain(case)[0]
        self._maintain(
            "UPDATE complaint_journal_entry SET event = 'x' WHERE id = %s", entry.id
        )
        logger = "odoo.addons.complaint_management.models.complaint_journal_check_mixin"
        for __ in range(2):
            with self.assertLogs(logger, "WARNING") as logs:
                self.entries._cron_check()
            self.assertIn(case.name, logs.output[0])
        mine = case.activity_ids.filtered(lambda a: a.user_id == self.manager)
        self.assertEqual(len(mine), 1)

    def test_buttons_prove_for_who_reads_the_journal(self):
        case = self._make_case()
        for user in (self.auditor, self.manager):
            result = case.with_user(user).action_check_journal()
            self.assertEqual(result["params"]["type"], "success")
        result = self.entries.sudo(False).with_user(self.auditor).action_check_all()
        self.assertEqual(result["params"]["type"], "success")
        with self.assertRaises(AccessError):
            case.with_user(self.handler).action_check_journal()
        self._maintain(
            "UPDATE complaint_journal_entry SET event = 'x' WHERE res_id = %s", case.id
        )
        result = case.with_user(self.auditor).action_check_journal()
        self.assertEqual(result["params"]["type"], "danger")
        self.assertIn(case.name, result["params"]["message"])

    def test_events_are_told_in_words(self):
        labels = self.entries._get_event_labels()
        for entry in self._chain(self._make_case()).filtered(
            lambda e: e.event != "told"
        ):
            self.assertEqual(entry.event_text, labels[entry.event])
            self.assertNotEqual(entry.event_text, entry.event)

    # -- reading -------------------------------------------------------------------
    def test_reading_a_confidential_case_leaves_a_trace_once_an_hour(self):
        case = self._make_case()
        case.write({"is_confidential": True, "user_id": self.handler.id})
        as_handler = case.with_user(self.handler)
        as_handler.web_read({"name": {}, "priority": {}})
        self.assertNotIn("read", self._chain(case).mapped("event"))
        for __ in range(2):
            as_handler.web_read({"description": {}})
        as_handler.search_read([("id", "=", case.id)], ["description"])
        reads = self._chain(case).filtered(lambda e: e.event == "read")
        self.assertEqual(reads.actor_id, self.handler)
        self.assertEqual(len(reads), 1)
        self._new_case().with_user(self.handler).read(["description"])

    def test_export_leaves_a_trace(self):
        case = self._make_case()
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        case.with_user(self.manager).export_data(["name", "subject"])
        last = self._chain(case)[-1]
        self.assertEqual((last.event, last.note), ("exported", "name, subject"))
        self.assertEqual(last.actor_id, self.manager)

    def test_command_line_is_found(self):
        """Odoo finds commands by the place of their file."""
        command = find_command("complaint_journal")
        self.assertEqual(command.name, "complaint_journal")
