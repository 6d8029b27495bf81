def migrate(cr, version):
    """Note where the chains end that were written before the ends were kept."""
    cr.execute(
        """
        INSERT INTO complaint_journal_head
               (res_model, res_id, chain_sequence, entry_hash)
        SELECT DISTINCT ON (res_model, res_id)
               res_model, res_id, chain_sequence, entry_hash
          FROM complaint_journal_entry
      ORDER BY res_model, res_id, chain_sequence DESC
            ON CONFLICT (res_model, res_id) DO NOTHING
        """
    )
