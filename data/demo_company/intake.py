"""How complaints come in: by mail, by the program interface, by a colleague."""

from datetime import timezone
from email.message import EmailMessage
from email.utils import format_datetime

from .world import LANGUAGES

# What programs send in; mails go through the gateway, the rest is typed in.
BY_PROGRAM = {
    "web_form",
    "mobile_app",
    "api",
    "whatsapp",
    "telegram",
    "instagram",
    "facebook",
    "x",
    "live_chat",
    "sms",
}


def receive(world, plan):
    """Take the complaint of a plan in; time already stands at its arrival."""
    if plan.channel == "email" and world.customers[plan.customer].email:
        return _by_mail(world, plan)
    if plan.channel in BY_PROGRAM or plan.is_anonymous:
        return _by_program(world, plan)
    return _typed_in(world, plan)


def describe(world, plan):
    """The customer's text, with the data of the appliance."""
    text = plan.row["text"]
    product = world.products.get(plan.row["product"])
    if not product:
        return text
    lang = LANGUAGES[plan.lang]
    details = world.phrase(
        plan.lang,
        "details",
        product=product.with_context(lang=lang).name,
        lot=plan_lot(plan),
        order=plan_order(plan),
    )
    return f"{text}\n\n{details}"


def plan_lot(plan):
    """Serial number of the appliance: product, month of production, count."""
    month = plan.received_at.month % 12 + 1
    return f"{plan.row['product']}{month:02d}-{4200 + plan.number * 7}"


def plan_order(plan):
    return f"INV/{plan.received_at.year}/{3100 + plan.number * 3:05d}"


def _by_mail(world, plan):
    partner, team = world.customers[plan.customer], world.teams[plan.company]
    mail = EmailMessage()
    mail["From"] = f"{partner.name} <{partner.email}>"
    mail["To"] = team.alias_email
    mail["Subject"] = plan.row["subject"]
    mail["Message-ID"] = f"<demo-{plan.number}@{partner.email.partition('@')[2]}>"
    mail["Date"] = format_datetime(plan.received_at.replace(tzinfo=timezone.utc))
    mail.set_content(describe(world, plan))
    case_id = world.env["mail.thread"].message_process(False, mail.as_bytes())
    case = world.env["complaint.case"].browse(case_id)
    case.write(_facts(world, plan))
    return case


def _by_program(world, plan):
    partner = world.customers[plan.customer]
    contact = {"name": partner.name, "email": partner.email, "phone": partner.phone}
    payload = {
        "channel": plan.channel,
        "external_ref": f"{plan.channel.upper()}-{70000 + plan.number}",
        "subject": plan.row["subject"],
        "description": describe(world, plan),
        "received_at": plan.received_at.replace(tzinfo=timezone.utc).isoformat(),
        "language": plan.lang,
        "confidential": plan.is_confidential,
    }
    if plan.is_anonymous:
        payload["anonymous"] = True
    else:
        payload["partner"] = {key: value for key, value in contact.items() if value}
    if plan.row["product"]:
        payload |= {"product": f"XZ-{plan.row['product']}", "lot": plan_lot(plan)}
    cases = world.env["complaint.case"]
    company = world.companies[plan.company]
    answer = world.as_user(cases, "integration", company).intake([payload])[0]
    if answer["status"] != "created":
        raise RuntimeError(f"The intake refused {payload}: {answer['errors']}")
    case = cases.browse(answer["id"])
    case.write(_facts(world, plan) | {"team_id": world.teams[plan.company].id})
    return case


def _typed_in(world, plan):
    company = world.companies[plan.company]
    login = {"az": "handler", "tr": "handler2"}[plan.company]
    channel = world.env["complaint.channel"].search([("code", "=", plan.channel)])
    cases = world.as_user(world.env["complaint.case"], login, company)
    case = cases.create(
        {
            "channel_id": channel.id,
            "subject": plan.row["subject"],
            "description": describe(world, plan),
            "partner_id": world.customers[plan.customer].id,
            "received_at": plan.received_at,
            "team_id": world.teams[plan.company].id,
            "company_id": company.id,
            **_facts(world, plan),
        }
    )
    return world.env["complaint.case"].browse(case.id)


def _facts(world, plan):
    """What is known from the first moment, whatever the way in."""
    facts = {"remedy": plan.row["remedy"], "on_behalf_of": plan.on_behalf_of}
    if not plan.is_anonymous:
        facts["partner_id"] = world.customers[plan.customer].id
    if plan.row["product"]:
        facts |= {
            "product_id": world.products[plan.row["product"]].id,
            "lot": plan_lot(plan),
            "order_ref": plan_order(plan),
            "quantity": 1 if plan.row["who"] == "person" else 6,
        }
    return facts
