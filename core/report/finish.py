"""What reportlab does not write: tags, language, attachments, dated metadata, a fixed file id."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.report.tags import Element, LinkMark, Mark, Structure

if TYPE_CHECKING:
    from pikepdf import Dictionary, Object, Pdf

PDF_UA = "http://www.aiim.org/pdfua/ns/id/"
"""Names the standard that the file follows (ISO 14289-1, clause 5)."""
HOLDS_STRUCTURE_ONLY = frozenset(("Table", "TR", "L", "LI", "TOC", "TOCI", "Sect", "Document"))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the report."""

    name: str
    mime: str
    description: str
    data: bytes
    relationship: str
    """``/Source`` for what the report was made from, ``/Data`` for what it shows."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who, what and when; ``as_of`` is an ISO date."""

    title: str
    author: str
    subject: str
    language: str
    producer: str
    as_of: str
    keywords: tuple[str, ...] = ()


def finished(
    raw: bytes, structure: Structure, metadata: Metadata, attachments: Sequence[Attachment]
) -> bytes:
    """The file with tags, metadata and attachments; the same bytes for the same arguments."""
    import pikepdf

    with pikepdf.open(io.BytesIO(raw)) as pdf:
        _describe(pdf, metadata)
        _Tree(pdf, structure).write()
        _attach(pdf, attachments)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            force_version="1.7",
        )
    return out.getvalue()


def _describe(pdf: Pdf, metadata: Metadata) -> None:
    from pikepdf import Dictionary, String

    stamp = f"D:{metadata.as_of.replace('-', '')}000000Z"
    info = pdf.docinfo
    for key in list(info.keys()):
        del info[key]
    info["/Title"] = String(metadata.title)
    info["/Author"] = String(metadata.author)
    info["/Subject"] = String(metadata.subject)
    info["/Keywords"] = String(", ".join(metadata.keywords))
    info["/Creator"] = info["/Producer"] = String(metadata.producer)
    info["/CreationDate"] = info["/ModDate"] = String(stamp)
    root = pdf.Root
    root.Lang = String(metadata.language)
    root.MarkInfo = Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp.register_xml_namespace(PDF_UA, "pdfuaid")
        xmp[f"{{{PDF_UA}}}part"] = "1"
        xmp["dc:title"] = metadata.title
        xmp["dc:creator"] = [metadata.author]
        xmp["dc:description"] = metadata.subject
        xmp["dc:language"] = {metadata.language}
        xmp["pdf:Producer"] = xmp["xmp:CreatorTool"] = metadata.producer
        moment = f"{metadata.as_of}T00:00:00Z"
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = xmp["xmp:MetadataDate"] = moment


def _attach(pdf: Pdf, attachments: Sequence[Attachment]) -> None:
    from pikepdf import Array, AttachedFileSpec, Name

    files = Array()
    for item in attachments:
        spec = AttachedFileSpec(
            pdf,
            item.data,
            filename=item.name,
            description=item.description,
            mime_type=item.mime,
            relationship=Name(item.relationship),
        )
        pdf.attachments[item.name] = spec
        files.append(spec.obj)
    if attachments:
        pdf.Root.AF = files


class _Tree:
    """Writes the structure tree and the parent tree (ISO 32000-1, 14.7.4.4)."""

    def __init__(self, pdf: Pdf, structure: Structure) -> None:
        from pikepdf import Dictionary, Name

        self.pdf, self.structure = pdf, structure
        self.pages = [page.obj for page in pdf.pages]
        self.owners: list[dict[int, Object]] = [{} for _ in self.pages]
        self.links: list[tuple[int, Object]] = []
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))

    def write(self) -> None:
        """Attach the tree to the catalogue and number pages and links."""
        from pikepdf import Array, Dictionary, Name

        self.root.K = Array([self._element(self.structure.root, self.root)])
        numbers: list[Any] = []
        for index, page in enumerate(self.pages):
            page.StructParents = index
            page.Tabs = Name.S
            owners = self.owners[index]
            marks = Array([owners[mcid] for mcid in sorted(owners)])
            numbers += [index, self.pdf.make_indirect(marks)]
        for key, owner in self.links:
            numbers += [key, owner]
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        self.root.ParentTreeNextKey = len(self.pages) + len(self.links)
        self.pdf.Root.StructTreeRoot = self.root

    def _element(self, element: Element, parent: Object) -> Object:
        from pikepdf import Array, Dictionary, Name, String

        made = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{element.role}"), P=parent)
        )
        if element.alt:
            made.Alt = String(element.alt)
        if element.actual:
            made.ActualText = String(element.actual)
        if element.lang:
            made.Lang = String(element.lang)
        attributes = self._attributes(element)
        if attributes is not None:
            made.A = attributes
        page = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
        if page is not None:
            made.Pg = self.pages[page]
        kids = [self._kid(kid, made, page) for kid in element.kids]
        if kids:
            made.K = Array(kids)
        return made

    def _attributes(self, element: Element) -> Dictionary | None:
        from pikepdf import Array, Dictionary, Name

        if element.scope or element.span > 1:
            table = Dictionary(O=Name.Table)
            if element.scope:
                table.Scope = Name(f"/{element.scope}")
            if element.span > 1:
                table.ColSpan = element.span
            return table
        if element.box is not None:
            box = Array([round(v, 2) for v in element.box])
            return Dictionary(O=Name.Layout, BBox=box, Placement=Name.Block)
        if element.role == "L":
            return Dictionary(
                O=Name.List, ListNumbering=Name.Decimal if element.numbered else Name.Disc
            )
        return None

    def _kid(self, kid: Element | Mark | LinkMark, owner: Object, page: int | None) -> Any:
        from pikepdf import Dictionary, Name

        if isinstance(kid, Element):
            return self._element(kid, owner)
        if isinstance(kid, Mark):
            self.owners[kid.page][kid.mcid] = owner
            if kid.page == page:
                return kid.mcid
            return Dictionary(Type=Name.MCR, Pg=self.pages[kid.page], MCID=kid.mcid)
        annotation = self.pages[kid.page].Annots[kid.annotation]
        key = len(self.pages) + len(self.links)
        annotation.StructParent = key
        annotation.F = 4  # printed, as PDF/UA asks of every annotation
        self.links.append((key, owner))
        return Dictionary(Type=Name.OBJR, Obj=annotation, Pg=self.pages[kid.page])
