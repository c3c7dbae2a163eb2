"""How good the resolver is: scenarios as data, run through the whole spine on the demo datacenter, judged by its oracle."""
