"""Scenarios side by side: which documents are compared, and the window that shows it."""
