"""Floor 4: durable shells around the services; the only floor that knows DBOS."""
