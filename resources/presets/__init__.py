"""Presets of sites: typical limits of places, each value with where it comes from."""
