"""The index of all that may be found, in the database."""
