"""What a start costs is loading libraries: those that only calls need are loaded by the first call. bench/start_up measures."""
import re
import subprocess

import pytest

LATER = ("libcurl", "libcrypto", "libssl", "libical", "libsystemd", "libgnutls", "libicu")


def loaded_by(*command):
    said = subprocess.run(command, env={"LD_DEBUG": "files", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True).stderr
    return {match[1] for match in re.finditer(r"file=(\S+?)\.so\S* \[0\];  generating link map", said)}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_start_loads_few_libraries(unpacked, option):
    loaded = loaded_by(unpacked / "usr/bin/lamplighter", option)
    assert "libstdc++" in loaded, loaded
    assert len(loaded) <= 14, sorted(loaded)
    assert not [name for name in loaded if name.startswith(LATER)], sorted(loaded)
