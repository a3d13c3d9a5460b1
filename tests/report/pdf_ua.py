"""The rules of PDF/UA-1 that a program can check, by their number in the Matterhorn Protocol 1.1.

Each rule yields what breaks it. Rules about things that no report contains (forms, formulas,
notes, media, encryption...) check that there is none. Rules that need a person, such as whether
an alternative text says the right thing, are not here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont

Rule = Callable[[pikepdf.Pdf], Iterator[str]]
RULES: dict[str, Rule] = {}
STANDARD = frozenset(
    ("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index",
     "NonStruct", "Private", "H", "H1", "H2", "H3", "H4", "H5", "H6", "P", "L", "LI", "Lbl",
     "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Quote", "Note",
     "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu", "Figure", "Formula",
     "Form")
)  # fmt: skip  # ISO 32000-1, 14.8.4
KIDS = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"LI", "L", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOCI", "TOC", "Caption"},
}
PARENTS = {
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"},
    "Lbl": {"LI", "Note", "BibEntry"}, "LBody": {"LI"}, "TOCI": {"TOC"},
    "THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"},
}  # fmt: skip  # a table


def rule(*numbers: str) -> Callable[[Rule], Rule]:
    """Registers a rule under its numbers."""

    def register(check: Rule) -> Rule:
        for number in numbers:
            RULES[number] = check
        return check

    return register


# -- what the rules look at ----------------------------------------------------------------------


def kids(element: Any) -> list[Any]:
    found = element.get("/K")
    if found is None:  # an empty cell
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def elements(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, str]]:
    """(structure element, role of its parent), in reading order."""

    def walk(element: Any, parent: str) -> Iterator[tuple[Any, str]]:
        yield element, parent
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid, role(element))

    if "/StructTreeRoot" in pdf.Root:
        for top in kids(pdf.Root.StructTreeRoot):
            yield from walk(top, "")


def role(element: Any) -> str:
    return str(element.S)[1:]


def annotations(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            yield page, annotation


def fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    seen = set()
    for page in pdf.pages:
        for font in dict(page.get("/Resources", {}).get("/Font", {})).values():
            if font.objgen not in seen:
                seen.add(font.objgen)
                yield font


def shown_codes(pdf: pikepdf.Pdf) -> dict[tuple[int, int], set[int]]:
    """Character codes that each simple font shows."""
    used: dict[tuple[int, int], set[int]] = {}
    for page in pdf.pages:
        known = {name: f.objgen for name, f in dict(page.Resources.get("/Font", {})).items()}
        now: tuple[int, int] | None = None
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name == "Tf":
                now = known[str(operands[0])]
            elif name in ("Tj", "'", '"'):
                assert now is not None
                used.setdefault(now, set()).update(bytes(operands[-1]))
            elif name == "TJ":
                assert now is not None
                for part in operands[0]:
                    if isinstance(part, pikepdf.String):
                        used.setdefault(now, set()).update(bytes(part))
    return used


def program(font: Any) -> TTFont:
    return TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))


def unicodes(font: Any) -> dict[int, str]:
    """The ToUnicode map of a simple font."""
    found: dict[int, str] = {}
    words = font.ToUnicode.read_bytes().decode("ascii").split()
    in_range = in_char = False
    pending: list[str] = []
    for word in words:
        if word in ("beginbfchar", "beginbfrange"):
            in_char, in_range, pending = word == "beginbfchar", word == "beginbfrange", []
        elif word in ("endbfchar", "endbfrange"):
            in_char = in_range = False
        elif in_char:
            pending.append(word.strip("<>"))
            if len(pending) == 2:
                found[int(pending[0], 16)] = bytes.fromhex(pending[1]).decode("utf-16-be")
                pending = []
        elif in_range:
            pending.extend(p for p in word.replace("[", " ").replace("]", " ]").split())
            if len(pending) >= 3 and pending[-1] == "]":
                first = int(pending[0].strip("<>"), 16)
                for i, code in enumerate(pending[2:-1]):
                    found[first + i] = bytes.fromhex(code.strip("<>")).decode("utf-16-be")
                pending = []
    return found


# -- content -------------------------------------------------------------------------------------


@rule("01-003", "01-004")
def _no_artifact_in_content_or_content_in_artifact(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        stack: list[str] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in ("BDC", "BMC"):
                tag = str(operands[0])
                if stack and ("/Artifact" in stack) != (tag == "/Artifact"):
                    yield f"page {number}: {tag} inside {stack}"
                stack.append(tag)
            elif str(operator) == "EMC":
                stack.pop()


@rule("01-005")
def _all_is_tagged_or_artifact(pdf: pikepdf.Pdf) -> Iterator[str]:
    painting = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh",
                "INLINE IMAGE"}  # fmt: skip  # pikepdf's name for BI to EI
    for number, page in enumerate(pdf.pages, start=1):
        depth = 0
        for _operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += 1 if name in ("BDC", "BMC") else -1 if name == "EMC" else 0
            if name in painting and depth == 0:
                yield f"page {number}: {name}"


@rule("01-007")
def _no_suspects(pdf: pikepdf.Pdf) -> Iterator[str]:
    info = pdf.Root.get("/MarkInfo", {})
    if not bool(info.get("/Marked", False)):
        yield "not marked as tagged"
    if bool(info.get("/Suspects", False)):
        yield "suspects"


@rule("02-001", "02-003", "02-004")
def _roles_are_standard_without_a_map(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/RoleMap" in pdf.Root.get("/StructTreeRoot", {}):
        yield "a role map"
    yield from (role(e) for e, _ in elements(pdf) if role(e) not in STANDARD)


# -- document ------------------------------------------------------------------------------------


def _xmp(pdf: pikepdf.Pdf) -> str:
    return pdf.Root.Metadata.read_bytes().decode("utf-8") if "/Metadata" in pdf.Root else ""


@rule("06-001", "06-002", "06-003")
def _metadata_name_title_and_standard(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not _xmp(pdf):
        yield "no XMP metadata"
        return
    with pdf.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as xmp:
        if xmp.get("{http://www.aiim.org/pdfua/ns/id/}part") != "1":
            yield "no PDF/UA identifier"
        if not str(xmp.get("dc:title", "")).strip():
            yield "no title"
        elif str(xmp["dc:title"]) != str(pdf.docinfo.get("/Title", "")):
            yield "two titles"


@rule("07-001", "07-002")
def _the_window_shows_the_title(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not bool(pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "the title is not shown"


@rule("11-001", "11-002", "11-003", "11-004", "11-005", "11-006", "11-007")
def _the_language_is_known(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Of the document, from which everything in it has its own; of elements that tell another."""
    if str(pdf.Root.get("/Lang", "")) not in ("en", "de", "fr"):
        yield "no language"
    for element, _ in elements(pdf):
        if "/Lang" in element and str(element.Lang) not in ("en", "de", "fr"):
            yield f"{role(element)} in '{element.Lang}'"


