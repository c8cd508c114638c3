"""What script/package made, and Debians to try it in."""
import os
import pathlib
import subprocess
import tempfile

import pytest

import roots
from machine import Machine

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def release():
    """The folder that script/package makes; what is there already is taken as it is."""
    folder = PROJECT / "build/package"
    if not (folder / "SHA256SUMS").exists():
        subprocess.run([PROJECT / "script/package"], check=True)
    return folder


@pytest.fixture(scope="session")
def deb(release):
    (found,) = release.glob("*.deb")
    return found


@pytest.fixture(scope="session")
def unpacked(deb, tmp_path_factory):
    """The package's files, in no Debian."""
    folder = tmp_path_factory.mktemp("deb")
    subprocess.run(["dpkg-deb", "-x", deb, folder], check=True)
    return folder


@pytest.fixture(scope="session")
def before(deb, tmp_path_factory):
    """The package as it might have been a version before: with an older number and another fleet.example.yaml."""
    folder = tmp_path_factory.mktemp("before")
    subprocess.run(["dpkg-deb", "-R", deb, folder / "tree"], check=True)
    control = folder / "tree/DEBIAN/control"
    control.write_text("".join("Version: 0.0.1\n" if line.startswith("Version:") else line for line in control.open()))
    example = folder / "tree/etc/lamplighter/fleet.example.yaml"
    example.write_text("# as it was\n" + example.read_text())
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", folder / "tree", folder / "before.deb"], check=True, capture_output=True)
    return folder / "before.deb"


@pytest.fixture(scope="session")
def bare(deb):
    """A Debian 12 which has in apt's cache what the package needs, and nothing of it installed."""
    root = roots.debian12()
    (root / "tmp/new.deb").write_bytes(deb.read_bytes())
    download = ["apt-get", "-y", "-q", "--no-install-recommends", "--download-only", "install", "/tmp/new.deb"]
    if root.run(*download, check=False).returncode != 0:  # there are no lists yet, or old ones
        root.run("apt-get", "update", "-q")
        root.run(*download)
    (root / "tmp/new.deb").unlink()
    return root


@pytest.fixture(scope="session")
def scratch():
    """A folder in memory, with a short name: a socket's path is bounded."""
    folder = tempfile.mkdtemp(prefix="lamplighter-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder], check=True)
    yield pathlib.Path(folder)
    subprocess.run(["umount", folder], check=True)
    os.rmdir(folder)


@pytest.fixture(scope="session")
def installed(bare, deb, scratch):
    """A machine on which the package was installed, and nothing else is done."""
    with bare.copy(scratch) as root:
        with Machine(root) as machine:
            machine.install(deb)
        yield machine


@pytest.fixture(scope="session")
def older(installed, before, scratch):
    """One with the version before."""
    with installed.root.copy(scratch) as root:
        with Machine(root) as machine:
            machine.apt("purge", "lamplighter")
            machine.install(before)
        yield machine


@pytest.fixture
def machine(installed, scratch):
    """A fresh one with the package."""
    with installed.root.copy(scratch) as root, Machine(root) as copy:
        yield copy


@pytest.fixture
def older_machine(older, scratch):
    """A fresh one with the version before."""
    with older.root.copy(scratch) as root, Machine(root) as copy:
        yield copy


@pytest.fixture(scope="session")
def tarball(release, tmp_path_factory):
    """Unpacked."""
    (found,) = release.glob("*.tar.gz")
    folder = tmp_path_factory.mktemp("tarball")
    subprocess.run(["tar", "-xf", found, "-C", folder], check=True)
    (unpacked,) = folder.iterdir()
    return unpacked
