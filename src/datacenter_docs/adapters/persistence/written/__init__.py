"""Written documents, in the database."""
