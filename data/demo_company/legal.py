"""Answers that the legal department has approved for complaints with a legal risk."""

from .world import LANGUAGES

DECISIONS = ("decision_justified", "decision_partly", "decision_not")


def approve_answers(world):
    """Legal approves the ready answers, and the letters with a decision."""
    templates = world.env["complaint.response.template"]
    ready = templates.search([("purpose", "=", "progress")])
    subjects = {template.lang: template.subject for template in ready}
    texts = [
        (LANGUAGES[lang], kind, text)
        for (lang, kind), variants in world.phrases.items()
        if kind in DECISIONS
        for text in variants
    ]
    letters = templates.create(
        [
            {
                "name": text.partition(".")[0],
                "purpose": "decision",
                "lang": lang,
                "subject": subjects[lang],
                "body": f"<p>{text}</p>",
            }
            for lang, __, text in texts
        ]
    )
    for template in ready | letters:
        world.as_user(template, "legal").action_approve()
    world.letters = {
        text: letter for (__, __, text), letter in zip(texts, letters, strict=True)
    }


def answer(story, text):
    """Send the approved letter with this text, else the one that says how far it is;
    who has no mail address is called."""
    case = story.by(story.owner)
    templates = case.env["complaint.response.template"]._get_usable_for(case)
    letter = story.world.letters.get(text)
    fitting = templates.filtered(
        lambda one: one == letter if letter else one.purpose == "progress"
    )
    if not (fitting and case._get_customer_address()):
        story.note(story.owner, f"Told on the phone: {text}")
        return
    case.env["complaint.response.send"].create(
        {"case_id": case.id, "template_id": fitting[0].id}
    ).action_send()
