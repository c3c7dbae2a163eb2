"""The OpenStack room."""
