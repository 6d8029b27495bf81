from . import (
    complaint_cost_report,
    complaint_sla_figures_mixin,
    complaint_sla_pause_report,
    complaint_sla_report,
)
