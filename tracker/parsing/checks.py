"""Remarks: what the reader was unsure of, each with its place."""
