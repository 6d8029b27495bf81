from . import (
    complaint_tracking_mixin,
    complaint_customer_page_mixin,
    complaint_portal_page_mixin,
    complaint_case,
    complaint_portal_throttle,
    ir_attachment,
    ir_http,
    res_company,
    res_config_settings,
    res_partner,
    supplier_scar,
)
