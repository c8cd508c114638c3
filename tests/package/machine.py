"""A Debian 12 with the package, and the stand-in for systemd."""
import os
import pathlib
import shutil
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "process"))
from notify_socket import NotifySocket  # noqa: E402

FLEET = """
fleet: my-servers
region: us-east-1
environments:
  dev: {phases: [{name: app, servers: [web-1, web-2]}]}
schedules:
  - {name: once, action: start, at: "2099-03-02T06:00:00"}
"""


class Machine:
    """Wraps a root; `manager` is told what the daemon tells systemd."""

    def __init__(self, root):
        self.root = root
        place = root / "run/systemd"
        (place / "system").mkdir(parents=True, exist_ok=True)  # by which systemd is known
        (place / "asked").unlink(missing_ok=True)
        shutil.copy(HERE / "systemctl", root / "usr/bin/systemctl")
        self.manager = NotifySocket(place)
        os.chmod(self.manager.path, 0o777)

    def systemctl(self, *arguments, check=True):
        return self.root.run("systemctl", *arguments, check=check)

    def asked(self):
        """Everything that was asked of systemd."""
        path = self.root / "run/systemd/asked"
        return path.read_text().splitlines() if path.exists() else []

    def log(self):
        return (self.root / "run/systemd/log").read_text()

    def pid(self):
        path = self.root / "run/systemd/pid"
        return int(path.read_text()) if path.exists() else None

    def is_enabled(self):
        return (self.root / "etc/systemd/system/multi-user.target.wants/lamplighter.service").is_symlink()

    def start_daemon(self, fleet=FLEET, **environment):
        self.root.write("etc/lamplighter/fleet.yaml", fleet)
        lines = {"AWS_EC2_METADATA_DISABLED": "true", "LAMPLIGHTER_OPTIONS": "--port 0", **environment}
        self.root.write("etc/lamplighter/environment", "".join(f"{name}='{value}'\n" for name, value in lines.items()), 0o600)
        self.systemctl("start", "lamplighter")
        self.manager.wait_for("READY", "1")

    def add_user(self, name, *groups):
        self.root.run("useradd", "--create-home", *(["--groups", ",".join(groups)] if groups else []), name)

    def lamplighter(self, *arguments, user="root", check=True, **variables):
        home = "/root" if user == "root" else f"/home/{user}"
        return self.root.run("lamplighter", *arguments, user=user, check=check, HOME=home, AWS_EC2_METADATA_DISABLED="true", **variables)

    def apt(self, *arguments, check=True):
        return self.root.run("apt-get", "-y", "-q", "--no-install-recommends", *arguments, check=check)

    def install(self, deb, *options):
        """As `apt install ./lamplighter.deb` does."""
        shutil.copy(deb, self.root / "tmp/new.deb")
        return self.apt(*options, "install", "/tmp/new.deb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pid = self.pid()
        if pid:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            while pathlib.Path(f"/proc/{pid}").exists() and "Z" not in pathlib.Path(f"/proc/{pid}/stat").read_text().split(")")[1]:
                time.sleep(0.01)
        self.manager.close()
