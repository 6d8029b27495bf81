"""Who may do what with the records of each model: the table of the test."""

LETTERS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ROLES = (
    "handler",
    "investigator",
    "manager",
    "legal",
    "auditor",
    "quality",
    "buyer",
    "employee",
    "integration",
    "customer",
    "supplier",
    "public",
)
# Nobody outside may reach a model; the pages of the portal do it for them.
OUTSIDE = ("integration", "customer", "supplier", "public")


def row(handlers, *, manager="", auditor="", **others):
    """Rights of a model; who isn't named has none. Investigators, legal and supplier
    quality are handlers too; a manager is an investigator and supplier quality."""
    roles = dict.fromkeys(("handler", "investigator", "legal", "quality"), handlers)
    return {**roles, "manager": manager or handlers, "auditor": auditor} | others


SETTING = row("r", manager="rwcu", auditor="r")
WIZARD = row("rwcu")
MATRIX = {
    "complaint.assign": WIZARD,
    "complaint.assignment.rule": SETTING,
    "complaint.case": row("rwc", auditor="r"),
    "complaint.category": SETTING,
    "complaint.channel": SETTING,
    "complaint.cost.line": row("rwcu", auditor="r"),
    "complaint.cost.reject": row("", manager="rwcu"),
    "complaint.cost.report": row("r", auditor="r"),
    "complaint.cost.type": SETTING,
    "complaint.feedback": row("r", auditor="r"),
    "complaint.feedback.enter": WIZARD,
    "complaint.eightd": row("r", investigator="rwc", manager="rwc", auditor="r"),
    "complaint.eightd.preset": SETTING,
    "complaint.eightd.preset.line": SETTING,
    "complaint.eightd.containment": row(
        "r", investigator="rwcu", manager="rwcu", auditor="r"
    ),
    "complaint.eightd.member": row(
        "r", investigator="rwcu", manager="rwcu", auditor="r"
    ),
    "complaint.eightd.review": row("r", auditor="r"),
    "complaint.eightd.step": row("r", investigator="rwc", manager="rwc", auditor="r"),
    "complaint.error.type": SETTING,
    "complaint.acknowledge": WIZARD,
    # Any employee may be named to check an action.
    "complaint.action.judge": row(
        "rwcu", auditor="rwcu", employee="rwcu", buyer="rwcu"
    ),
    "complaint.answer": WIZARD,
    "complaint.call": WIZARD,
    "complaint.evidence": row("rw", auditor="r"),
    "complaint.evidence.add": WIZARD,
    "complaint.flow": SETTING,
    "complaint.gate": SETTING,
    "complaint.gate.approval": row("r", auditor="r"),
    "complaint.gate.reject": WIZARD,
    "complaint.holiday.fill": row("", manager="rwcu"),
    "complaint.holiday.fill.line": row("", manager="rwcu"),
    "complaint.initial.hand.over": WIZARD,
    "complaint.initial.report": row("rwcu", auditor="r"),
    "complaint.intake.failure": row("rw", auditor="r"),
    "complaint.journal.head": row(""),
    "complaint.journal.entry": row("", manager="r", auditor="r", legal="r"),
    "complaint.legal.dismiss": row("", legal="rwcu"),
    "complaint.legal.hit": row("r", auditor="r"),
    "complaint.legal.rescan": row("", manager="r", auditor="r", legal="rwc"),
    "complaint.legal.term": row("r", auditor="r", legal="rwcu"),
    "complaint.legal.try": WIZARD,
    "complaint.legal.hold": row("", manager="r", auditor="r", legal="rwc"),
    "complaint.legal.hold.case": row("", manager="r", auditor="r", legal="r"),
    "complaint.legal.hold.place": row("", legal="rwcu"),
    "complaint.legal.hold.release": row("", legal="rwcu"),
    "complaint.lesson": row("r", investigator="rwcu", manager="rwcu", auditor="r"),
    "complaint.lesson.read": row("r", auditor="r"),
    "complaint.lesson.use": row("r", auditor="r"),
    "complaint.mail.receipt": row("", manager="r"),
    "complaint.nonconformity.aside": row("", manager="rwcu"),
    "complaint.nonconformity.link": row("", investigator="rwcu", manager="rwcu"),
    "complaint.nonconformity.mapping": SETTING,
    "complaint.nonconformity.rule": SETTING,
    "complaint.nonconformity.waiver": row("r", auditor="r"),
    "complaint.notice.mute": WIZARD,
    "complaint.pause": WIZARD,
    "complaint.portal.throttle": row(""),
    "complaint.priority.rule": SETTING,
    "complaint.failure.category": SETTING,
    "complaint.ishikawa.branch": SETTING,
    "complaint.pareto": row("rwcu", auditor="rwcu"),
    "complaint.pareto.line": row("rwcu", auditor="rwcu"),
    "complaint.rca.cause": row("r", investigator="rwcu", manager="rwcu", auditor="r"),
    "complaint.rca.isnot": row("r", investigator="rwcu", manager="rwcu", auditor="r"),
    "complaint.rca.root": row("r", investigator="rwcu", manager="rwcu", auditor="r"),
    "complaint.rca.why": row("r", investigator="rwcu", manager="rwcu", auditor="r"),
    "complaint.merge": WIZARD,
    "complaint.reopen": WIZARD,
    "complaint.recourse": SETTING,
    "complaint.response.template": row("r", auditor="r", legal="rwcu"),
    "complaint.response.send": WIZARD,
    "complaint.segment": {**SETTING, "employee": "r", "buyer": "r"},
    "complaint.sla.clock": row("r", auditor="r"),
    "complaint.sla.escalation": SETTING,
    "complaint.sla.event": row("r", auditor="r"),
    "complaint.sla.report": row("r", auditor="r"),
    "complaint.sla.pause.report": row("r", auditor="r"),
    "complaint.sla.hours": row("r", auditor="r"),
    "complaint.sla.pause.reason": SETTING,
    "complaint.sla.policy": SETTING,
    "complaint.sla.replay": row("", manager="rwcu"),
    "complaint.sla.replay.day": row("", manager="rwcu"),
    "complaint.sla.replay.line": row("", manager="rwcu"),
    "complaint.sla.replay.row": row("", manager="rwcu"),
    "complaint.stage": SETTING,
    "complaint.team": SETTING,
    "complaint.verdict": WIZARD,
    "complaint.validity.reject": row("", manager="rwcu", legal="rwcu"),
    "supplier.scar": row("rwc", auditor="r"),
    "supplier.scar.answer": row("r", quality="rwc", manager="rwc", auditor="r"),
    "supplier.scar.create": WIZARD,
    "supplier.scar.reject": WIZARD,
    "supplier.scorecard": row("", manager="r", quality="r", auditor="r", buyer="r"),
    "supplier.scorecard.band": row("", manager="rwcu", quality="r", auditor="r"),
    "supplier.scorecard.compute": row("", manager="rwcu", quality="rwcu"),
    "supplier.scorecard.line": row(
        "", manager="r", quality="r", auditor="r", buyer="r"
    ),
    "supplier.scorecard.reopen": row("", manager="rwcu"),
}
# Models of others that a complaint opens to more people; rules narrow them to records.
OTHERS = {
    "mgmtsystem.action": row("rwc", auditor="rw", employee="rw", buyer="rw"),
    "mgmtsystem.action.stage": row("r", auditor="r", employee="r", buyer="r"),
    "mgmtsystem.action.tag": row("r", auditor="r", employee="r", buyer="r"),
}
