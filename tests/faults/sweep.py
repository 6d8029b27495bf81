"""Runs in ``odoo shell``: one worker that sweeps when all are told to go, in small
batches, so that two get in each other's way often."""

import os
import time
from pathlib import Path

from odoo.addons.complaint_management.models import complaint_sla_sweep_mixin

complaint_sla_sweep_mixin.SWEEP_BATCH = 50
Mixin = complaint_sla_sweep_mixin.ComplaintSlaSweepMixin
lock_due, taken = Mixin._lock_due, []


def lock_and_count(clocks, model):
    locked = lock_due(clocks, model)
    taken.extend(locked.ids)
    return locked


Mixin._lock_due = lock_and_count
print("READY", flush=True)
go = Path(os.environ["GO"])
while not go.exists():
    time.sleep(0.01)
env.cr.rollback()
env["complaint.sla.clock"]._cron_sweep()
env.cr.commit()
print(f"TAKEN={len(taken)}", flush=True)
