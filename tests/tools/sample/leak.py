"""The leak while it is being written: every file with what it is, every message with what it says."""

import email
import email.policy
import hashlib
import html
import io
import re
import unicodedata
import zipfile


class Node:
    """A place: a file, or a file inside a file."""

    def __init__(self, path, data, kind, state="", role="", text=None, parent=None):
        self.path, self.data, self.kind, self.role, self.parent = path, data, kind, role, parent
        self.state = state or "read"
        self.given = text
        self.children = []

    def child(self, member, data, kind, state="", role="member", text=None):
        node = Node(f"{self.path}!{member}", data, kind, state, role, text, self)
        self.children.append(node)
        return node

    @property
    def sha(self):
        return hashlib.sha256(self.data).hexdigest() if self.data is not None else ""

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def text(self):
        """What a reader must find in it; an own reading of the bytes where the text is not given."""
        if self.given is not None:
            return self.given
        if self.state != "read" or self.kind in ("zip", "gz", "mbox"):
            return ""
        if self.kind in ("docx", "pptx", "xlsx"):
            return package_text(self.data)
        if self.kind == "eml":
            return mail_text(self.data)
        text = decode(self.data)
        return tags_off(text) if self.kind in ("html", "xml") else text


def names(node):
    """Title, author, last author and company of an office file: found by a search like its path."""
    if node.kind not in ("docx", "pptx", "xlsx") or node.state != "read":
        return []
    with zipfile.ZipFile(io.BytesIO(node.data)) as z:
        xml = "".join(z.read(n).decode() for n in z.namelist() if n.startswith("docProps/"))
    return [html.unescape(x) for x in re.findall(r"<(?:dc:title|dc:creator|cp:lastModifiedBy|Company)>([^<]*)<", xml)]


def decode(data):
    if data.startswith(b"\xff\xfe"):
        return data.decode("utf-16")
    for charset in ("utf-8-sig", "gb2312", "big5", "gb18030"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            pass
    raise ValueError("no charset")


def tags_off(markup):
    markup = re.sub(r"(?s)<(style|script)\b.*?</\1>|<\?.*?\?>", "\n", markup)
    markup = re.sub(r"</?(b|i|span)>", "", markup)
    return html.unescape(re.sub(r"<[^>]*>", "\n", markup))


PARTS = re.compile(r"word/(document|header\d*|footer\d*|comments|footnotes)\.xml|ppt/slides/slide\d+\.xml|ppt/notesSlides/notesSlide\d+\.xml|"
                   r"xl/sharedStrings\.xml|xl/worksheets/sheet\d+\.xml")


def package_text(data):
    out = []
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for name in sorted(z.namelist()):
            if not PARTS.fullmatch(name):
                continue
            xml = z.read(name).decode()
            if name.startswith("xl/worksheets"):
                out += re.findall(r"<v>([^<]*)</v>", re.sub(r'<c [^>]*t="s"[^>]*>.*?</c>', "", xml))
                continue
            for para in re.split(r"</w:p>|</a:p>|</si>|</w:del>|<w:del ", xml):
                text = "".join(re.findall(r"<(?:w:t|w:delText|a:t|t)(?: [^>]*)?>([^<]*)<", para))
                if text:
                    out.append(html.unescape(text))
    return "\n".join(out)


def mail_text(data):
    mail = email.message_from_bytes(data, policy=email.policy.default)
    out = [f"{k}: {mail[k]}" for k in ("Subject", "From", "To", "Cc", "Date") if mail[k]]
    body = mail.get_body(("plain", "html"))
    out.append(body.get_content())
    return "\n".join(out)


_FOLD = None


def normal(text):
    """A normal form of its own making: NFKC, lower case, traditional to simplified by character,
    nothing that has no width."""
    global _FOLD
    if _FOLD is None:
        import opencc
        import os
        table = os.path.join(os.path.dirname(opencc.__file__), "dictionary", "TSCharacters.txt")
        with open(table, encoding="utf-8") as file:
            _FOLD = {line.split("\t")[0]: line.split("\t")[1].split()[0] for line in file if "\t" in line}
    return "".join(_FOLD.get(c, c) for c in unicodedata.normalize("NFKC", text).lower() if unicodedata.category(c) != "Cf")


class Leak:
    def __init__(self):
        self.files, self.messages = [], []

    def add(self, path, data, kind, state="", text=None):
        node = Node(path, bytes(data), kind, state, "", text)
        assert all(n.path != path for n in self.files), path
        self.files.append(node)
        return node

    def message(self, platform, conversation, kind, path, raw, sender, text, what, time):
        """`time`: RFC 3339, with Z for an instant, naive for a local clock. Returns the row, so
        that a path that is not known yet can be filled in."""
        row = {"platform": platform, "conversation": conversation, "conversation_kind": kind, "path": path, "raw": raw,
               "sender": sender, "text": text or "", "kind": what, "time": time}
        self.messages.append(row)
        return row

    def places(self):
        for file in sorted(self.files, key=lambda n: n.path.split("/")):
            yield from file.walk()

    def kept(self):
        """Messages as a case keeps them: the same message found in several exports once, matched as
        multisets; repeats inside one file all."""
        count, out = {}, []
        by_file = {}
        for row in self.messages:
            key = (row["platform"], row["conversation"], row["raw"], row["sender"], row["text"], row["kind"])
            files = by_file.setdefault(key, {})
            files[row["path"]] = files.get(row["path"], 0) + 1
            if files[row["path"]] > count.get(key, 0):
                count[key] = files[row["path"]]
                out.append(row)
        return out
