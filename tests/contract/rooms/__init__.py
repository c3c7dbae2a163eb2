"""The contract suite of rooms: each through a real MCP client, against real devices and volumes."""
