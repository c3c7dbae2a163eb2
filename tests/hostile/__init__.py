"""Everything hostile: texts that give orders, a model and servers that mean harm, and input that is none. 0 unauthorised actions."""
