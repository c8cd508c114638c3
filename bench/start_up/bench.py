"""What a start of the program takes of the CPU, beside programs that people start all day: python bench/start_up/bench.py PROGRAM"""
import os
import statistics
import subprocess
import sys


def cpu_milliseconds(*command, runs=200):
    """The least and the middle one: what else the machine does only makes it longer."""
    taken = []
    for _ in range(runs):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        taken.append(1000 * (usage.ru_utime + usage.ru_stime))
    return min(taken), statistics.median(taken)


if __name__ == "__main__":
    program = sys.argv[1]
    ours = cpu_milliseconds(program, "--version")
    print("| program | CPU ms, least | middle | ours to it (middle) |\n|---|---|---|---|")
    print(f"| lamplighter --version | {ours[0]:.1f} | {ours[1]:.1f} | |")
    for peer in (["git", "--version"], ["curl", "--version"], ["python3", "--version"]):
        least, middle = cpu_milliseconds(*peer)
        print(f"| {' '.join(peer)} | {least:.1f} | {middle:.1f} | {ours[1] / max(middle, 0.1):.1f} |")
