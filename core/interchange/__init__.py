"""Assessments and results as files: open, save, migrate, export."""
