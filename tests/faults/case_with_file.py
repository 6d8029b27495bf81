"""Runs in ``odoo shell``: one case with a file and an action, whose id is printed."""

case = env["complaint.case"].create(
    {"subject": "The lid melts", "user_id": env.ref("base.user_admin").id}
)
env["ir.attachment"].create(
    {"name": "a.txt", "raw": b"lid", "res_model": case._name, "res_id": case.id}
)
env["mgmtsystem.action"].create(
    {"name": "New lid", "type_action": "correction", "complaint_case_id": case.id}
)
env.cr.commit()
print(f"CASE={case.id}", flush=True)
