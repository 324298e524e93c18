#!/usr/bin/env python3
"""Writes the sample leak and its answers. Not needed to build, run or test Casebook.

    python3 -m venv env
    env/bin/pip install python-docx python-pptx xlsxwriter fpdf2 pillow fonttools xlwt opencc-python-reimplemented
    env/bin/python tests/tools/make_sample.py

Needs the font package fonts-wqy-microhei (Apache-2.0). The result is the same on every run with
the same library versions; what the story is stands in assets/SAMPLE.md.
"""

import os
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
os.environ["SOURCE_DATE_EPOCH"] = "1640995200"  # font subsets carry a time
sys.path.insert(0, str(HERE / "sample"))

import archives  # noqa: E402
import chats  # noqa: E402
import images  # noqa: E402
import mails  # noqa: E402
import papers  # noqa: E402
import texts  # noqa: E402
import truth  # noqa: E402
from leak import Leak  # noqa: E402


def main():
    root = HERE.parent.parent
    target = root / "assets" / "sample"
    leak = Leak()
    images.write_all(leak)
    papers.write_all(leak)
    texts.write_all(leak)
    mails.write_all(leak)
    chats.write_all(leak)
    archives.write_all(leak)
    shutil.rmtree(target, ignore_errors=True)
    for node in leak.files:
        path = target / node.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(node.data)
    answers = root / "tests" / "data"
    answers.mkdir(parents=True, exist_ok=True)
    truth.write_all(leak, answers)
    size = sum(len(n.data) for n in leak.files)
    print(f"{len(leak.files)} files, {size:,} bytes, {len(leak.kept())} messages")


if __name__ == "__main__":
    main()
