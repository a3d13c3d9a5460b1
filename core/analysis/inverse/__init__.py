"""Inverse questions: which input gives a wanted result, found by root search on the pipeline.

"How many users fit 40 kW?" (``most_demand``), "what tariff makes the cloud win?" (``makes_win``),
"what does 5 USD per million tokens buy?" (``buys``). Every answer is a value at which the
pipeline was run, beside the value just short of it at which the answer does not hold.
"""

from core.analysis.inverse.demand import LIMITS, most_demand
from core.analysis.inverse.price import buys
from core.analysis.inverse.standard import places, standard
from core.analysis.inverse.telling import QuestionError
from core.analysis.inverse.win import TARIFF, makes_win

__all__ = [
    "LIMITS",
    "TARIFF",
    "QuestionError",
    "buys",
    "makes_win",
    "most_demand",
    "places",
    "standard",
]
