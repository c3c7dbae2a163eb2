"""What the monitoring sees."""
