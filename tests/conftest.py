"""What all end-to-end tests share."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def build_dir():
    """Where the programs under test are: build/release, or what LAMPLIGHTER_BUILD_DIR says."""
    return pathlib.Path(os.environ.get("LAMPLIGHTER_BUILD_DIR", ROOT / "build/release"))


@pytest.fixture(scope="session")
def lamplighter(build_dir):
    """The program as users run it."""
    return build_dir / "lamplighter"