@rule("21-001")
def _attached_files_have_both_names_and_say_what_they_are(pdf: pikepdf.Pdf) -> Iterator[str]:
    for key in pdf.attachments:
        spec = pdf.attachments[key].obj
        if not all(str(spec.get(name, "")).strip() for name in ("/F", "/UF", "/Desc")):
            yield str(key)
        if str(spec.get("/AFRelationship", "")) not in ("/Source", "/Data"):
            yield f"{key}: no relationship"


@rule("25-001", "20-001", "20-002", "20-003", "24-001", "26-001", "26-002")
def _nothing_dynamic_optional_or_locked(pdf: pikepdf.Pdf) -> Iterator[str]:
    yield from (key for key in ("/AcroForm", "/OCProperties", "/NeedsRendering") if key in pdf.Root)
    if pdf.is_encrypted:
        yield "encrypted"


# -- structure -----------------------------------------------------------------------------------


@rule("09-004", "09-005", "09-006")
def _tables_lists_and_contents_nest(pdf: pikepdf.Pdf) -> Iterator[str]:
    for element, parent in elements(pdf):
        name = role(element)
        if name in PARENTS and parent not in PARENTS[name]:
            yield f"{name} in {parent}"
        if parent in KIDS and name not in KIDS[parent]:
            yield f"{name} in {parent}"


@rule("ISO 14289-1, 7.1")
def _there_is_a_tree_and_every_page_is_in_it(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Without one every other rule of the structure would hold."""
    if not any(True for _ in elements(pdf)):
        yield "no structure"
    for number, page in enumerate(pdf.pages, start=1):
        if "/StructParents" not in page:
            yield f"page {number} is outside the structure"


@rule("ISO 14289-1, 7.2")
def _parts_of_tables_stand_in_order(pdf: pikepdf.Pdf) -> Iterator[str]:
    """One head and one foot at most, none without a body; a caption first or last."""
    for element, _ in elements(pdf):
        parts = [
            role(kid)
            for kid in kids(element)
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
        ]
        if role(element) == "Table":
            if max(parts.count("THead"), parts.count("TFoot"), parts.count("Caption")) > 1:
                yield f"a table of {parts}"
            if {"THead", "TFoot"} & set(parts) and "TBody" not in parts:
                yield "a table without a body"
            if "Caption" in parts[1:-1]:
                yield "a caption amid a table"
        elif role(element) in ("L", "TOC") and "Caption" in parts[1:]:
            yield f"a caption amid a {role(element)}"


@rule("ISO 14289-1, 7.5")
def _rows_of_a_table_have_as_many_cells(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Else a program cannot tell which heading a cell stands below."""

    def rows(element: Any) -> Iterator[Any]:
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from (kid,) if role(kid) == "TR" else rows(kid)

    for element, _ in elements(pdf):
        if role(element) == "Table":
            widths = {
                sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in kids(row))
                for row in rows(element)
            }
            if len(widths) > 1:
                yield f"a table with rows of {sorted(widths)} cells"


