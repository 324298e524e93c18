#!/usr/bin/env python3
"""Casebook beside recollindex on a generated corpus, in one run. Prints a Markdown table.

    bench.py --casebook target/release/casebook --work DIR [--docs 20000] [--messages 200000] [--han 0.9]

What is measured: CPU seconds (user and system, children included), wall seconds, peak anonymous
memory of all processes, size of what is left on disk, a second `add` with nothing changed, and
`casebook search` as a whole process. Then the answers are checked: needles and probes of the truth
file against `casebook search`, by file. Needs Python 3.9, Linux, and recollindex for the comparison."""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys

from measure import run, size
from queries import query

HERE = os.path.dirname(os.path.abspath(__file__))
MB = 1_000_000


def corpus(a):
    """Makes the corpus unless it is there already; returns its folder and the truth."""
    name = f"corpus-{a.docs}-{a.messages}-{'mixed' if a.han is None else a.han}-{a.seed}"
    out, truth = os.path.join(a.work, name), os.path.join(a.work, name + ".json")
    if not os.path.exists(truth):
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, os.path.join(HERE, "corpus", "gencorpus.py"), "--out", out, "--truth", truth,
                   "--docs", str(a.docs), "--messages", str(a.messages), "--seed", str(a.seed)]
        if a.han is not None:
            command += ["--han", str(a.han)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(truth, encoding="utf-8") as file:
        return out, json.load(file)


def must(cost, what):
    if cost.code != 0:
        sys.exit(f"{what} failed with code {cost.code}: {cost.out[-500:].decode(errors='replace')}")
    return cost


def recoll(a, folder):
    conf = os.path.join(a.work, "recoll")
    shutil.rmtree(conf, ignore_errors=True)
    os.makedirs(conf)
    with open(os.path.join(conf, "recoll.conf"), "w", encoding="utf-8") as file:
        # Its own habit of running at the lowest priority would only make the wall time worse.
        file.write(f"topdirs = {folder}\nidxniceprio = 0\n")
    cost = must(run(["recollindex", "-c", conf, "-z"], dict(os.environ, HOME=a.work)), "recollindex")
    cost.disk = size(os.path.join(conf, "xapiandb"))
    return cost


def casebook(a, folder, case):
    shutil.rmtree(case, ignore_errors=True)
    must(run([a.casebook, "new", case], watch=False), "casebook new")
    cost = must(run([a.casebook, "add", case, folder]), "casebook add")
    cost.database = sum(size(os.path.join(case, f)) for f in os.listdir(case) if f.startswith("case.db"))
    cost.index = size(os.path.join(case, "index"))
    cost.disk = size(case)
    cost.again = must(run([a.casebook, "add", case, folder]), "casebook add (again)")
    return cost


def whole_search(a, case, rounds=15):
    """Wall milliseconds of `casebook search` as a process: median and worst."""
    times = []
    for text in ("公司", "payment", "payment AND invoice", '"transfer of"', "的公司"):
        times += [must(run([a.casebook, "search", case, text], watch=False), "casebook search").wall * 1000 for _ in range(rounds)]
    return statistics.median(times), max(times)


class Check:
    """Answers of a case against the truth file, by file: a hit in a member, an attachment or a
    message is a hit in its file, and a copy is hit when its original is."""

    def __init__(self, a, folder, case, truth):
        self.a, self.case, self.truth, self.folder = a, case, truth, folder
        self.files = {os.path.relpath(os.path.join(d, f), folder) for d, _, names in os.walk(folder) for f in names}
        self.copies = {}
        for copy, original in truth["duplicates"]:
            self.copies.setdefault(original, {original}).add(copy)
        for group in list(self.copies.values()):
            for name in group:
                self.copies[name] = group

        # Which file a unit lies in: read from the database, because a hit of a message names its
        # conversation.
        self.db = sqlite3.connect(f"file:{os.path.join(case, 'case.db')}?mode=ro", uri=True)
        self.of_document = {}
        for document, path in self.db.execute("SELECT document, path FROM place"):
            self.of_document.setdefault(document, set()).add(path.split("!")[0])
        self.of_export = {e: self.of_document[d] for e, d in self.db.execute("SELECT id, document FROM export")}

    def files_of(self, ident):
        """The corpus files that a hit (`D17`, `M2041`) lies in."""
        number = int(ident[1:])
        if ident[0] == "D":
            found = self.of_document[number]
        else:
            rows = self.db.execute("SELECT export FROM message WHERE id = ?1 UNION SELECT export FROM message_place WHERE message = ?1", (number,))
            found = set().union(*(self.of_export[export] for export, in rows))
        return set().union(*(self.copies.get(name, {name}) for name in found))

    def found(self, text):
        text = f"variant:original ({text})"  # the truth knows texts and not the names of files
        cost = must(run([self.a.casebook, "search", self.case, text, "--all", "--json"], watch=False), f"search {text}")
        answer = json.loads(cost.out)
        if len(answer["hits"]) != answer["total"]:
            print(f"  {text}: total says {answer['total']}, {len(answer['hits'])} hits came")
        out = set()
        for hit in answer["hits"]:
            out |= self.files_of(hit["id"])
        if out - self.files:
            print(f"  {text}: hits outside of the corpus: {sorted(out - self.files)[:3]}")
        return out & self.files

    def run(self):
        right = wrong = 0
        for needle, info in self.truth["needles"].items():
            expected = {h["file"] for h in info["hits"]}
            expected = set().union(*(self.copies.get(f, {f}) for f in expected))
            got = self.found(f'"{needle}"')
            if got == expected:
                right += 1
            else:
                wrong += 1
                print(f"  needle {needle}: missed {sorted(expected - got)[:3]}, too many {sorted(got - expected)[:3]}")
        for ident, probe in self.truth["probes"].items():
            # AND and NOT hold inside a message for Casebook and inside a file for the truth.
            if probe["kind"] in ("and", "not", "zhand"):
                continue
            got = len(self.found(query(probe["kind"], probe["terms"])))
            # The truth lets a phrase run over commas and full stops, Casebook does not.
            least = probe["files"] * 0.9 if probe["kind"] == "phrase" else probe["files"]
            if least <= got <= probe["files"]:
                right += 1
            else:
                wrong += 1
                print(f"  probe {ident} {probe['terms']}: {probe['files']} files expected, {got} found")
        return right, wrong


def machine():
    with open("/proc/cpuinfo") as file:
        cpu = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")
    return f"{cpu}, {os.cpu_count()} cores, Linux {platform.release()}"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--casebook", required=True)
    ap.add_argument("--work", required=True, help="a folder with some GB of room; corpora are kept there")
    ap.add_argument("--docs", type=int, default=20000)
    ap.add_argument("--messages", type=int, default=200000)
    ap.add_argument("--han", type=float, help="share of Chinese, 0 to 1 (default: a mix, mostly English)")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--no-recoll", action="store_true")
    ap.add_argument("--no-check", action="store_true")
    a = ap.parse_args()
    a.casebook, a.work = os.path.abspath(a.casebook), os.path.abspath(a.work)
    os.makedirs(a.work, exist_ok=True)
    folder, truth = corpus(a)
    raw, text = size(folder), truth["stats"]["text_bytes"]
    case = os.path.join(a.work, "bench.case")
    ours = casebook(a, folder, case)
    theirs = None if a.no_recoll or not shutil.which("recollindex") else recoll(a, folder)
    median, worst = whole_search(a, case)

    print(f"{truth['stats']['files']:,} files, {raw / MB:,.0f} MB raw, {text / MB:,.0f} MB of text, {truth['stats']['messages']:,} messages, "
          f"share of Han: {'mixed' if a.han is None else a.han}. {machine()}.\n")
    print("| | casebook add | recollindex |\n| --- | ---: | ---: |")

    def row(what, mine, other):
        print(f"| {what} | {mine} | {other if theirs else '-'} |")

    row("CPU seconds", f"{ours.cpu:.1f}", f"{theirs.cpu:.1f} ({theirs.cpu / max(ours.cpu, 0.01):.1f}x)" if theirs else "")
    row("wall seconds", f"{ours.wall:.1f}", f"{theirs.wall:.1f}" if theirs else "")
    row("peak anonymous memory, MB (sum of RssAnon)", f"{ours.anon / MB:.0f}", f"{theirs.anon / MB:.0f}" if theirs else "")
    row("the same, shared pages divided (Pss_Anon)", f"{ours.pss / MB:.0f}", f"{theirs.pss / MB:.0f}" if theirs else "")
    row("most processes at once", ours.processes, theirs.processes if theirs else "")
    row("on disk, MB", f"{ours.disk / MB:.0f} (case.db {ours.database / MB:.0f}, index {ours.index / MB:.0f})", f"{theirs.disk / MB:.0f}" if theirs else "")
    row("on disk / raw", f"{ours.disk / raw:.2f}", f"{theirs.disk / raw:.2f}" if theirs else "")
    row("on disk / text", f"{ours.disk / text:.2f}", f"{theirs.disk / text:.2f}" if theirs else "")
    row("again with nothing changed, wall seconds", f"{ours.again.wall:.2f}", "-")
    row("`casebook search`, whole process, ms (median, worst)", f"{median:.0f}, {worst:.0f}", "-")
    print()
    if not a.no_check:
        right, wrong = Check(a, folder, case, truth).run()
        print(f"answers checked by file: {right} right, {wrong} wrong")
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
