"""Inference Advisor's engine: predicts, sizes, costs and scores; never imports Qt."""
