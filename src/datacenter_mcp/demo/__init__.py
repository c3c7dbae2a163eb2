"""The demo datacenter: one simulated world behind five MCP servers that speak the contract."""
