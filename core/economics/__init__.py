"""Money over time: assumptions, cash flows, levelised cost, commitments, carbon."""
