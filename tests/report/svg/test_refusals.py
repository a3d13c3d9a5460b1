"""What an SVG may not contain is refused with the reason, and hostile files cost little."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.report.logo import checked
from core.report.svg import SvgRefusedError, read_svg

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str, attributes: str = 'viewBox="0 0 10 10"') -> bytes:
    return f"<svg {NS} {attributes}>{inside}</svg>".encode()


RECT = '<rect width="5" height="5"/>'
REFUSED = {
    "text": ('<text x="1" y="5">Example</text>', "'text'"),
    "bitmap": ('<image href="#a" width="9" height="9"/>', "'image'"),
    "bitmap outside": ('<image href="data:image/png;base64,AAAA"/>', "href=.*(data|https)"),
    "file": ('<use xlink:href="file:///etc/passwd#a"/>', "file:///etc/passwd"),
    "web": (f'<a href="https://example.com/">{RECT}</a>', "href=.*(data|https)"),
    "other drawing": ('<use href="other.svg#a"/>', "other.svg"),
    "script": (f"<script>alert(1)</script>{RECT}", "'script'"),
    "script inside unused": (f"<defs><script>1</script></defs>{RECT}", "'script'"),
    "handler": ('<rect width="5" height="5" onclick="x()"/>', "onclick"),
    "foreign": ("<foreignObject><p>hi</p></foreignObject>", "foreignObject"),
    "filter": ('<g filter="url(#f)"><rect width="5" height="5"/></g>', "filter: url"),
    "filter by class": (f"<style>rect{{filter:blur(2px)}}</style>{RECT}", "filter: blur"),
    "mask": ('<rect width="5" height="5" mask="url(#m)"/>', "mask"),
    "blend": ('<rect width="5" height="5" style="mix-blend-mode:multiply"/>', "mix-blend-mode"),
    "pattern": (
        '<defs><pattern id="p"/></defs><rect width="5" height="5" fill="url(#p)"/>',
        "pattern",
    ),
    "paint outside": ('<rect width="5" height="5" fill="url(http://x/#p)"/>', "url.http"),
    "missing paint": ('<rect width="5" height="5" fill="url(#p)"/>', "damaged.*url"),
    "unknown colour": ('<rect width="5" height="5" fill="var(--brand)"/>', "'var"),
    "import": ("<style>@import url(http://x/);</style>" + RECT, "@import"),
    "media": ("<style>@media print{rect{fill:red}}</style>" + RECT, "@media"),
    "selector": ("<style>g &gt; rect{fill:red}</style>" + RECT, "g > rect"),
    "important": ('<rect width="5" height="5" style="fill:red!important"/>', "important"),
    "css transform": ('<rect width="5" height="5" style="transform:scale(2)"/>', "transform"),
    "css geometry": ('<style>rect{width:2px}</style><rect height="5"/>', "width: 2px"),
    "animation": ('<rect width="5" height="5"><animate/></rect>', "rect > animate"),
    "group opacity": (f'<g opacity=".5">{RECT}{RECT}</g>', "common opacity"),
    "fill and stroke under one opacity": (
        '<rect width="5" height="5" stroke="red" opacity=".5"/>',
        "common opacity",
    ),
    "nested svg": (f"<svg>{RECT}</svg>", "'svg'"),
    "symbol": ('<symbol id="s"><path d="M0 0h9v9"/></symbol><use href="#s"/>', "'symbol'"),
    "switch": (f"<switch>{RECT}</switch>", "'switch'"),
    "condition": ('<rect width="5" height="5" systemLanguage="de"/>', "systemLanguage"),
    "repeating gradient": (
        '<linearGradient id="g" spreadMethod="reflect"><stop/><stop offset="1"'
        ' stop-color="red"/></linearGradient><rect width="5" height="5" fill="url(#g)"/>',
        "reflect",
    ),
    "fading gradient": (
        '<linearGradient id="g"><stop/><stop offset="1" stop-opacity="0"/></linearGradient>'
        '<rect width="5" height="5" fill="url(#g)"/>',
        "stop-opacity",
    ),
    "gradient line": (
        '<linearGradient id="g"><stop/><stop offset="1" stop-color="red"/></linearGradient>'
        '<rect width="5" height="5" stroke="url(#g)"/>',
        "stroke: url",
    ),
    "overlapping clip": (
        f'<clipPath id="k">{RECT}{RECT}</clipPath><g clip-path="url(#k)">{RECT}</g>',
        "overlap",
    ),
    "unit": ('<rect width="5em" height="5"/>', "5em"),
    "bad path": ('<path d="M0 0 L5 x"/>', "damaged"),
    "path without start": ('<path d="L5 5"/>', "damaged"),
    "bad flag": ('<path d="M0 0 A1 1 0 2 0 5 5"/>', "damaged"),
    "bad number": ('<circle r="5,5"/>', "damaged.*5,5"),
    "infinite number": ('<circle r="1e999"/>', "damaged.*1e999"),
    "odd points": ('<polygon points="1 2 3"/>', "damaged.*1 2 3"),
    "bad transform": ('<g transform="rotate(1 2)"><rect/></g>', "damaged.*rotate"),
    "endless use": ('<g id="a"><use href="#a"/></g>', "damaged.*#a"),
    "endless gradient": (
        '<linearGradient id="g" href="#g"/><rect width="5" height="5" fill="url(#g)"/>',
        "damaged.*#g",
    ),
    "nothing": ("<g/>", "draws nothing"),
    "nothing seen": ('<rect width="5" height="5" display="none"/>', "draws nothing"),
}  # fmt: skip  # a table


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_lost_or_loaded_is_refused_by_name(name: str) -> None:
    inside, reason = REFUSED[name]
    with pytest.raises(SvgRefusedError, match=reason):
        read_svg(svg(inside))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg", "well-formed"),
        (b"<html><body/></html>", "first element"),
        (b'<svg viewBox="0 0 1 1"/>', "first element"),  # the namespace is missing
        (svg(RECT, ""), "tells no size"),
        (svg(RECT, 'viewBox="0 0 0 5"'), "viewBox, width"),
        (svg(RECT, 'viewBox="0 0 5"'), "viewBox"),
        (b'<?xml version="1.0" encoding="no-such"?>' + svg(RECT), "damaged"),
        (b'<?xml-stylesheet href="http://x/a.css"?>' + svg(RECT), "xml-stylesheet"),
        (b'<!DOCTYPE svg [<!ENTITY x "y">]>' + svg(RECT), "ENTITY x"),
        (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("&x;"), "ENTITY x"),
        (b'<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://x/">%p;]>' + svg(RECT), "ENTITY p"),
        (svg("&nbsp;"), "well-formed"),
    ],
)
def test_files_that_are_broken_or_reach_outside_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SvgRefusedError, match=reason):
        read_svg(data)


def test_a_plain_doctype_as_programs_write_it_is_read() -> None:
    head = (
        b'<?xml version="1.0" encoding="utf-8"?>\n<!-- a program -->\n<!DOCTYPE svg PUBLIC '
        b'"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    )
    assert len(read_svg(head + svg(RECT)).parts) == 1
    assert len(read_svg(svg(RECT).decode().encode("utf-16")).parts) == 1


def many_laughs() -> bytes:
    """Ten groups that each use the one before ten times: ten thousand million rectangles."""
    groups = f'<g id="g0">{RECT}</g>' + "".join(
        f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 11)
    )
    return svg(f'{groups}<use href="#g7"/>')


BIG = 200_000
HUGE = {
    "many uses": many_laughs(),
    "many elements": svg(RECT * 6_000),
    "deep": svg("<g>" * 5_000 + "</g>" * 5_000),
    "long path used often": svg(
        f'<defs><path id="p" d="M0 0{"h1" * 40_000}"/></defs>' + '<use href="#p"/>' * 400
    ),
    "long transform used often": svg(
        f'<defs><rect id="r" width="1" height="1" transform="{"scale(1)" * 30_000}"/></defs>'
        + '<use href="#r"/>' * 400
    ),
    "spaces in a transform": svg(f'<g transform="{" " * BIG}!">{RECT}</g>'),
    "digits": svg(f'<rect width="{"1" * BIG}x" height="5"/>'),
    "comments": svg(f"<style>{'/*' * (BIG // 2)}</style>{RECT[:-2]} width='x'/>"),
    "open braces": svg(f"<style>{'a{' * (BIG // 2)}</style>{RECT}"),
    "many rules": svg(f"<style>{'.a{fill:red}' * 9_000}</style>{RECT}"),
    "many clips": svg(
        '<clipPath id="k">' + "".join(f'<rect x="{n}" width="1" height="1"/>' for n in range(500))
        + f'</clipPath><g clip-path="url(#k)">{RECT}</g>'
    ),
    "bytes": svg(RECT) + b" " * 600_000,
}  # fmt: skip  # a table


@pytest.mark.parametrize("name", HUGE)
def test_what_would_take_long_is_refused_soon(name: str) -> None:
    with pytest.raises(ValueError, match=r"complex|damaged|well-formed|uses|kB"):
        checked(HUGE[name])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["M", "l", "a", "z", "C", "t", "s", "q", " ", ",", "-", ".", "1", "0", "9e3", "5", "x"]
        ),
        max_size=60,
    ),
    st.sampled_from(["path", "g", "rect", "polygon", "circle"]),
    st.sampled_from(["d", "transform", "points", "r", "style", "fill", "width", "clip-path"]),
)
def test_any_nonsense_is_drawn_or_refused_never_an_error(
    bits: list[str], element: str, key: str
) -> None:
    try:
        read_svg(svg(f'<{element} {key}="{"".join(bits)}"/>{RECT}'))
    except SvgRefusedError as error:
        assert len(str(error)) < 400


def test_the_reason_shows_no_more_than_a_short_line_of_the_file() -> None:
    with pytest.raises(SvgRefusedError) as caught:
        read_svg(svg(f'<rect width="\u202e{"9" * 5000}\n\n" height="1"/>'))
    assert "\u202e" not in str(caught.value) and len(str(caught.value)) < 200
