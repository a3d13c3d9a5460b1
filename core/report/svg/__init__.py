"""A customer's logo drawn from an SVG: a safe part of SVG, as vectors, and nothing else.

An SVG is untrusted XML. What is read is what a logo is made of: paths and basic shapes, groups,
transforms, fills, strokes, plain style sheets, gradients and clipping. Anything that would load
something, run something or look different here is refused with the reason; nothing is left out
silently.
"""

from core.report.svg.drawing import SvgDrawing as SvgDrawing
from core.report.svg.drawing import read_svg as read_svg
from core.report.svg.refusal import SvgRefusedError as SvgRefusedError
