"""What script/package made, looked at from outside; the unit, as systemd reads it."""
import hashlib
import os
import pathlib
import re
import subprocess
import zipfile

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_a_release_is_four_files_with_their_sums(release):
    names = {path.name for path in release.iterdir()}
    version = re.search(r"project\(lamplighter VERSION (\S+)", (PROJECT / "CMakeLists.txt").read_text()).group(1)
    assert names == {f"lamplighter_{version}_amd64.deb", f"lamplighter-{version}-linux-x86_64.tar.gz", "lambda.zip", "SHA256SUMS"}
    sums = dict(reversed(line.split()) for line in (release / "SHA256SUMS").read_text().splitlines())
    assert sums == {name: hashlib.sha256((release / name).read_bytes()).hexdigest() for name in names - {"SHA256SUMS"}}


def test_programs_are_stripped(unpacked, tarball):
    for path in (unpacked / "usr/bin/lamplighter", *(tarball / "lib/lamplighter").iterdir()):
        assert ".symtab" not in output_of("readelf", "-SW", path), path


def test_the_version_names_the_commit(unpacked, tmp_path):
    version = re.search(r"project\(lamplighter VERSION (\S+)", (PROJECT / "CMakeLists.txt").read_text()).group(1)
    assert re.fullmatch(re.escape(version) + r" \([0-9a-f]{7}\+?\)\n", output_of(unpacked / "usr/bin/lamplighter", "--version"))


@pytest.mark.parametrize("source, commit", [("archive", "{head}"), ("shallow clone", "{head}"), ("neither", "")])
def test_a_commit_is_known_wherever_it_can_be(tmp_path, source, commit):
    head = output_of("git", "-C", PROJECT, "rev-parse", "HEAD").strip()
    tree = tmp_path / "tree"
    if source == "shallow clone":
        subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{PROJECT}", tree], check=True)
    else:
        tree.mkdir()
        archive = subprocess.run(["git", "-C", PROJECT, "archive", "HEAD", "cmake"], capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", tree], input=archive, check=True)
    if source == "neither":
        (tree / "cmake/commit.txt").write_bytes((PROJECT / "cmake/commit.txt").read_bytes())
    header = tmp_path / "commit.h"
    subprocess.run(["cmake", f"-DSOURCE={tree}", f"-DHEADER={header}", "-P", PROJECT / "cmake/commit.cmake"], check=True,
                   env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)})
    assert header.read_text() == f'#define LAMPLIGHTER_COMMIT "{commit.format(head=head[:7])}"\n'


def test_the_package_s_lambda_zip_is_the_release_s(unpacked, release):
    packed = unpacked / "usr/share/lamplighter/lambda.zip"
    assert packed.read_bytes() == (release / "lambda.zip").read_bytes()
    assert {"bootstrap", "lib/ld-linux-x86-64.so.2", "lib/libcurl.so.4", "lib/libcrypto.so.3"} <= set(zipfile.ZipFile(packed).namelist())


# ---- the unit

def test_systemd_finds_nothing_wrong_with_the_unit(unpacked, tmp_path):
    unit = (unpacked / "lib/systemd/system/lamplighter.service").read_text()
    here = tmp_path / "lamplighter.service"
    here.write_text(unit.replace("/usr/bin/lamplighter", str(unpacked / "usr/bin/lamplighter")))
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, timeout=60)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_the_unit_is_hardened(unpacked):
    """systemd's own figure goes from 0 (safe) to 10; what is left is network, and who asks at the socket (PrivateUsers)."""
    unit = unpacked / "lib/systemd/system/lamplighter.service"
    told = output_of("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
    assert float(re.search(r"exposure level for lamplighter.service: (\S+)", told).group(1)) < 2, told


def test_the_documented_unit_is_the_packaged_one():
    """docs/daemon.md explains it; what it quotes is there."""
    quoted = re.search(r"## As a service\n.*?```ini\n(.*?)```", (PROJECT / "docs/daemon.md").read_text(), re.DOTALL).group(1)
    packaged = (PROJECT / "packaging/lamplighter.service").read_text().splitlines()
    assert [line for line in quoted.splitlines() if line and line != "…"] and \
        all(line in packaged for line in quoted.splitlines() if line and line != "…")
