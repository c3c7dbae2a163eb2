"""A language model beside the runbooks: it reads through tools that only read, and returns a value. Needs the extra `model`."""
