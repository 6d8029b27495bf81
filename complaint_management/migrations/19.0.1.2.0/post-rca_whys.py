def migrate(cr, version):
    """Whys were a plain list, read as a chain that ends at the root cause. Now each
    says which answer it asks on from. What is under a legal hold stays as it is."""
    cr.execute(
        """
        WITH chain AS (
            SELECT id,
                   lag(id) OVER host AS above,
                   lag(is_root) OVER host AS is_after_root,
                   row_number() OVER host AS rank
              FROM complaint_rca_why
            WINDOW host AS (PARTITION BY res_model, res_id ORDER BY sequence, id)
        )
        UPDATE complaint_rca_why AS why
           SET parent_id = CASE WHEN chain.is_after_root THEN NULL ELSE chain.above END,
               sequence = chain.rank * 10
          FROM chain
         WHERE chain.id = why.id
           AND NOT EXISTS (SELECT FROM complaint_held(why.res_model, why.res_id))
        """
    )
