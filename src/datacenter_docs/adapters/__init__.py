"""Floor 3, beside the services: the ports made real. Vendor errors are translated here and go no further."""
