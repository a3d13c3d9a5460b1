"""Decide: hard limits first, then scores with fixed anchors, ranking, and the reasons in words."""
