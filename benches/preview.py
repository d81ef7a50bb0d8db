"""Measure a preview: how long after a file was saved the page shows the change.

A server runs while a file is changed again and again; the time is from the beginning of the write until the page holds the
new text, asked for over and over. Of a server that tells pages to reload, the time until it does is measured too.
"""
import os
import pathlib
import re
import socket
import subprocess
import threading
import time
import urllib.request


class Preview:
    """A server at work. `command` starts it; `address` finds its address in a line that it prints."""

    def __init__(self, command, address, real_time=False):
        if real_time:
            command = ["chrt", "-f", "1", *command]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if found := re.search(address, line):
                self.address = found.group(0).rstrip("/")
                break
        else:
            raise RuntimeError(f"{command[0]} did not start")
        # It must not wait for somebody to read what it prints.
        threading.Thread(target=lambda: [None for _ in self.process.stdout], daemon=True).start()

    def page(self, path):
        with urllib.request.urlopen(f"{self.address}/{path}", timeout=60) as answer:
            return answer.read()

    def used(self):
        """Processor seconds so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self):
        """Most memory so far, in KiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1))

    def stop(self):
        self.process.kill()
        self.process.wait()


def free_port():
    """A port that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def events(preview):
    """The moments at which the preview of `oat serve` tells pages to reload, as they come."""
    host, port = preview.address.removeprefix("http://").split(":")
    stream = socket.create_connection((host, int(port)))
    stream.sendall(f"GET /_oat/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    times = []

    def read():
        while data := stream.recv(1 << 16):
            if b'"build":' in data:
                times.append(time.perf_counter())

    threading.Thread(target=read, daemon=True).start()
    return times


def measure(preview, file, change, page, runs, told=None):
    """Changes a file `runs` times; returns samples of the page, and with `told` those of the reload."""
    text = pathlib.Path(file).read_text(encoding="utf-8")
    shown, reloads = [], []
    for run in range(-1, runs):  # the first is to warm up
        time.sleep(1)
        mark = f"changed{run + 2}x{os.getpid()}"
        used, before = preview.used(), len(told) if told is not None else 0
        start = time.perf_counter()
        pathlib.Path(file).write_text(change(text, mark), encoding="utf-8")
        while mark.encode() not in preview.page(page):
            if time.perf_counter() - start > 60:
                raise RuntimeError(f"{page} never changed")
            time.sleep(0.005)
        wall = time.perf_counter() - start
        if run < 0:
            continue
        sample = {"cpu": preview.used() - used, "memory": preview.peak()}
        shown.append({"wall": wall, **sample})
        if told is not None:
            while len(told) == before:
                time.sleep(0.001)
            reloads.append({"wall": told[before] - start, **sample})
    pathlib.Path(file).write_text(text, encoding="utf-8")
    return shown, reloads
