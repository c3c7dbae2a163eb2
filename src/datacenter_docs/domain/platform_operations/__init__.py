"""The entries of the catalogue, one file per platform; `domain.catalogue` puts them together."""
