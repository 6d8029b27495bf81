"""Customers, suppliers, products and parts, portal logins."""

from odoo.fields import Command

from .company import portal_group
from .world import LANGUAGES, ZONES, read_csv

PORTAL = {"customer": "NAR1", "customer2": "AFT1"}
SUPPLIER_PORTAL = {"supplier": "EGE", "supplier2": "PRL"}
NAMES = ("en", "az", "tr", "fa")


def make_customers(world):
    env = world.env
    segments = {
        segment.code: segment.id for segment in env["complaint.segment"].search([])
    }
    rows = read_csv("customers.csv")
    for contacts in (False, True):
        chosen = [row for row in rows if bool(row["company"]) == contacts]
        partners = env["res.partner"].create(
            [
                {
                    **_address(world, row),
                    "is_company": not contacts and not row["code"].startswith("C"),
                    "parent_id": contacts and world.customers[row["company"]].id,
                    "type": "contact",
                    "complaint_segment_id": segments.get(row["segment"]),
                    "ref": f"C-{row['code']}",
                }
                for row in chosen
            ]
        )
        world.customers |= {
            row["code"]: partner for row, partner in zip(chosen, partners, strict=True)
        }


def _address(world, row):
    return {
        "name": row["name"],
        "lang": LANGUAGES[row["lang"]],
        "tz": ZONES[row["lang"]],
        "country_id": world.env.ref(f"base.{_country_ref(row['country'])}").id,
        "city": row["city"],
        "street": row["street"],
        "zip": row["zip"],
        "email": row["email"],
        "phone": row["phone"],
        "function": row["function"],
    }


def _country_ref(code):
    # Odoo's base data names the United Kingdom by its old code.
    return {"GB": "uk"}.get(code, code.lower())


def make_suppliers(world):
    for row in read_csv("suppliers.csv"):
        vals = {**_address(world, row), "is_company": True, "function": False}
        contact = {
            "name": row["contact"],
            "email": row["contact_email"],
            "function": row["function"],
            "lang": LANGUAGES[row["lang"]],
            "type": "contact",
        }
        vals |= {"ref": f"S-{row['code']}", "child_ids": [Command.create(contact)]}
        if "supplier_rank" in world.env["res.partner"]._fields:
            vals["supplier_rank"] = 1
        world.suppliers[row["code"]] = world.env["res.partner"].create(vals)


def make_products(world):
    categories = world.env["product.category"].create(
        [{"name": "Appliances"}, {"name": "Purchased parts"}]
    )
    appliances, parts = read_csv("products.csv"), read_csv("parts.csv")
    vals_list = [
        {
            "default_code": f"XZ-{row['code']}",
            "list_price": float(row["price"]),
            "categ_id": categories[0].id,
        }
        for row in appliances
    ]
    world.products = _make_products(world, appliances, vals_list)
    vals_list = []
    for row in parts:
        sellers = [
            Command.create(
                {
                    "partner_id": world.suppliers[row["supplier"]].id,
                    "price": float(row["cost"]),
                    "delay": 21,
                }
            )
        ]
        vals = {"default_code": row["code"], "categ_id": categories[1].id}
        vals["sale_ok"] = False
        if world.has("stock.move"):
            vals["tracking"] = row["tracking"]
        if "seller_ids" in world.env["product.product"]._fields:
            vals["seller_ids"] = sellers
        vals_list.append(vals)
    world.parts = _make_products(world, parts, vals_list)


def _make_products(world, rows, vals_list):
    """Return {code: product}, with names in all languages."""
    for row, vals in zip(rows, vals_list, strict=True):
        vals |= {
            "name": row["en"],
            "barcode": row["barcode"],
            "standard_price": float(row["cost"]),
            "type": "consu",
        }
        if world.has("stock.move"):
            vals["is_storable"] = True
    products = world.env["product.product"].create(vals_list)
    for row, product in zip(rows, products, strict=True):
        names = {LANGUAGES[lang]: row[lang] for lang in NAMES}
        product.product_tmpl_id.update_field_translations("name", names)
    return {row["code"]: product for row, product in zip(rows, products, strict=True)}


def make_portal_users(world):
    partners = {login: world.customers[code] for login, code in PORTAL.items()}
    partners |= {
        login: world.suppliers[code].child_ids[:1]
        for login, code in SUPPLIER_PORTAL.items()
    }
    # A manager of the dealer follows all complaints of the company.
    manager = partners["customer"]
    if "complaint_portal_company_access" in manager._fields:
        manager.complaint_portal_company_access = True
    for login, partner in partners.items():
        world.users[login] = world.env["res.users"].create(
            {
                "login": login,
                "partner_id": partner.id,
                "lang": partner.lang,
                "company_id": world.companies["az"].id,
                "company_ids": [
                    Command.set([company.id for company in world.companies.values()])
                ],
                "group_ids": [Command.set(portal_group(world).ids)],
            }
        )
