#!/usr/bin/env python3
"""How long `lamplighter serve` lets a neighbour's StartExecution wait while a crowd is there; prints rows for docs/benchmarks.md.

bench/engine/crowds.py [LAMPLIGHTER]   (with the Python environment of script/test)
"""
import contextlib
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/process"))

import crowds  # noqa: E402
from program import Serving  # noqa: E402

SERVED = 100  # times at least, during each crowd


def many_starts(place):
    machine = crowds.Client(place).machine("waits", "A", {"A": {"Type": "Wait", "Seconds": 86_400, "End": True}})
    crowds.start_many(place, machine, 10_000)
    return contextlib.nullcontext()


CROWDS = {
    "250 unfinished uploads of 8 MB": lambda place: crowds.uploads(place, 250, sent=4 << 20),
    "256 connections that say nothing": lambda place: crowds.connections(place, 256),
    "10,000 StartExecutions from 32 clients": many_starts,
}


def measure(program, crowd):
    with tempfile.TemporaryDirectory() as directory:
        server = Serving(program, ["serve", "--port", "0", "--auth", "none", "--state-dir", directory], directory)
        try:
            with crowds.Neighbour(server.place) as neighbour:
                with crowd(server.place):
                    neighbour.wait_for(max(0, SERVED - len(neighbour.delays)))
            return sorted(neighbour.delays), server.peak_megabytes()
        finally:
            server.end()


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release/lamplighter"
    for name, crowd in CROWDS.items():
        delays, peak = measure(program, crowd)
        middle, worst = delays[len(delays) // 2], delays[-1]
        print(f"| {name}: another's StartExecution, p50, worst; memory | {1000 * middle:.0f} ms, {1000 * worst:.0f} ms; {peak:.0f} MB |")


main()
