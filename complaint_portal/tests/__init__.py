from . import (
    test_customer_messages,
    test_customer_pages,
    test_form,
    test_isolation,
    test_links,
    test_rpc,
    test_supplier_answer,
    test_supplier_pages,
    test_tools,
    test_tours,
    test_tracking,
    test_uploads,
)
