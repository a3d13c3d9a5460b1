"""Dialogs that take in files of other programs: models, traffic, measurements."""
