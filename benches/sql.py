#!/usr/bin/env python3
"""Measure one SQL engine on a stream of documents: loads it, runs the exported file, asks. One JSON object to standard output.

  sql.py ENGINE STREAM EXPORT RUNS      with the Python that tests/exports/run installs into target/exports/venv

ENGINE is postgresql, duckdb or spark-sql. `load` is the time for loading, `samples` the runs of the question.
"""
import json
import os
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/exports"))

from engines import ENGINES

TICKS = os.sysconf("SC_CLK_TCK")


def processor(root):
    """Seconds of a process, of its children, and of those that have ended."""
    times, parents = {}, {}
    for folder in pathlib.Path("/proc").iterdir():
        try:
            values = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            times[int(folder.name)] = sum(map(int, values[11:15])) / TICKS
            parents[int(folder.name)] = int(values[1])
        except (OSError, ValueError, IndexError):
            continue
    def below(pid):
        while pid in parents and pid != root:
            pid = parents[pid]
        return pid == root
    return sum(value for pid, value in times.items() if below(pid))


def main():
    name, stream, export, runs = sys.argv[1:]
    engine_class = next(engine for engine in ENGINES if engine.export == name)
    with engine_class() as engine:
        begin = time.perf_counter()
        engine.load(stream)
        load = time.perf_counter() - begin
        engine.run(export)
        engine.count()  # once to warm up
        samples = []
        for _ in range(int(runs)):
            begin, used = time.perf_counter(), processor(engine.process())
            engine.count()
            samples.append({"wall": time.perf_counter() - begin, "cpu": processor(engine.process()) - used, "memory": None})
    print(json.dumps({"load": load, "samples": samples}))


if __name__ == "__main__":
    main()
