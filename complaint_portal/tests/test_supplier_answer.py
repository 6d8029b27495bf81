from odoo.tests import tagged

from .common import EXE, PDF, PNG, PortalCommon

ANSWER = {
    "containment": "Stock sorted",
    "root_cause": "Wrong resin",
    "corrective_action": "Resin is checked at intake",
    "preventive_action": "Same check in plant 2",
}


@tagged("post_install", "-at_install")
class TestSupplierAnswer(PortalCommon):
    def _send(self, action="submit", files=(), scar=None, **data):
        path = f"/my/scars/{(scar or self.scar).id}/answer"
        return self._post(path, {**data, "action": action}, files, self.supplier_user)

    def _answers(self):
        return self.scar.answer_ids.sudo()

    def test_acknowledge_by_button(self):
        path = f"/my/scars/{self.scar.id}/acknowledge"
        response = self._post(path, user=self.supplier_user)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.scar.state, "acknowledged")
        page = self._get(self._path(response)).text
        self.assertIn("We know now that you work on it", page)
        self.assertNotIn("o_scar_acknowledge", page)

    def test_draft_is_kept_and_shown_again(self):
        response = self._send("save", [("d.pdf", PDF)], root_cause="Half a thought")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.scar.state, "sent")
        self.assertEqual(self._answers().state, "draft")
        self.assertEqual(self._answers().attachment_ids.raw, PDF)
        page = self._get(self._path(response)).text
        self.assertIn("Half a thought</textarea>", page)
        self.assertIn("d.pdf", page)

    def test_submit_makes_the_answer_read_only(self):
        response = self._send("submit", [("proof.png", PNG)], **ANSWER)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.scar.state, "answered")
        answer = self._answers()
        self.assertEqual(answer.state, "submitted")
        self.assertEqual(answer.submitted_by_id, self.supplier_user)
        self.assertEqual(answer.attachment_ids.name, "proof.png")
        page = self._get(self._path(response)).text
        self.assertNotIn("<textarea", page)
        self.assertIn("Wrong resin", page)
        again = self._send("submit", **{**ANSWER, "root_cause": "Changed"})
        self.assertEqual(again.status_code, 422)
        self.assertEqual(self._answers().root_cause, "Wrong resin")

    def test_incomplete_answer_says_what_is_missing_and_loses_nothing(self):
        response = self._send("submit", containment="Stock sorted")
        self.assertEqual(response.status_code, 422)
        self.assertEqual(self.scar.state, "sent")
        self.assertIn("Please fill in as well", response.text)
        self.assertIn("Stock sorted</textarea>", response.text)
        self.assertEqual(self._answers().containment, "Stock sorted")

    def test_not_responsible_needs_a_reason(self):
        response = self._send("submit", is_not_responsible="1")
        self.assertEqual(response.status_code, 422)
        response = self._send(
            "submit", is_not_responsible="1", not_responsible_reason="Not our lid"
        )
        self.assertEqual(response.status_code, 303)
        page = self._get(self._path(response)).text
        self.assertIn("Not our lid", page)

    def test_rejected_answer_comes_back_with_comment_and_second_version(self):
        self._send("submit", **ANSWER)
        self.scar.with_user(self.quality).sudo()._reject("Where is the proof?")
        page = self._get(f"/my/scars/{self.scar.id}").text
        self.assertIn("Where is the proof?", page)
        self.assertIn("Wrong resin</textarea>", page)
        self._send("submit", **{**ANSWER, "root_cause": "Wrong dryer"})
        self.assertEqual(self._answers().mapped("version"), [2, 1])
        page = self._get(f"/my/scars/{self.scar.id}").text
        self.assertIn("Wrong dryer", page)
        self.assertIn("Wrong resin", page)

    def test_refused_file_loses_no_word(self):
        response = self._send("submit", [("virus.pdf", EXE)], **ANSWER)
        self.assertEqual(response.status_code, 422)
        self.assertIn("virus.pdf", response.text)
        self.assertIn("Wrong resin</textarea>", response.text)
        self.assertEqual(self.scar.state, "sent")
        self.assertFalse(self._answers().attachment_ids)

    def test_too_long_text_is_refused_at_the_field(self):
        response = self._send("save", root_cause="x" * 20_001)
        self.assertEqual(response.status_code, 422)
        self.assertIn("at most 20000 characters", response.text)

    def test_other_fields_from_the_form_are_ignored(self):
        self._send(
            "save",
            root_cause="R",
            state="accepted",
            review_comment="fine",
            scar_id=str(self.other_scar.id),
            submitted_by_id="1",
        )
        answer = self._answers()
        self.assertEqual((answer.state, answer.scar_id), ("draft", self.scar))
        self.assertFalse(answer.review_comment)

    def test_unknown_action_only_saves(self):
        self._send("accept", **ANSWER)
        self.assertEqual(self.scar.state, "sent")
        self.assertEqual(self._answers().state, "draft")
