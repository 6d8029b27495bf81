"""Runs in ``odoo shell``: one worker that moves a case on to the nonconformity module
when all are told to go, the way a request does it: repeated after a conflict."""

import os
import time
from pathlib import Path

from odoo.service.model import retrying

case_id = int(os.environ["CASE"])
tries = []


def move_on():
    tries.append(1)
    case = env["complaint.case"].with_user(env.ref("base.user_admin")).browse(case_id)
    case.action_transfer_nonconformity()


print("READY", flush=True)
go = Path(os.environ["GO"])
while not go.exists():
    time.sleep(0.01)
env.cr.rollback()
# The snapshot of every worker is older than what the first one does.
print(env["complaint.case"].browse(case_id).nonconformity_ids.ids)
retrying(move_on, env)
found = env["complaint.case"].browse(case_id).nonconformity_ids.ids
print(f"FOUND={found} {len(tries)}", flush=True)
