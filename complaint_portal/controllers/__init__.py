from . import portal_common, customer, complaint_form, tracking, supplier, mail
