"""Venues: demand in, sized and costed options out; one module per venue."""
