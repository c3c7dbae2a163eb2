"""Documents as Markdown, HTML and pictures: the one place that knows templates and how to escape."""
