"""`lamplighter` as a process: started on a free port, watched from outside, ended by its id."""
import json
import os
import pathlib
import subprocess
import time
import urllib.parse

CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}


class Serving:
    """A verb that serves: its `process` and the `place` where it listens."""

    def __init__(self, lamplighter, arguments, directory, **variables):
        self.process = subprocess.Popen(
            [lamplighter, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=directory,
            env={**CLEAN, "AWS_EC2_METADATA_DISABLED": "true", **variables})
        self.place = self._read_place()

    def _read_place(self):
        for line in self.process.stdout:
            if address := next((word for word in line.split() if word.startswith("http://")), None):
                return urllib.parse.urlparse(address)
        raise AssertionError(self.process.stderr.read())

    def peak_megabytes(self):
        """The most memory that it has had."""
        return int(status_of(self.process.pid)["VmHWM"].split()[0]) / 1024

    def end(self):
        self.process.kill()
        self.process.communicate()


def status_of(pid):
    """What the kernel says of a process; {} of one that is gone."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split(":", 1) for line in lines)


def keys_of(lamplighter, directory):
    """The key pair of a state directory."""
    return json.loads(subprocess.run([lamplighter, "credentials", "--state-dir", directory], capture_output=True, check=True).stdout)


def wait_until(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
