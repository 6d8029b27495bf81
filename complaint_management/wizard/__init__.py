from . import (
    complaint_answer,
    complaint_evidence_add,
    complaint_gate_reject,
    complaint_notice_mute,
    complaint_pause,
    complaint_reopen,
    complaint_verdict,
)
