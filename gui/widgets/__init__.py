"""Editors and small widgets that the pages are built from."""
