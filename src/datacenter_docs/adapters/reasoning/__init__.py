"""Resolvers: who finds the cause. Here the one without a model."""
