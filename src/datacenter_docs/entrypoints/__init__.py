"""Floor 6: speak a protocol, translate, nothing else."""
