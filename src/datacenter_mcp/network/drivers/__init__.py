"""One driver per kind of device; each turns a device's own answers into the nouns of the room."""
