def post_init_hook(env):
    """Prepare number ranges, so that the first cases of a year never race."""
    env["res.company"].search([])._complaint_prepare_number_ranges()
