"""Data that ships with the product, read through ``importlib.resources``."""
