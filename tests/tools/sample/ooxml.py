"""docx, pptx and xlsx with everything that hides in them, written so that bytes never differ."""

import io
import re
import zipfile
from datetime import datetime

import docx
import pptx
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pptx.util import Emu, Pt

STAMP = (2022, 1, 1, 0, 0, 0)


def settle(data, created=None, modified=None):
    """The same package with fixed clock, and the dates in its core properties as given."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            if name.endswith("thumbnail.jpeg") or "printerSettings" in name:
                continue
            body = old.read(name)
            if name == "_rels/.rels":
                body = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", body)
            if name == "[Content_Types].xml":
                body = re.sub(rb'<Default Extension="(jpeg|bin)"[^>]*/>', b"", body)
            if name == "docProps/core.xml":
                for tag, when in ((b"created", created), (b"modified", modified or created)):
                    if when:
                        body = re.sub(rb"(<dcterms:%b[^>]*>)[^<]*(<)" % tag, rb"\g<1>%b\g<2>" % when.encode(), body)
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, body)
    return out.getvalue()


def properties(core, title, author, modified_by):
    core.title, core.author, core.last_modified_by = title, author, modified_by
    core.created = core.modified = datetime(2022, 1, 1)
    core.revision = 3
    core.comments = ""


def company(document, name):
    """Adds `Company` to docProps/app.xml, which python-docx leaves as its template has it."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            blob = part.blob.decode()
            blob = re.sub(r"<Company>[^<]*</Company>|<Company/>", "", blob)
            part._blob = blob.replace("</Properties>", f"<Company>{name}</Company></Properties>").encode()


def deleted(paragraph, text, author, when):
    """Adds text that was deleted with change tracking on."""
    mark = OxmlElement("w:del")
    for key, value in (("w:id", "91"), ("w:author", author), ("w:date", when)):
        mark.set(qn(key), value)
    run, body = OxmlElement("w:r"), OxmlElement("w:delText")
    body.text = text
    run.append(body)
    mark.append(run)
    paragraph._p.append(mark)


def word(title, blocks, author, modified_by=None, created="2022-03-01T08:00:00Z", modified=None, header="", footer=""):
    """`blocks`: text (`# ` heading), ('table', rows), ('del', text, author, when),
    ('comment', text, author, initials) on the paragraph before; ('image', png)."""
    document = docx.Document()
    properties(document.core_properties, title, author, modified_by or author)
    company(document, "霁石信息")
    section = document.sections[0]
    if header:
        section.header.paragraphs[0].text = header
    if footer:
        section.footer.paragraphs[0].text = footer
    last = None
    for block in blocks:
        if isinstance(block, str):
            if block.startswith("# "):
                last = document.add_heading(block[2:], 1)
            else:
                last = document.add_paragraph(block)
        elif block[0] == "table":
            table = document.add_table(rows=0, cols=len(block[1][0]))
            for row in block[1]:
                for cell, text in zip(table.add_row().cells, row):
                    cell.text = text
        elif block[0] == "image":
            document.add_picture(io.BytesIO(block[1]))
        elif block[0] == "del":
            deleted(last, *block[1:])
        elif block[0] == "comment":
            comment = document.add_comment(last.runs, text=block[1], author=block[2], initials=block[3])
            comment._comment_elm.set(qn("w:date"), "2022-05-11T06:20:00Z")
    out = io.BytesIO()
    document.save(out)
    return settle(out.getvalue(), created, modified)


def slides(title, pages, author, created="2022-03-10T02:00:00Z"):
    """`pages`: (heading, lines, notes, hidden)."""
    deck = pptx.Presentation()
    properties(deck.core_properties, title, author, author)
    blank = deck.slide_layouts[5]
    for heading, lines, notes, hidden in pages:
        slide = deck.slides.add_slide(blank)
        slide.shapes.title.text = heading
        box = slide.shapes.add_textbox(Emu(600000), Emu(1700000), Emu(8000000), Emu(4000000)).text_frame
        for at, line in enumerate(lines):
            para = box.paragraphs[0] if at == 0 else box.add_paragraph()
            para.text = line
            para.font.size = Pt(20)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        if hidden:
            slide._element.set("show", "0")
    out = io.BytesIO()
    deck.save(out)
    return settle(out.getvalue(), created)


def sheets(title, tabs, author, created="2022-03-01T01:00:00Z", modified=None):
    """`tabs`: (name, rows, hidden); a cell that is `None` is empty."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": title, "author": author, "company": "霁石信息", "created": datetime(2022, 1, 1)})
    for name, rows, hidden in tabs:
        tab = book.add_worksheet(name)
        for at, row in enumerate(rows):
            tab.write_row(at, 0, row)
        if hidden:
            tab.hide()
    book.close()
    return settle(out.getvalue(), created, modified)
