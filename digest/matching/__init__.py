"""Which papers are worth a reader's morning: batches of profiles x batches of papers, arrays in, arrays out."""
