"""Stories: a ticket in over HTTP, a healed device out, and what an oracle past the product sees."""