@rule("13-004")
def _figures_have_words(pdf: pikepdf.Pdf) -> Iterator[str]:
    for element, _ in elements(pdf):
        if role(element) == "Figure" and not (
            str(element.get("/Alt", "")).strip() or str(element.get("/ActualText", "")).strip()
        ):
            yield "a figure without words"


@rule("14-002", "14-003", "14-006", "14-007")
def _headings_step_down_one_by_one(pdf: pikepdf.Pdf) -> Iterator[str]:
    names = [role(e) for e, _ in elements(pdf) if role(e) in {"H", *(f"H{i}" for i in range(1, 7))}]
    if "H" in names:
        yield "an unnumbered heading"
    before = 0
    for name in names:
        level = int(name[1:] or 0)
        if level > before + 1:
            yield f"{name} after H{before}"
        before = level


@rule("15-003")
def _header_cells_say_what_they_head(pdf: pikepdf.Pdf) -> Iterator[str]:
    for element, _ in elements(pdf):
        if role(element) == "TH" and str(element.get("/A", {}).get("/Scope", "")) not in (
            "/Column",
            "/Row",
            "/Both",
        ):
            yield "a header cell without scope"


@rule("17-002", "17-003", "19-003", "19-004")
def _no_formulas_or_notes(pdf: pikepdf.Pdf) -> Iterator[str]:
    yield from (role(e) for e, _ in elements(pdf) if role(e) in ("Formula", "Note"))


@rule("ISO 32000-1, 14.7.4.4")
def _every_mark_leads_to_the_element_that_holds_it(pdf: pikepdf.Pdf) -> Iterator[str]:
    """How a program finds the tag of what is pointed at, and the way back; no element is lost."""
    held: dict[tuple[tuple[int, int], int], tuple[int, int]] = {}
    for element, _ in elements(pdf):
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                if kid.P.objgen != element.objgen:
                    yield f"{role(kid)} has another parent than {role(element)}"
            elif not isinstance(kid, pikepdf.Dictionary) or "/MCID" in kid:
                whole = isinstance(kid, pikepdf.Dictionary)
                page, mark = (kid.Pg, kid.MCID) if whole else (element.Pg, kid)
                place = page.objgen, int(mark)
                if place in held:
                    yield f"mark {mark} is held twice"
                held[place] = element.objgen
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    for number, page in enumerate(pdf.pages, start=1):
        for mark, owner in enumerate(owners[int(page.StructParents)]):
            if held.pop((page.obj.objgen, mark), None) != owner.objgen:
                yield f"page {number}: mark {mark} has another owner"
    yield from (f"mark {mark} is not in the parent tree" for _, mark in held)


# -- annotations and objects ---------------------------------------------------------------------


@rule("28-002", "28-005", "28-006", "28-007", "28-010", "28-014", "28-015", "28-016", "28-017",
      "28-018")  # fmt: skip  # numbers
def _links_are_the_only_annotations(pdf: pikepdf.Pdf) -> Iterator[str]:
    yield from (str(a.Subtype) for _, a in annotations(pdf) if str(a.Subtype) != "/Link")


@rule("28-008", "28-009")
def _tab_follows_the_structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page, _ in annotations(pdf):
        if str(page.get("/Tabs", "")) != "/S":
            yield "a page with links and another order"


@rule("28-011")
def _links_stand_in_link_elements(pdf: pikepdf.Pdf) -> Iterator[str]:
    owned = {
        kid.Obj.objgen
        for element, _ in elements(pdf)
        if role(element) == "Link"
        for kid in kids(element)
        if isinstance(kid, pikepdf.Dictionary) and str(kid.get("/Type", "")) == "/OBJR"
    }
    for _, annotation in annotations(pdf):
        if annotation.objgen not in owned:
            yield "a link outside the structure"
    tree = pdf.Root.StructTreeRoot.ParentTree.Nums
    roles = {int(tree[i]): tree[i + 1] for i in range(0, len(tree), 2)}
    for page, annotation in annotations(pdf):
        owner = roles.get(int(annotation.get("/StructParent", -1)))
        if owner is None or role(owner) != "Link":
            yield f"a link that leads to no element on page {page.index + 1}"
        if int(annotation.get("/F", 0)) & 2:
            yield "a hidden link"


