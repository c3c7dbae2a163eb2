"""Backups: the databases as they stood at one moment, in one file, made while the product runs.

`snapshots.py` holds the moment on SQLite, `dumps.py` on PostgreSQL, `archive.py` is the file.
"""
