"""Runs a command and says what it cost: CPU of all its processes, wall time, peak anonymous memory.

Memory is summed over the process tree every few milliseconds: `anon` adds RssAnon of each process
(a page shared by a fork counts in each), `pss` adds Pss_Anon (shared pages are divided)."""

import os
import subprocess
import threading
import time


def tree(pid):
    """The process and everything below it."""
    out, todo = [], [pid]
    while todo:
        now = todo.pop()
        out.append(now)
        try:
            for task in os.listdir(f"/proc/{now}/task"):
                with open(f"/proc/{now}/task/{task}/children") as file:
                    todo += [int(child) for child in file.read().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return out


def field(path, name):
    """A kB value of a /proc file in bytes; 0 when the process is gone."""
    try:
        with open(path) as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        pass
    return 0


class Cost:
    def __init__(self, cpu, wall, anon, pss, processes, code, out):
        self.cpu, self.wall, self.anon, self.pss = cpu, wall, anon, pss
        self.processes, self.code, self.out = processes, code, out


def run(command, env=None, watch=True, every=0.01):
    """`out` is standard output; a failing command is the caller's affair (`code`)."""
    before = os.times()
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
    peak = {"anon": 0, "pss": 0, "processes": 0}
    done = threading.Event()

    def look():
        rounds = 0
        while not done.is_set():
            pids = tree(child.pid)
            peak["processes"] = max(peak["processes"], len(pids))
            peak["anon"] = max(peak["anon"], sum(field(f"/proc/{p}/status", "RssAnon:") for p in pids))
            if rounds % 20 == 0:  # costs the kernel more
                peak["pss"] = max(peak["pss"], sum(field(f"/proc/{p}/smaps_rollup", "Pss_Anon:") for p in pids))
            rounds += 1
            done.wait(every)

    watcher = threading.Thread(target=look, daemon=True)
    if watch:
        watcher.start()
    out = child.stdout.read()
    code = child.wait()
    wall = time.perf_counter() - start
    done.set()
    if watch:
        watcher.join()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(cpu, wall, peak["anon"], peak["pss"], peak["processes"], code, out)


def size(path):
    """Bytes of a file or of everything below a folder."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files)
