"""Runs in ``odoo shell``: one worker that confirms a cost when all are told to go, the
way a request does it: repeated after a conflict."""

import os
import time
from pathlib import Path

from odoo.service.model import retrying

line_id = int(os.environ["LINE"])
tries = []


def confirm():
    tries.append(1)
    admin = env.ref("base.user_admin")
    line = env["complaint.cost.line"].with_user(admin).browse(line_id)
    line.action_submit()


print("READY", flush=True)
go = Path(os.environ["GO"])
while not go.exists():
    time.sleep(0.01)
env.cr.rollback()
# The snapshot of every worker is older than what the first one does.
print(env["complaint.cost.line"].browse(line_id).state)
time.sleep(0.5)
retrying(confirm, env)
print(
    f"FOUND={env['complaint.cost.line'].browse(line_id).state} {len(tries)}", flush=True
)
