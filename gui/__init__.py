"""Inference Advisor's desktop wizard: shows what the engine computes, computes nothing."""
