"""Similar tickets, categories and sections of runbooks, made real over the database and NumPy."""
