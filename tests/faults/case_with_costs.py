"""Runs in ``odoo shell``: a case with three costs, each below the limit of the company
and any two together above it. Their ids are printed."""

env.company.complaint_cost_limit = 100
env["res.users"].create(
    {
        "name": "Second manager",
        "login": "second_manager",
        "group_ids": [
            (4, env.ref("complaint_management.complaint_group_manager").id),
        ],
    }
)
case = env["complaint.case"].create(
    {"subject": "The lid melts", "user_id": env.ref("base.user_admin").id}
)
scrap = env.ref("complaint_management.complaint_cost_type_scrap")
lines = env["complaint.cost.line"].create(
    [{"case_id": case.id, "type_id": scrap.id, "unit_cost": 60} for __ in range(3)]
)
env.cr.commit()
print("LINES=" + ",".join(str(id_) for id_ in lines.ids), flush=True)
