"""The sections of the documentation, one file each: from what is known to a page of cited values."""
