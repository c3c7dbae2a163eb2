"""The prompts of the model, one file each, with purpose, output and the last measured score at its top."""
