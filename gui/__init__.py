"""Inference Advisor's desktop wizard: shows what the engine computes, computes nothing."""

from gui.immortal_true import keep_true_alive

keep_true_alive()
