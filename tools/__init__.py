"""Helpers of the Makefile; never imported by src."""
