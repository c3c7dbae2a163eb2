"""The REST API under `/api/v1`, exactly as in the seed, plus what the product needs."""
