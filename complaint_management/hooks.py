NUMBERED = ("complaint.case", "complaint.eightd")


def post_init_hook(env):
    """Prepare number ranges, so that the first cases of a year never race."""
    env["res.company"].search([])._complaint_prepare_number_ranges()


def uninstall_hook(env):
    """Take along the sequences, which were made for each company on first use."""
    env["ir.sequence"].with_context(active_test=False).search(
        [("code", "in", NUMBERED)]
    ).unlink()
    env.cr.execute("DROP SEQUENCE IF EXISTS complaint_assignment_seq")
