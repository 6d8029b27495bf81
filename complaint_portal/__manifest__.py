{
    "name": "Complaint Portal",
    "summary": "Customer and supplier pages, public complaint form and tracking link "
    "for complaint management",
    "version": "19.0.1.3.0",
    "category": "Quality",
    "author": "Complaint Suite Contributors",
    "license": "AGPL-3",
    "depends": ["complaint_management", "supplier_quality", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "views/portal_field_templates.xml",
        "views/portal_home_templates.xml",
        "views/complaint_case_templates.xml",
        "views/complaint_form_templates.xml",
        "views/complaint_tracking_templates.xml",
        "views/supplier_scar_templates.xml",
        "views/complaint_case_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "complaint_portal/static/src/scss/complaint_portal.scss",
            "complaint_portal/static/src/interactions/upload_check.js",
        ],
        "web.assets_tests": [
            "complaint_portal/static/tests/tours/*.js",
        ],
    },
}
