"""What applies to an element: attributes, a plain style sheet, its own style, and inheritance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.report.svg.refusal import too_complex, unsupported
from core.report.svg.tree import Node

INHERITED: dict[str, str] = {
    "fill": "black",
    "fill-opacity": "1",
    "fill-rule": "nonzero",
    "clip-rule": "nonzero",
    "stroke": "none",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "color": "black",
    "visibility": "visible",
}
"""Properties that elements take over from what they stand in, with their initial values."""
OWN: dict[str, str] = {
    "opacity": "1",
    "display": "inline",
    "clip-path": "none",
    "stop-color": "black",
    "stop-opacity": "1",
}
"""Properties of the element alone."""
_NO_EFFECT = {
    "filter": ("none",),
    "mask": ("none",),
    "mix-blend-mode": ("normal",),
    "paint-order": ("normal", "fill", "fill stroke", "fill stroke markers", "markers"),
    "vector-effect": ("none",),
    "marker": ("none",),
    "marker-start": ("none",),
    "marker-mid": ("none",),
    "marker-end": ("none",),
    "transform-origin": ("0 0", "0px 0px"),
    "mask-image": ("none",),
    "backdrop-filter": ("none",),
}
"""Properties that change the picture, and the values with which they do not."""
_CSS_ONLY = frozenset(
    ("transform", "translate", "rotate", "scale", "zoom", "background", "background-color",
     "background-image", "d", "x", "y", "cx", "cy", "r", "rx", "ry", "clip", "animation",
     "animation-name", "offset-path", "all", "content")
)  # fmt: skip  # words
"""Properties that draw differently when a style sets them."""
_CONDITIONS = frozenset(("systemLanguage", "requiredExtensions", "requiredFeatures"))
MOST_RULES = 200
_NAME = r"[A-Za-z_][\w-]*"
_SELECTOR = re.compile(rf"(\*|{_NAME})?((?:[.#]{_NAME})*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector with its declarations: an element's name, an id and classes that must fit."""

    name: str
    id: str
    classes: frozenset[str]
    declared: tuple[tuple[str, str], ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Specificity: ids, classes, names."""
        return (int(bool(self.id)), len(self.classes), int(self.name not in ("", "*")))

    def fits(self, node: Node) -> bool:
        """Whether the rule is about an element."""
        return (
            self.name in ("", "*", node.name)
            and self.id in ("", node.attributes.get("id", ""))
            and self.classes <= frozenset(node.attributes.get("class", "").split())
        )


def apply_styles(root: Node) -> None:
    """Give every element its properties: the strongest of all that say something wins.

    Raises SvgRefusedError for a style sheet, or a property, that cannot be printed.
    """
    nodes = list(root.walk())
    found = [rule for node in nodes if node.name == "style" for rule in _rules_in(node.text)]
    if len(found) > MOST_RULES:
        raise too_complex()
    found.sort(key=lambda rule: rule.weight)  # stable: later ones win
    for node in nodes:
        for key in _CONDITIONS & node.attributes.keys():
            raise unsupported(key)
        given = {k: v.strip() for k, v in node.attributes.items() if k in _KNOWN}
        for rule in found:
            if rule.fits(node):
                given.update(rule.declared)
        given.update(declarations(node.attributes.get("style", "")))
        for key in ("width", "height"):
            if key in given and node is not root and node.name in ("rect", "use"):
                raise unsupported(f"{key}: {given[key]}")
        for key, fine in _NO_EFFECT.items():
            if given.get(key, fine[0]) not in fine:
                raise unsupported(f"{key}: {given[key]}")
        node.given = given


def _rules_in(sheet: str) -> Iterator[Rule]:
    *blocks, rest = _without_comments(sheet).split("}")
    if rest.strip():
        raise unsupported(rest.strip())
    for block in blocks:
        selectors, brace, body = block.partition("{")
        if not brace or "{" in body:
            raise unsupported(block.strip())
        declared = tuple(declarations(body))
        for selector in selectors.split(","):
            yield _rule(selector.strip(), declared)


def _without_comments(text: str) -> str:
    kept, rest = [], text.replace("<!--", "").replace("-->", "")
    while rest:
        before, _start, after = rest.partition("/*")
        kept.append(before)
        _comment, _end, rest = after.partition("*/")
    return "".join(kept)


def _rule(selector: str, declared: tuple[tuple[str, str], ...]) -> Rule:
    match = _SELECTOR.fullmatch(selector)
    if match is None or not selector:
        raise unsupported(f"{selector} {{}}")
    parts = re.findall(rf"[.#]{_NAME}", match[2])
    ids = [part[1:] for part in parts if part.startswith("#")]
    if len(ids) > 1:
        raise unsupported(f"{selector} {{}}")
    classes = frozenset(part[1:] for part in parts if part.startswith("."))
    return Rule(match[1] or "", ids[0] if ids else "", classes, declared)


def declarations(text: str) -> Iterator[tuple[str, str]]:
    """Properties and values of a style."""
    for part in _without_comments(text).split(";"):
        if not part.strip():
            continue
        key, colon, value = part.partition(":")
        key, value = key.strip().lower(), " ".join(value.split())
        if not colon or "!" in value:
            raise unsupported(part.strip())
        if key in _CSS_ONLY and value not in ("none", "transparent", "auto"):
            raise unsupported(part.strip())
        yield key, value


def style_of(node: Node, above: Mapping[str, str]) -> dict[str, str]:
    """Every property of an element, its own or taken over. Raises SvgRefusedError."""
    style = {**{key: above.get(key, value) for key, value in INHERITED.items()}, **OWN}
    for key, value in node.given.items():
        if key not in style or (value == "inherit" and key in INHERITED):
            continue
        if value in ("inherit", "unset", "initial", "revert"):
            raise unsupported(f"{key}: {value}")
        style[key] = value
    return style


_KNOWN = frozenset((*INHERITED, *OWN, *_NO_EFFECT))
