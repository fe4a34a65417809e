"""政策法规: documents and clauses, what is in force on a day, and which of it has been verified."""
