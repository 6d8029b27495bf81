from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import GROUP, ComplaintCommon

# What a colleague writes by hand, and how they try to change it.
HANDMADE = {
    "complaint.cost.line": {"note": "x"},
    "complaint.eightd.containment": {"action": "x"},
    "complaint.eightd.member": {"function": "x"},
    "complaint.initial.report": {"found": "x"},
    "complaint.rca.cause": {"name": "x"},
    "complaint.rca.isnot": {"sequence": 3},
    "complaint.rca.root": {"name": "x"},
    "complaint.rca.why": {"answer": "x"},
}
HOST = ("res_model", "res_id")


class PartsCommon(ComplaintCommon):
    """One record of all that hangs on a case, and who may not read the case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case()
        cls.report = cls._new_report(cls.case)
        cls.parts = cls._make_parts(cls.case, cls.report)
        company = cls.env["res.company"].create({"name": "Other company"})
        roles = ("investigator", "manager", "legal", "auditor")
        groups = ",".join(f"{GROUP}{role}" for role in roles)
        cls.far = cls._new_user("investigator", "far_away")
        cls.stranger = new_test_user(
            cls.env,
            "parts_stranger",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.outsider = new_test_user(
            cls.env,
            "parts_customer",
            groups=f"base.group_portal,{GROUP}integration",
        )

    @classmethod
    def _new_report(cls, case):
        return (
            cls.env["complaint.eightd"]
            .with_user(cls.investigator)
            .create({"case_id": case.id, "subject": "Lid", "leader_id": False})
            .sudo()
        )

    @classmethod
    def _make_parts(cls, case, report):
        """Return {model: one record} of all that hangs on a case."""
        env, host = cls.env, {"res_model": case._name, "res_id": case.id}
        eightd, by = {"eightd_id": report.id}, {"user_id": cls.manager.id}
        gate = env["complaint.gate"].create(
            {
                "name": "Second person",
                "phase": "monitoring",
                "kind": "approval",
                "group_id": env.ref(f"{GROUP}manager").id,
            }
        )
        case.with_user(cls.investigator).action_transfer_nonconformity()
        lesson = env["complaint.lesson"].create({"name": "a", "text": "b"})
        rows = {
            "complaint.eightd.containment": eightd | {"action": "Sorted"},
            "complaint.eightd.member": eightd | {"name": "Toolmaker"},
            "complaint.eightd.review": eightd
            | by
            | {
                "step_id": report.step_ids[0].id,
                "discipline": "d0",
                "round": 1,
                "decision": "submitted",
                "decided_at": "2026-01-01",
            },
            "complaint.gate.approval": {
                "case_id": case.id,
                "gate_id": gate.id,
                "asked_by_id": cls.handler.id,
                "asked_at": "2026-01-01",
            },
            "complaint.initial.report": {
                "case_id": case.id,
                "found": "A crack",
                "done": "Replaced",
            },
            "complaint.legal.hit": {
                "case_id": case.id,
                "term": "court",
                "kind": "court",
                "source": "subject",
                "match": "court",
            },
            "complaint.lesson.use": {
                "case_id": case.id,
                "lesson_id": lesson.id,
                "used_by_id": cls.handler.id,
                "used_at": "2026-01-01",
            },
            "complaint.nonconformity.waiver": by
            | {
                "case_id": case.id,
                "nonconformity_id": case.nonconformity_ids.id,
                "reason": "Another oven",
                "granted_at": "2026-01-01",
            },
            "complaint.rca.cause": host
            | {
                "name": "Cable",
                "branch_id": env["complaint.ishikawa.branch"].search([], limit=1).id,
            },
            "complaint.rca.isnot": host,
            "complaint.rca.root": host
            | {"name": "No test", "cell": "occurrence_technical"},
            "complaint.rca.why": host | {"answer": "Because"},
        }
        parts = {model: env[model].create(vals) for model, vals in rows.items()}
        clock = case.sla_clock_ids[0]
        case._sla_pause(cls._pause_reason())
        case._sla_resume(Datetime.add(Datetime.now(), days=7))
        cost = cls._new_cost(case)
        env.flush_all()
        found = {
            "complaint.cost.line": cost,
            "complaint.cost.report": env["complaint.cost.report"].browse(cost.id),
            "complaint.evidence": env["complaint.evidence"]._add(
                case, [("a.txt", b"proof")]
            ),
            "complaint.feedback": case._register_feedback({"nps_score": 3}),
            "complaint.journal.entry": case.journal_entry_ids[:1],
            "complaint.sla.clock": clock,
            "complaint.sla.event": clock.event_ids[:1],
        }
        for model in ("complaint.sla.report", "complaint.sla.pause.report"):
            found[model] = env[model].search([("case_id", "=", case.id)], limit=1)
        return parts | found

    # -- who --------------------------------------------------------------------------
    def _hide(self):
        """Have a confidential case: not even managers, legal and auditors see it."""
        self.case.write({"is_confidential": True, "user_id": self.handler.id})
        self.env.flush_all()
        self.env.invalidate_all()

    def _everybody_else(self):
        """Yield (user, whether the case is confidential): the most powerful of each
        kind of person who may not read it."""
        for user in (self.far, self.stranger, self.outsider):
            yield user, False
        self._hide()
        for user in (self.manager, self.auditor):
            yield user, True

    def _each_part(self):
        """Yield (record as somebody who may not read its parent, label)."""
        for user, is_confidential in self._everybody_else():
            for model, record in self.parts.items():
                label = {"model": model, "user": user.login, "hidden": is_confidential}
                yield record.with_user(user), label

    def _rows(self, model):
        table = self.env[model]._table
        self.env.flush_all()
        return self.env.execute_query(
            SQL("SELECT row(t.*)::text FROM %s t ORDER BY 1", SQL.identifier(table))
        )

    def _refused(self, call):
        """Tell whether a call is refused, and undo what it did."""
        savepoint = self.env.cr.savepoint()
        try:
            call()
            self.env.flush_all()
        except (AccessError, UserError):
            return True
        finally:
            self.env.cr.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return False

    def _vals_of(self, record):
        """Return what has to be given for another line like this one."""
        names = {"case_id", "eightd_id", *HOST, *HANDMADE[record._name]}
        return {
            name: field.convert_to_write(record[name], record)
            for name, field in record._fields.items()
            if (name in names or field.required)
            and field.store
            and not field.related
            and name not in ("state", "id")
        }

    def _load(self, lines, vals):
        """Import one line, as a file would; return the ids, if it went through."""
        names, row = [], []
        for name, value in vals.items():
            field = lines._fields.get(name)
            is_link = field is not None and field.type == "many2one"
            names.append(f"{name}/.id" if is_link else name)
            row.append(str(value))
        try:
            return lines.load(names, [row])["ids"]
        except AccessError:
            return False
        finally:
            self.env.invalidate_all()
