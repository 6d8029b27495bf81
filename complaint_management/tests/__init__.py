from . import (
    test_access,
    test_case,
    test_eightd,
    test_gates,
    test_journal,
    test_nonconformity,
    test_sla,
)
