"""The Kubernetes room."""
