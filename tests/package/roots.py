"""Debians in directories, made by debootstrap from the mirror that apt itself is configured with.

LAMPLIGHTER_ROOT names the directory in which they are kept, and found again; else it is build/roots."""
import concurrent.futures
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

PLACE = pathlib.Path(os.environ.get("LAMPLIGHTER_ROOT", pathlib.Path(__file__).resolve().parents[2] / "build/roots"))
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
         **{name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}}


def sources():
    """What apt has of Debian itself: (address, suite, component)."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages", "Origin: Debian"],
        capture_output=True, text=True, check=True)
    return sorted({tuple(line.split()) for line in listed.stdout.splitlines()})


def mirror():
    return next(address for address, suite, component in sources() if (suite, component) == ("bookworm", "main"))


class Root:
    """A directory whose commands find nothing but what is in it, but for processes and network, which are the machine's."""

    def __init__(self, path, layers=None):
        self.path = pathlib.Path(path)
        self.layers = layers or [self.path]

    def __truediv__(self, path):
        return self.path / str(path).lstrip("/")

    def command(self, *command, user=None):
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"] if user else []
        return ["unshare", "--mount", f"--root={self.path}", "--wd=/", "--mount-proc", *become, *map(str, command)]

    def run(self, *command, user=None, check=True, **variables):
        done = subprocess.run(self.command(*command, user=user), capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
                              env={**CLEAN, **variables})
        assert not check or done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def write(self, path, text, mode=0o644):
        (self / path).parent.mkdir(parents=True, exist_ok=True)
        (self / path).write_text(text)
        (self / path).chmod(mode)

    @contextlib.contextmanager
    def copy(self, scratch):
        """One that begins as this one is: it holds only what becomes different, in the folder `scratch`."""
        place = pathlib.Path(tempfile.mkdtemp(dir=scratch))
        upper, work, merged = (place / name for name in ("upper", "work", "root"))
        for folder in (upper, work, merged):
            folder.mkdir()
        lower = ":".join(map(str, self.layers))
        overlay = ["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", merged]
        if subprocess.run(overlay, capture_output=True).returncode != 0:  # this file system takes none: all of it, then
            subprocess.run(["cp", "-a", "--reflink=auto", f"{self.path}/.", merged], check=True)
            yield Root(merged)
            return
        try:
            yield Root(merged, [upper, *self.layers])
        finally:
            subprocess.run(["umount", merged], check=True)


def debootstrap(suite, *options):
    """The suite's root, which is made where it isn't there yet: in a directory beside, so that a half of one isn't taken for one."""
    path, part = PLACE / suite, PLACE / f"{suite}.part"
    if not path.exists():
        shutil.rmtree(part, ignore_errors=True)
        PLACE.mkdir(parents=True, exist_ok=True)
        made = subprocess.run(["debootstrap", "--variant=minbase", f"--keyring={KEYRING}", *options, suite, part, mirror()],
                              capture_output=True, text=True)
        assert made.returncode == 0, f"debootstrap {suite}: {made.stdout[-2000:]}{made.stderr}"
        part.rename(path)
    return Root(path)


def debian12():
    """One in which apt works as on this machine."""
    options = ["--include=ca-certificates"] if mirror().startswith("https:") else []
    root = debootstrap("bookworm", *options)
    root.write("etc/apt/sources.list", "".join(f"deb {address} {suite} {component}\n" for address, suite, component in sources()))
    settings = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=True).stdout
    root.write("etc/apt/apt.conf.d/99machine", "".join(line + "\n" for line in settings.splitlines() if "proxy" in line.lower()))
    root.write("etc/dpkg/dpkg.cfg.d/unsafe-io", "force-unsafe-io\n")
    root.write("etc/resolv.conf", pathlib.Path("/etc/resolv.conf").read_text())
    return root


def debian11():
    """Its files, unpacked and not set up: a shell, tools and the glibc of its time."""
    root = debootstrap("bullseye", "--foreign")
    if (root / "proc").is_symlink():  # debootstrap's own makeshift
        (root / "proc").unlink()
        (root / "proc").mkdir()
    return root


if __name__ == "__main__":
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for made in pool.map(lambda make: make(), [debian12, debian11]):
            print(made.path)
