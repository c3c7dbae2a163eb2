"""How rooms run commands: on this machine or over SSH. Only rooms use it; only `ssh.py` knows the SSH library."""
