#!/usr/bin/env python3
"""The desk through a pty: how soon it answers and how many bytes it sends. Prints a Markdown table.

    desk.py --casebook target/release/casebook --case CASE [--cols 200] [--rows 60] [--beside PATH]

Times are from the write of a key to the first byte that comes back. Bytes are counted until the
line was quiet for a while; a *cursor move* counts only what comes at once, before the margin and
the preview follow. With --beside, `casebook add CASE PATH` runs in another process meanwhile (PATH
should take it a minute or more; what it adds stays in the case). Needs Python 3.9 and Linux; the
case is opened as it is, with a settings folder of its own."""

import argparse
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

# Quiet for so long: everything that belongs to a key has come.
QUIET = 0.4
# What comes within this time after the first byte belongs to the key itself.
AT_ONCE = 0.05
# Searches that are typed, and taken back, character by character.
TYPED = ["公司", "销售合同", "payment", "transfer of", "的", "2019", "invoice 2020", "银行付款", "server", "the contract"]


class Desk:
    def __init__(self, binary, case, cols, rows, home):
        self.start = time.perf_counter()
        self.pid, self.tty = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="", CASEBOOK_CONFIG=home, XDG_CONFIG_HOME=home,
                              XDG_STATE_HOME=home, XDG_CACHE_HOME=home, LANG="C.UTF-8")
            os.environ.pop("NO_COLOR", None)
            # The size must be known before the program asks for it.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            os.execv(binary, [binary, case])
        fcntl.ioctl(self.tty, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def read(self, timeout):
        """Bytes that come within `timeout` seconds; empty when none do."""
        ready, _, _ = select.select([self.tty], [], [], timeout)
        if not ready:
            return b""
        return os.read(self.tty, 1 << 20)

    def until(self, pattern, timeout=60):
        """Seconds from the start of the program until its output matches."""
        seen, end = b"", time.perf_counter() + timeout
        while not re.search(pattern, seen):
            if time.perf_counter() > end:
                sys.exit(f"{pattern} did not come; the last was {seen[-300:]!r}")
            seen += self.read(0.05)
        return time.perf_counter() - self.start

    def quiet(self, quiet=QUIET):
        """Reads until nothing comes any more; the number of bytes."""
        count = 0
        while chunk := self.read(quiet):
            count += len(chunk)
        return count

    def key(self, keys, wait=1):
        """(milliseconds to the first byte, bytes at once, all bytes) for one key or sequence."""
        begun = time.perf_counter()
        os.write(self.tty, keys.encode())
        chunk = self.read(wait)
        first = (time.perf_counter() - begun) * 1000
        at_once, end = len(chunk), time.perf_counter() + AT_ONCE
        while (left := end - time.perf_counter()) > 0:
            at_once += len(self.read(left))
        return first if chunk else None, at_once, at_once + self.quiet()

    def burst(self, key, times, pause):
        """Milliseconds to the first byte of each of many keys in a row."""
        out = []
        for _ in range(times):
            begun = time.perf_counter()
            os.write(self.tty, key.encode())
            if not self.read(0.5):
                break  # the end
            out.append((time.perf_counter() - begun) * 1000)
            end = time.perf_counter() + pause
            while (left := end - time.perf_counter()) > 0:
                self.read(left)
        return out

    def until_still(self, keys):
        """(milliseconds to the first byte, to the last one) for one key."""
        begun = last = time.perf_counter()
        os.write(self.tty, keys.encode())
        first = None
        while self.read(QUIET):
            last = time.perf_counter()
            first = first or last
        return ((first or last) - begun) * 1000, (last - begun) * 1000

    def results(self, keys, wait=5):
        """Milliseconds from a key of the search line until the number of what was found is in it;
        an ellipsis stands there while it is searched. None when the number stays what it was."""
        begun, seen, is_pending = time.perf_counter(), b"", False
        os.write(self.tty, keys.encode())
        while (left := begun + wait - time.perf_counter()) > 0:
            chunk = self.read(min(left, 0.3))
            if not (chunk or is_pending):
                return None
            seen += chunk
            # The cursor stands in the line: what a frame changes in it comes before it goes elsewhere.
            for frame in seen.split(b"\x1b[?2026h"):
                line = re.split(rb"\x1b\[\d+;\d+H", frame)[0]
                if change := re.search(rb"\x1b\[\d*[CX](?:\x1b\[[0-9;]*[mCX]| )*([^\x1b ])", line):
                    if change[1] != b"\xe2":
                        return (time.perf_counter() - begun) * 1000
                    is_pending = True
        return wait * 1000 if is_pending else None

    def cpu(self):
        """CPU seconds so far, of all threads."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def anonymous(self):
        with open(f"/proc/{self.pid}/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("RssAnon"))

    def end(self):
        os.write(self.tty, b"q")
        try:
            self.quiet(0.2)
        except OSError:
            pass  # it ended
        os.close(self.tty)
        os.waitpid(self.pid, 0)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--casebook", required=True)
    ap.add_argument("--case", required=True)
    ap.add_argument("--cols", type=int, default=200)
    ap.add_argument("--rows", type=int, default=60)
    ap.add_argument("--query", default="公司", help="what is searched for, typed character by character")
    ap.add_argument("--beside", help="a folder that is added to the case meanwhile")
    a = ap.parse_args()
    with tempfile.TemporaryDirectory() as home:
        adding = None
        if a.beside:
            adding = subprocess.Popen([a.casebook, "add", a.case, a.beside], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            time.sleep(2)  # so that it is at work and not still walking the folder
        try:
            measure(a, home, adding)
        finally:
            if adding:
                adding.wait()


def measure(a, home, adding):
    binary = os.path.abspath(a.casebook)
    rows = []

    # A first run leaves the place behind that the next one opens at.
    desk = Desk(binary, a.case, a.cols, a.rows, home)
    first = desk.until("┌".encode())
    counts = desk.until(b"documents")
    rows += [("first frame, ms", first * 1000, 50), ("counts on the screen, ms", counts * 1000, 300)]

    # A search from cold: nothing was searched before, the index is not open yet. The rows of the
    # results come in the frame that says how many there are.
    os.write(desk.tty, b"/")
    desk.read(1)
    begun = time.perf_counter()
    os.write(desk.tty, a.query.encode())
    hit, seen = None, b""
    while time.perf_counter() - begun < 20:
        seen += desk.read(0.02)
        if re.search(rb"\d(?:\x1b\[[0-9;]*[mC]| )*found", seen):
            hit = time.perf_counter() - begun
            break
    rows.append(("first hits of the first search, ms", hit * 1000 if hit else float("nan"), 500))
    desk.quiet(1.5)
    desk.key("\x1b")
    desk.key("\x1b")

    for name, keys in [("documents", "1"), ("chats", "2")]:
        desk.key(keys)
        desk.quiet(1)
        moves = [desk.key("j") for _ in range(20)]
        rows.append((f"{name}: cursor move, bytes at once (median)", percentile([m[1] for m in moves], 0.5), 500))
        rows.append((f"{name}: with preview and margin, bytes (worst)", max(m[2] for m in moves), 12_000))
        page = [desk.key("\x04") for _ in range(5)]
        rows.append((f"{name}: half a page, bytes (worst)", max(p[2] for p in page), None))
        times = desk.burst("j", 100, 0.01)
        rows.append((f"{name}: key to bytes while scrolling, ms (p99)", percentile(times, 0.99), 16))
        end = desk.key("G")
        rows.append((f"{name}: to the end, ms", end[0], 16))
        desk.key("gg")
        if name == "documents":
            # Most others are shorter than a page of a large terminal.
            [desk.key(key) for key in ["f", "pdf", "\r"]]
        if sent := open_long(desk):
            rows.append((f"{name}: a page in the reader, bytes (worst)", max(sent), 12_000))
            desk.key("gg")
            times = desk.burst("j", 60, 0.01)
            rows.append((f"{name}: key to bytes in the reader, ms (p99)", percentile(times, 0.99), 16))
            rows.append((f"{name}: to the end of the reader, ms", desk.key("G")[0] or float("nan"), 100))
        desk.key("\x0f")
        if name == "documents":
            desk.key("a")

    lists(desk, rows)

    # Typing a search, a character at a time.
    desk.key("/")
    typed = [desk.key(c) for c in a.query + " payment"]
    rows.append(("typing a search: key to bytes, ms (p99)", percentile([t[0] for t in typed if t[0]], 0.99), 16))
    desk.burst("\x7f", len(typed), 0.1)
    shown = []
    for query in TYPED:
        for key in query + "\x7f" * (len(query) - 1):
            shown.append(desk.results(key))
            desk.quiet(0.15)
        desk.key("\x7f")
    known = [ms for ms in shown if ms is not None]
    what = f"typing a search: key to its results, ms (p99 of {len(known)}, {len(shown) - len(known)} unchanged)"
    rows += [(what, percentile(known, 0.99), 50), ("typing a search: key to its results, ms (median)", percentile(known, 0.5), None)]
    desk.key("\x1b")
    desk.key("\x1b")
    desk.quiet(2)

    rows.append(("anonymous memory, MB", desk.anonymous() / 1e6, 150))
    if adding:
        print("the add beside it " + ("still ran at the end" if adding.poll() is None else "ENDED BEFORE THE END"))
    else:
        idle(desk, rows)
    desk.end()

    print(f"{a.cols}x{a.rows}\n\n| | measured | wanted |\n| --- | ---: | ---: |")
    for what, value, wanted in rows:
        mark = "" if wanted is None else f"{wanted:,}"
        print(f"| {what} | {value:,.1f} | {mark} |")


def open_long(desk, most=20):
    """Opens the first row of the list from here whose text has several pages: the bytes of these. A
    short text does not move, and what comes then are counts of what an add brings."""
    for _ in range(most):
        desk.key("\r")
        desk.quiet(1)
        pages = [desk.key("\x06") for _ in range(8)]
        sent = [page[2] for page in pages if page[0] is not None and page[2] > 200]
        if len(sent) > 2:
            return sent
        desk.key("\x0f")
        desk.key("j")
    return []


def lists(desk, rows):
    """The list of documents, sorted and filtered: flat and as a tree. It has the whole width, so
    that nothing comes after it."""
    desk.key("1")
    desk.quiet(1)
    desk.key("z")
    for shape in ["flat", "tree"]:
        times = {"sort": [], "filter": []}
        if shape == "flat":
            # Each order, and each of them from its other end.
            times["sort"] = [desk.until_still(key) for _ in range(5) for key in "SR"]
        else:
            times["sort"] = [desk.until_still("T")]
        for typed in ["pay", "销售", "2019"]:
            desk.key("f")
            times["filter"] += [desk.until_still(key) for key in typed + "\x7f" * len(typed)]
            desk.key("\x1b")
        for what, found in times.items():
            name = f"documents, {shape}: {what}"
            rows.append((f"{name}, key to bytes, ms (worst)", max(f[0] for f in found), 16))
            rows.append((f"{name}, key to the whole list, ms (worst)", max(f[1] for f in found), 100))
    desk.key("T")
    desk.key("z")


def idle(desk, rows):
    """What is done when nobody presses a key."""
    cpu, seconds = desk.cpu(), 10
    sent = 0
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        sent += len(desk.read(left))
    rows.append(("idle: CPU ms a second", (desk.cpu() - cpu) * 1000 / seconds, 2))
    rows.append(("idle: bytes in 10 s", sent, 0))


if __name__ == "__main__":
    main()
