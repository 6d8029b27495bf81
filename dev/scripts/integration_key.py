"""Runs in ``odoo shell``: a program of others gets a user for the intake of complaints
and an API key, which is printed as ``KEY=…``."""

from datetime import datetime, timedelta

user = env["res.users"].create(
    {
        "name": "Program of others",
        "login": "integration_key",
        "group_ids": [
            (4, env.ref("base.group_portal").id),
            (4, env.ref("complaint_management.complaint_group_integration").id),
        ],
    }
)
expires = datetime.utcnow() + timedelta(days=1)
keys = env["res.users.apikeys"].with_user(user)
print("KEY=" + keys._generate("rpc", "faults", expires))
env.cr.commit()
