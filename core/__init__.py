"""Inference Advisor's engine: predicts, sizes, costs and scores; never imports Qt."""

__version__ = "0.1.0"
