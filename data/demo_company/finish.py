"""What is left to do when the year is played."""

from datetime import timedelta

from odoo.fields import Domain

UNREAD_DAYS = 3


def seal(world):
    """Nothing of this leaves the house: mails that were made count as sent long ago."""
    world.env.flush_all()
    mails = world.env["mail.mail"].search([("state", "=", "outgoing")])
    notifications = world.env["mail.notification"].search(
        Domain("notification_type", "=", "email")
        & Domain("notification_status", "=", "ready")
    )
    notifications.write({"notification_status": "sent"})
    _read_old_messages(world)
    # Customers were told about each step at its time.
    told = world.env["complaint.case"].search([("notice_state", "=", "queued")])
    told.write({"notice_state": "sent"})
    # The messages in the chatter stay; the mails themselves would be sent.
    mails.filtered("is_notification").unlink()
    mails.exists().unlink()
    # Each job that was asked for in the year would open a connection to wake the
    # scheduler, which looks by itself every minute. Measured: 357, nine seconds.
    world.env.cr.flush()
    world.env.cr.postcommit.clear()


def _read_old_messages(world):
    """Colleagues have read what isn't of the last days."""
    old = world.now - timedelta(days=UNREAD_DAYS)
    seen = world.env["mail.notification"].search(
        Domain("notification_type", "=", "inbox")
        & Domain("is_read", "=", False)
        & Domain("mail_message_id.date", "<", old)
    )
    seen.write({"is_read": True})


def prepare_numbers(world):
    """Number ranges of this and next year, which were not in sight a year ago."""
    world.env["res.company"].search([])._complaint_prepare_number_ranges()
