"""Runs in ``odoo shell``: 2,000 complaints whose promise is long due, and whose levels
of escalation have all been reached while nobody looked."""

from datetime import timedelta

CASES = 2_000

env["complaint.sla.policy"].search([]).active = False
env["complaint.sla.policy"].create({"unit": "clock_hours", "resolve": 8})
owner = env.ref("base.user_admin")
leader = env["res.users"].create(
    {
        "name": "Leader",
        "login": "leader",
        "email": "leader@example.com",
        "group_ids": [(4, env.ref("complaint_management.complaint_group_manager").id)],
    }
)
team = env["complaint.team"].create({"name": "Late", "leader_id": leader.id})
week_ago = env.cr.now() - timedelta(days=7)
env["complaint.case"].create(
    [
        {
            "subject": f"Late {number}",
            "user_id": owner.id,
            "team_id": team.id,
            "received_at": week_ago,
        }
        for number in range(CASES)
    ]
)
env.cr.commit()
