"""People's notes, in the database."""
