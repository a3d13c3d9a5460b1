"""Catalog tables: cleaned facts, each row with its source, date and confidence."""
