from . import complaint_pareto
from . import supplier_scar_create
from . import supplier_scar_reject
from . import supplier_scorecard_compute
from . import supplier_scorecard_reopen
