from odoo.tests import tagged

from .common import ComplaintCommon
from .screens import ScreensCase


@tagged("post_install", "-at_install")
class TestScreens(ComplaintCommon, ScreensCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls._new_case()
        cls.env["complaint.eightd"].create({"case_id": case.id, "subject": "Oven"})

    def test_screens_as_manager_open_with_data(self):
        self._open_all_screens("complaint_management", self.manager.login)

    def test_screens_as_auditor_open(self):
        self._open_all_screens("complaint_management", self.auditor.login)
