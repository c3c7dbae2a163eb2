"""The documentation as files: a site, a tree of Markdown, a book, an inventory."""
