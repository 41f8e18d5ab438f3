"""Small files for the demonstration: a PDF with real text and tags, written by hand."""

from collections.abc import Iterable


def small_pdf(title: str, lines: Iterable[str]) -> bytes:
    """One page of text. Letters outside Latin-1 are lost, so the demonstration has none."""
    kinds = [("H1", title), *(("P", line) for line in lines)]
    marked = " T* ".join(
        f"/{kind} <</MCID {n}>> BDC ({_escaped(line)}) Tj EMC"
        for n, (kind, line) in enumerate(kinds)
    )
    stream = f"BT /F1 14 Tf 60 780 Td 20 TL {marked} ET".encode("latin-1", "replace")
    # The tags: what each piece of the text is, for those who listen to it.
    tags = b" ".join(b"%d 0 R" % (n + 10) for n in range(len(kinds)))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /MarkInfo << /Marked true >>"
        b" /StructTreeRoot 7 0 R /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /StructParents 0"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % _escaped(title).encode("latin-1", "replace"),
        b"<< /Type /StructTreeRoot /K 8 0 R /ParentTree 9 0 R /ParentTreeNextKey 1 >>",
        b"<< /Type /StructElem /S /Document /P 7 0 R /K [%s] >>" % tags,
        b"<< /Nums [0 [%s]] >>" % tags,
    ]
    parts += [
        b"<< /Type /StructElem /S /%s /P 8 0 R /Pg 3 0 R /K %d >>" % (kind.encode(), n)
        for n, (kind, _) in enumerate(kinds)
    ]
    return _file(parts)


def _file(parts: list[bytes]) -> bytes:
    """The objects of a PDF, numbered from 1, with the table of where each begins."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(parts) + 1,
        table,
    )
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
