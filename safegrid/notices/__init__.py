"""Who must hear of what, by which channel, with proof. Reads the journal; nobody calls it."""