@rule("28-004", "28-012")
def _links_have_words(pdf: pikepdf.Pdf) -> Iterator[str]:
    for _, annotation in annotations(pdf):
        if not str(annotation.get("/Contents", "")).strip():
            yield "a link without words"


@rule("30-001", "30-002")
def _no_shared_marks(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for name, thing in dict(page.get("/Resources", {}).get("/XObject", {})).items():
            if str(thing.Subtype) == "/Form" and (
                "/Ref" in thing
                or b"/MCID" in thing.read_bytes()
                or "/Font" in thing.get("/Resources", {})  # the rules of fonts look at pages
            ):
                yield str(name)


# -- fonts ---------------------------------------------------------------------------------------


@rule("31-009")
def _fonts_are_embedded(pdf: pikepdf.Pdf) -> Iterator[str]:
    for font in fonts(pdf):
        if "/FontFile2" not in font.get("/FontDescriptor", {}):
            yield str(font.BaseFont)


@rule("31-001", "31-002", "31-003", "31-004", "31-005", "31-006", "31-007", "31-008", "31-013",
      "31-014", "31-015")  # fmt: skip  # numbers
def _fonts_are_simple(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Rules of composite and of Type 1 fonts: there is none."""
    yield from (str(f.Subtype) for f in fonts(pdf) if str(f.Subtype) != "/TrueType")


@rule("31-011", "31-012", "31-030")
def _every_code_shown_has_a_glyph(pdf: pikepdf.Pdf) -> Iterator[str]:
    shown = shown_codes(pdf)
    for font in fonts(pdf):
        glyphs = program(font)
        order = set(glyphs.getGlyphOrder())
        map_of = {c: g for t in glyphs["cmap"].tables for c, g in t.cmap.items()}
        for code in shown.get(font.objgen, ()):
            name = map_of.get(code) or map_of.get(0xF000 + code)
            if name is None or name == ".notdef" or name not in order:
                yield f"{font.BaseFont}: code {code}"


@rule("31-016")
def _widths_agree_with_the_program(pdf: pikepdf.Pdf) -> Iterator[str]:
    shown = shown_codes(pdf)
    for font in fonts(pdf):
        glyphs = program(font)
        scale = 1000.0 / glyphs["head"].unitsPerEm
        map_of = {c: g for t in glyphs["cmap"].tables for c, g in t.cmap.items()}
        first, widths = int(font.FirstChar), [float(w) for w in font.Widths]
        for code in shown.get(font.objgen, ()):
            name = map_of.get(code) or map_of.get(0xF000 + code)
            if name is None:
                continue
            told, true = widths[code - first], glyphs["hmtx"][name][0] * scale
            if abs(told - true) > 1.0:
                yield f"{font.BaseFont}: code {code} is {told}, not {true}"


@rule("31-017", "31-018", "31-019", "31-020", "31-021", "31-022", "31-023", "31-024", "31-025",
      "31-026")  # fmt: skip  # numbers
def _true_type_fonts_say_how_they_are_encoded(pdf: pikepdf.Pdf) -> Iterator[str]:
    for font in fonts(pdf):
        symbolic = bool(int(font.FontDescriptor.Flags) & 4)
        tables = program(font)["cmap"].tables
        if symbolic:
            if "/Encoding" in font:
                yield f"{font.BaseFont}: symbolic with an encoding"
            if len(tables) > 1 and not any((t.platformID, t.platEncID) == (3, 0) for t in tables):
                yield f"{font.BaseFont}: symbolic without its own map"
        elif not any((t.platformID, t.platEncID) in ((1, 0), (3, 1)) for t in tables):
            yield f"{font.BaseFont}: not symbolic, without a map"
        elif str(font.get("/Encoding", "")) not in ("/MacRomanEncoding", "/WinAnsiEncoding"):
            yield f"{font.BaseFont}: not symbolic, without an encoding"


@rule("10-001", "31-027")
def _every_code_shown_has_a_character(pdf: pikepdf.Pdf) -> Iterator[str]:
    shown = shown_codes(pdf)
    for font in fonts(pdf):
        known = unicodes(font) if "/ToUnicode" in font else {}
        for code in shown.get(font.objgen, ()):
            if code not in known:
                yield f"{font.BaseFont}: code {code}"


@rule("31-028", "31-029")
def _characters_are_real(pdf: pikepdf.Pdf) -> Iterator[str]:
    shown = shown_codes(pdf)
    for font in fonts(pdf):
        known = unicodes(font)
        for code in shown.get(font.objgen, ()):
            if known.get(code) in ("\0", "\ufeff", "\ufffe"):
                yield f"{font.BaseFont}: code {code}"
