"""One file per noun; each translates a request into one service call and the answer back."""
