from . import (
    complaint_acknowledge,
    complaint_answer,
    complaint_assign,
    complaint_call,
    complaint_evidence_add,
    complaint_gate_reject,
    complaint_initial_hand_over,
    complaint_notice_mute,
    complaint_pause,
    complaint_reopen,
    complaint_validity_reject,
    complaint_verdict,
)
