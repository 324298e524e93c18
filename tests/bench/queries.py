#!/usr/bin/env python3
"""Writes queries for the latency benchmark, one a line: kind, tab, query.

    queries.py CORPUS TRUTH.json > queries.tsv

The probes of the corpus first, then its needles, then 1,000 Han substrings of one to eight
characters, drawn by position, so that what is frequent in the corpus is asked for often. The same
corpus gives the same queries."""

import json
import os
import random
import re
import sys

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
PLAIN = {".txt", ".md", ".csv", ".html", ".json"}
LENGTHS = [1, 2, 2, 2, 2, 2, 3, 3, 4, 4, 5, 6, 8]


def query(kind, terms):
    """A probe of the truth file in Casebook's grammar."""
    words = [f'"{t}"' if " " in t else t for t in terms]
    if kind == "not":
        return f"{words[0]} NOT {words[1]}"
    return f" {'OR' if kind == 'or' else 'AND'} ".join(words)


def substrings(corpus, count, seed=1):
    rng = random.Random(seed)
    files = sorted(os.path.join(d, f) for d, _, names in os.walk(corpus) for f in names if os.path.splitext(f)[1] in PLAIN)
    rng.shuffle(files)
    runs, seen = [], 0
    for path in files:
        with open(path, "rb") as file:
            data = file.read()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            continue
        found = HAN.findall(text)
        runs += found
        seen += sum(map(len, found))
        if seen > 4_000_000:
            break
    text = "\0".join(runs)
    out = []
    while len(out) < count and text:
        at = rng.randrange(len(text))
        piece = text[at : at + rng.choice(LENGTHS)]
        if piece and "\0" not in piece:
            out.append(piece)
    return out


def main():
    corpus, truth = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))
    for ident, probe in truth["probes"].items():
        print(f"probe:{ident}\t{query(probe['kind'], probe['terms'])}")
    for needle in truth["needles"]:
        print(f'needle\t"{needle}"')
    for piece in substrings(corpus, 1000):
        print(f"han\t{piece}")


if __name__ == "__main__":
    main()
