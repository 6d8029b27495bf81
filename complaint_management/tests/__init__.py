from . import (
    test_access,
    test_case,
    test_eightd,
    test_gates,
    test_guard,
    test_journal,
    test_mail_gateway,
    test_nonconformity,
    test_screens,
    test_sla,
    test_templates,
    test_tours,
)
