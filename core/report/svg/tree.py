"""The elements of an SVG, read without ever following anything that points outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from core.report.svg.refusal import SvgRefusedError, refused, too_complex, unsupported
from core.words import _

MOST_ELEMENTS = 5_000
MOST_DEPTH = 64
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_SEPARATOR = "\x1f"  # cannot stand in XML, so it parts a namespace from a name without doubt
SILENT = frozenset(("title", "desc", "metadata"))
"""Elements that draw nothing and are skipped with all they hold."""


@dataclass(slots=True)
class Node:
    """An element of SVG: its name without namespace, its attributes and what it holds."""

    name: str
    attributes: dict[str, str]
    kids: list[Node] = field(default_factory=list)
    text: str = ""
    """Of a style sheet; other text draws nothing."""
    given: dict[str, str] = field(default_factory=dict)
    """Properties that attributes, style sheets and its own style give it."""

    @property
    def weight(self) -> int:
        """Characters that reading it once costs."""
        return 20 + sum(map(len, self.attributes.values()))

    def walk(self) -> Iterator[Node]:
        """The element and all below it, in the order of the file."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


def parsed(data: bytes) -> Node:
    """The root element. Raises SvgRefusedError for what is broken, hostile or too large."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise refused(
            _("The logo is damaged: it is not well-formed XML (line {line}).").format(
                line=error.lineno
            )
        ) from error
    except (LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, SvgRefusedError):
            raise
        raise refused(_("The logo is damaged: its encoding cannot be read.")) from error
    if reader.root is None:
        raise refused(_("The logo is not an SVG: its first element is not 'svg'."))
    return reader.root


class _Reader:
    """Builds nodes; elements of other namespaces (editors' notes) are skipped."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = self._depth = 0
        self._skipped_from = 0

    def _entity(self, name: str, *_rest: object) -> None:
        raise unsupported(f"<!ENTITY {name}>")

    def _instruction(self, target: str, data: str) -> None:
        if target == "xml-stylesheet":
            raise unsupported(f"<?{target} {data}?>")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        self._depth += 1
        if self._count > MOST_ELEMENTS or self._depth > MOST_DEPTH:
            raise too_complex()
        if self._skipped_from:
            return
        space, _sep, name = tag.rpartition(_SEPARATOR)
        if self.root is None and (space, name) != (SVG, "svg"):
            raise refused(_("The logo is not an SVG: its first element is not 'svg'."))
        if space != SVG or name in SILENT:
            self._skipped_from = self._depth
            return
        node = Node(name, _own(attributes))
        if self._open:
            self._open[-1].kids.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _tag: str) -> None:
        if self._skipped_from:
            if self._skipped_from == self._depth:
                self._skipped_from = 0
        else:
            self._open.pop()
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._open and not self._skipped_from and self._open[-1].name == "style":
            self._open[-1].text += text


def _own(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes of SVG and ``href``; a script in any of them is refused."""
    own: dict[str, str] = {}
    for key, value in attributes.items():
        space, _sep, name = key.rpartition(_SEPARATOR)
        if space not in ("", XLINK):
            continue
        if name.lower().startswith("on"):
            raise unsupported(f'{name}="{value}"')
        if name == "href":
            if not value.strip().startswith("#"):
                raise unsupported(f'href="{value}"')
            own.setdefault("href", value.strip())
        elif not space:
            own[name] = value
    return own
