"""The two companies, their working hours, teams and people."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo.fields import Command

from .world import LANGUAGES, ZONES

COMPANIES = {
    "az": {
        "name": "Xəzəryel Ev Texnikası ASC",
        "email": "info@xezeryel.example",
        "phone": "+994 18 555 00 10",
        "street": "Sənaye parkı 1",
        "city": "Sumqayıt",
        "zip": "AZ5004",
        "website": "https://www.xezeryel.example",
    },
    "tr": {
        "name": "Hazaryel Ev Aletleri A.Ş.",
        "email": "bilgi@hazaryel.example",
        "phone": "+90 236 555 00 20",
        "street": "Organize Sanayi Bölgesi 4",
        "city": "Manisa",
        "zip": "45030",
        "website": "https://www.hazaryel.example",
    },
}
CURRENCIES = {"az": "AZN", "tr": "TRY"}
DOMAINS = {"az": "xezeryel.example", "tr": "hazaryel.example"}
TEAMS = {
    "az": ("Müştəri şikayətləri", "Customer complaints", "complaints"),
    "tr": ("Müşteri şikâyetleri", "Customer complaints, Türkiye", "sikayet"),
}
PLANTS = {"az": ("Sumqayıt zavodu", "SUM"), "tr": ("Manisa fabrikası", "MAN")}
# Public holidays with a fixed date: (month, day, name).
HOLIDAYS = {
    "az": [
        (1, 1, "Yeni il"),
        (1, 2, "Yeni il"),
        (1, 20, "Ümumxalq hüzn günü"),
        (3, 8, "Qadınlar günü"),
        *((3, day, "Novruz bayramı") for day in range(20, 25)),
        (5, 9, "Qələbə günü"),
        (5, 28, "Müstəqillik günü"),
        (6, 15, "Milli Qurtuluş günü"),
        (6, 26, "Silahlı Qüvvələr günü"),
        (11, 8, "Zəfər günü"),
        (11, 9, "Dövlət bayrağı günü"),
        (12, 31, "Həmrəylik günü"),
    ],
    "tr": [
        (1, 1, "Yılbaşı"),
        (4, 23, "Ulusal Egemenlik ve Çocuk Bayramı"),
        (5, 1, "Emek ve Dayanışma Günü"),
        (5, 19, "Atatürk'ü Anma, Gençlik ve Spor Bayramı"),
        (7, 15, "Demokrasi ve Millî Birlik Günü"),
        (8, 30, "Zafer Bayramı"),
        (10, 29, "Cumhuriyet Bayramı"),
    ],
}
# Odoo installs the accounting of a new company's country in a transaction of its own,
# which a demo neither needs nor can take back.
NO_CHART = {"install_mode": True}
COMPLAINT = "complaint_management.complaint_group_"
# login: (name, language, companies, job, groups)
STAFF = {
    "handler": ("Leyla Məmmədova", "az", "az", "Complaint handler", ["handler"]),
    "handler2": ("Mehmet Yılmaz", "tr", "tr", "Complaint handler", ["handler"]),
    "investigator": (
        "Rəşad Quliyev",
        "az",
        "az tr",
        "Quality engineer",
        ["investigator"],
    ),
    "manager": ("Aynur Əliyeva", "en", "az tr", "Head of customer care", ["manager"]),
    "legal": ("Shirin Rezaei", "fa", "az tr", "Legal counsel", ["legal"]),
    "auditor": ("Olivia Brandt", "en", "az tr", "Internal auditor", ["auditor"]),
    "buyer": ("Kamran Hüseynov", "az", "az tr", "Buyer", []),
    "quality": ("Elif Demir", "tr", "tr az", "Supplier quality engineer", []),
}
# Groups of other addons, given when they are installed.
MORE_GROUPS = {
    "buyer": [
        "purchase.group_purchase_user",
        "stock.group_stock_user",
    ],
    "quality": ["supplier_quality.supplier_quality_group_user"],
}


def activate_languages(world):
    """Switch on what isn't; the words of Odoo itself come with the installation."""
    env = world.env
    installed = dict(env["res.lang"].get_installed())
    missing = [code for code in LANGUAGES.values() if code not in installed]
    for code in missing:
        env["res.lang"]._activate_lang(code)
    if missing:
        ours = ("complaint_management", "supplier_quality", "complaint_portal")
        modules = env["ir.module.module"].search(
            [("name", "in", ours), ("state", "=", "installed")]
        )
        modules._update_translations(missing)


def make_companies(world):
    env = world.env
    currencies = env["res.currency"].with_context(active_test=False)
    for key, values in COMPANIES.items():
        currency = currencies.search([("name", "=", CURRENCIES[key])])
        currency.active = True
        country = env.ref(f"base.{key}")
        vals = {**values, "country_id": country.id, "currency_id": currency.id}
        if "iap_enrich_auto_done" in env["res.company"]._fields:
            # Nothing asks a service about a company that doesn't exist.
            vals["iap_enrich_auto_done"] = True
        if key == "az":
            company = env.ref("base.main_company").with_context(**NO_CHART)
            company.write(vals)
        else:
            company = env["res.company"].with_context(**NO_CHART).create(vals)
        company = company.with_env(env)
        company.partner_id.lang = LANGUAGES[key]
        company.partner_id.tz = ZONES[key]
        world.companies[key] = company
        _set_mail_domain(world, key)
        _set_working_hours(world, key)
        _name_plant(world, key)
    # Whoever runs the load, and the administrator, work for both.
    both = [Command.link(company.id) for company in world.companies.values()]
    (env.ref("base.user_admin") | env.ref("base.user_root")).company_ids = both


