"""The client side of MCP: connections from the estate file, sessions that survive, a reader and an actuator."""
