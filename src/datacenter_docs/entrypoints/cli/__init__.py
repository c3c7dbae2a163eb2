"""The command line: `datacenter-docs`, or `dcdocs` for short. One file per noun; heavy imports wait until they are needed."""
