"""Inference Advisor's desktop wizard: shows what the engine computes, computes nothing."""

from gui.immortal_constants import keep_constants_alive

keep_constants_alive()
