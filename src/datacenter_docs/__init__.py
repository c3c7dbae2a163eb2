"""The brain: it reads the estate over MCP, judges, writes, and asks the hands to act.

It never speaks a vendor's protocol; that is the work of `datacenter_mcp`.
"""
