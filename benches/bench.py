"""The harness: runs commands as whole processes, row after row in turn, and prints medians beside each other.

Rows run in turn (A B C A B C ...), so that all of them see the same drift of the machine. Of every run it takes the wall
time, the processor time of the whole process tree, and the peak memory of its largest process. Never compare a number of
one run with a number of another run: put both programs in one group.

Standard library only, Linux only. GNU time gives the memory; without it the column is empty.
"""
import dataclasses
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

GNU_TIME = shutil.which("time")


@dataclasses.dataclass
class Row:
    """A command that is measured."""
    name: str
    command: list
    units: int = 0          # documents or entries that one run works on
    runs: int = 0           # instead of the group's number
    warm_up: int = 1
    polite: bool = False    # runs too long to hold a processor at real-time priority
    timeout: int = 300
    fresh: tuple = ()       # folders that are removed before each run
    samples: list = dataclasses.field(default_factory=list)
    failed: str = ""

    def median(self, what):
        return statistics.median(sample[what] for sample in self.samples) if self.samples else None

    @property
    def wall(self):
        return self.median("wall")

    @property
    def memory(self):
        """Peak memory in MiB, the most of all runs."""
        known = [sample["memory"] for sample in self.samples if sample["memory"] is not None]
        return max(known) / 1024 if known else None


def once(row, real_time):
    """One run of a row's command: its measures, or a word about what went wrong."""
    for folder in row.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    with tempfile.NamedTemporaryFile("r") as memory:
        command = row.command
        if GNU_TIME:
            # In between, since the peak memory of our own child would begin at this interpreter's.
            command = [GNU_TIME, "-q", "-f", "%M", "-o", memory.name, *command]
        real_time = real_time and not row.polite
        if real_time:  # children inherit it, and the clock must not wait for a processor either
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        try:
            start = time.perf_counter()
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, start_new_session=True)
            signal.signal(signal.SIGALRM, lambda *_: os.killpg(child.pid, signal.SIGKILL))
            signal.alarm(row.timeout)
            _, status, used = os.wait4(child.pid, 0)
            wall = time.perf_counter() - start
        except OSError as error:
            return None, error.strerror
        finally:
            signal.alarm(0)
            if real_time:
                os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        child.returncode = code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL or wall >= row.timeout:
            return None, f"over {row.timeout} s"
        if code != 0:
            return None, f"exit code {code}"
        peak = memory.read().split()
        return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": int(peak[-1]) if peak else None}, ""


def measure(rows, runs, real_time=False):
    """Fills the samples of the rows, in turn."""
    last = max((row.warm_up + (row.runs or runs) for row in rows), default=0)
    for turn in range(last):
        for row in rows:
            if row.failed or turn >= row.warm_up + (row.runs or runs):
                continue
            sample, row.failed = once(row, real_time)
            if sample and turn >= row.warm_up:
                row.samples.append(sample)
    return rows


def table(title, rows, peer):
    """A Markdown table; the last column says how many times as fast as the row called `peer` each row is."""
    base = next((row.wall for row in rows if row.name == peer), None)
    rates = any(row.units > 1 for row in rows)
    head = ["command", "wall s (min-max)", "cpu s", "peak MiB", *(["units/s"] if rates else []), f"x {peer}"]
    lines = [f"\n### {title}\n", f"| {' | '.join(head)} |", "|---" + "|---:" * (len(head) - 1) + "|"]
    for row in rows:
        if not row.samples:
            lines.append(f"| {row.name} | {row.failed or 'no run'} |" + " |" * (len(head) - 2))
            continue
        walls = [sample["wall"] for sample in row.samples]
        digits = 4 if row.wall < .1 else 3
        cells = [row.name, f"{row.wall:.{digits}f} ({min(walls):.{digits}f}-{max(walls):.{digits}f})",
                 f"{row.median('cpu'):.{digits}f}", f"{row.memory:.1f}" if row.memory is not None else ""]
        if rates:
            cells.append(f"{row.units / row.wall:,.0f}")
        cells.append(f"{base / row.wall:.2f}" if base else "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
