"""Finding earlier tickets and pages by their words: what a text's terms are, and what an answer looks like. Pure."""
