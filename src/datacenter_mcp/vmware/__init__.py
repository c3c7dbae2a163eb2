"""The VMware room."""
