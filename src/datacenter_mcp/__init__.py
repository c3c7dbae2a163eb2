"""The hands: one MCP server per platform, one room each. Rooms never know each other, nor the brain."""
