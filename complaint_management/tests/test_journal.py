from psycopg2.extras import Json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestJournal(ComplaintCommon):
    def _faults(self, case):
        entries = self.env["complaint.journal.entry"].sudo()
        return entries._find_faults(case._name, case.ids)

    def _tamper(self, entry, after):
        """Change entries past the guard of the database, as its owner could."""
        cr = self.env.cr
        cr.execute("SET LOCAL complaint.journal_maintenance = 'test'")
        cr.execute(
            "UPDATE complaint_journal_entry SET after = %s WHERE id = %s",
            (Json(after), entry.id),
        )
        cr.execute("SET LOCAL complaint.journal_maintenance = ''")
        self.env.invalidate_all()

    def test_decision_leaves_entry_with_before_and_after(self):
        case = self._new_case(priority="1")
        case.with_user(self.manager).priority = "3"
        entry = case.journal_entry_ids.sorted("chain_sequence")[-1]
        self.assertEqual(entry.actor_id, self.manager)
        self.assertEqual(entry.before, {"priority": "1"})
        self.assertEqual(entry.after, {"priority": "3"})

    def test_write_without_change_leaves_no_entry(self):
        case = self._new_case(priority="1")
        count = len(case.journal_entry_ids)
        case.write({"priority": "1"})
        self.assertEqual(len(case.journal_entry_ids), count)

    def test_chain_verifies_and_tampering_is_found(self):
        case = self._new_case(priority="1")
        case.priority = "2"
        case.priority = "3"
        entries = case.journal_entry_ids.sorted("chain_sequence")
        self.assertEqual(entries.mapped("chain_sequence"), [1, 2, 3])
        self.assertEqual(entries[1].previous_hash, entries[0].entry_hash)
        self.assertEqual(self._faults(case), [])
        self._tamper(entries[1], {"priority": "0"})
        self.assertEqual(self._faults(case), [("complaint.case", case.id, 2, "hash")])

    def test_entry_is_never_created_changed_or_deleted_by_hand(self):
        entry = self._new_case().journal_entry_ids
        with self.assertRaises(AccessError):
            entry.sudo().write({"note": "x"})
        with self.assertRaises(AccessError):
            entry.sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["complaint.journal.entry"].sudo().create({"event": "forged"})
        with self.assertRaises(AccessError):
            entry._append(object(), "complaint.case", [])

    def test_journal_is_read_by_auditor_not_by_handler(self):
        case = self._new_case()
        case.journal_entry_ids.with_user(self.auditor).read(["event"])
        with self.assertRaises(AccessError):
            case.journal_entry_ids.with_user(self.handler).read(["event"])