def _set_mail_domain(world, key):
    company = world.companies[key]
    domains = world.env["mail.alias.domain"]
    domain = domains.search([("name", "=", DOMAINS[key])]) or domains.create(
        {"name": DOMAINS[key]}
    )
    company.alias_domain_id = domain


def _set_working_hours(world, key):
    """Monday to Friday 09:00–18:00 with an hour of lunch, and public holidays."""
    company = world.companies[key]
    parts = [(9, 13, "morning"), (13, 14, "lunch"), (14, 18, "afternoon")]
    calendar = world.env["resource.calendar"].create(
        {
            "name": f"09:00–18:00, {company.city}",
            "company_id": company.id,
            "tz": ZONES[key],
            "attendance_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "name": period,
                        "dayofweek": str(day),
                        "hour_from": begin,
                        "hour_to": end,
                        "day_period": period,
                    }
                )
                for day in range(5)
                for begin, end, period in parts
            ],
        }
    )
    company.resource_calendar_id = calendar
    years = range(world.start.year, world.now.year + 2)
    world.env["resource.calendar.leaves"].create(
        [
            {
                "name": name,
                "calendar_id": calendar.id,
                "company_id": company.id,
                "date_from": _local_midnight(year, month, day, ZONES[key]),
                "date_to": _local_midnight(year, month, day, ZONES[key], days=1)
                - timedelta(seconds=1),
            }
            for year in years
            for month, day, name in HOLIDAYS[key]
        ]
    )


def _local_midnight(year, month, day, tz, days=0):
    local = datetime.combine(datetime(year, month, day), time(), ZoneInfo(tz))
    moment = (local + timedelta(days=days)).astimezone(timezone.utc)
    return moment.replace(tzinfo=None)


def _name_plant(world, key):
    if not world.has("stock.warehouse"):
        return
    company = world.companies[key]
    vals = dict(zip(("name", "code"), PLANTS[key], strict=True))
    warehouses = world.env["stock.warehouse"]
    warehouse = warehouses.search([("company_id", "=", company.id)], limit=1)
    if warehouse:
        warehouse.write(vals)
    else:
        warehouses.create({**vals, "company_id": company.id})


def make_users(world):
    """People of every role; their passwords stand in logins.csv."""
    logins = [*STAFF, "integration"]
    users = world.env["res.users"].create(
        [_prepare_staff_vals(world, login) for login in STAFF]
        + [_prepare_integration_vals(world)]
    )
    world.users = dict(zip(logins, users, strict=True))
    for login, (__, __, __, job, __) in STAFF.items():
        world.users[login].partner_id.function = job


def _prepare_staff_vals(world, login):
    name, lang, companies, __, groups = STAFF[login]
    home = companies.split()[0]
    mine = [world.companies[key].id for key in companies.split()]
    return {
        "name": name,
        "login": login,
        "email": f"{login}@{DOMAINS[home]}",
        "lang": LANGUAGES[lang],
        "tz": ZONES[home],
        "company_id": mine[0],
        "company_ids": [Command.set(mine)],
        "notification_type": "inbox",
        "group_ids": [Command.set(_get_groups(world, login, groups))],
    }


def _get_groups(world, login, roles):
    names = [f"{COMPLAINT}{role}" for role in roles] + MORE_GROUPS.get(login, [])
    groups = [
        world.env.ref(name, raise_if_not_found=False)
        for name in ("base.group_user", *names)
    ]
    return [group.id for group in groups if group]


def _prepare_integration_vals(world):
    companies = [company.id for company in world.companies.values()]
    groups = [world.env.ref(f"{COMPLAINT}integration"), portal_group(world)]
    return {
        "name": "Intake integration",
        "login": "integration",
        "email": "integration@xezeryel.example",
        "company_id": companies[0],
        "company_ids": [Command.set(companies)],
        "group_ids": [Command.set([group.id for group in groups])],
    }


def portal_group(world):
    return world.env.ref("base.group_portal")


def make_teams(world):
    env = world.env
    members = {
        "az": ["handler", "investigator", "manager", "quality"],
        "tr": ["handler2", "investigator", "manager", "quality"],
    }
    for key, (local_name, name, alias) in TEAMS.items():
        company = world.companies[key]
        vals = {
            "name": name,
            "leader_id": world.users["manager"].id,
            "member_ids": [Command.set([world.users[who].id for who in members[key]])],
            "calendar_id": company.resource_calendar_id.id,
        }
        team = env["complaint.team"].search([("company_id", "=", company.id)], limit=1)
        if team:
            team.write(vals)
        else:
            vals |= {"company_id": company.id, "alias_name": alias}
            team = env["complaint.team"].with_company(company).create(vals)
        team.alias_domain_id = company.alias_domain_id
        team.with_context(lang=LANGUAGES[key]).name = local_name
        world.teams[key] = team
        company.write(
            {
                "complaint_nc_responsible_id": world.users["investigator"].id,
                "complaint_nc_manager_id": world.users["manager"].id,
            }
        )
