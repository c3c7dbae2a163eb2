"""Where everything is kept: SQLite or PostgreSQL, one schema, one writer, one file per port.

`Database` (in `database.py`) is opened once and handed to each store. Nothing above this room sees an SQLAlchemy error.
"""
