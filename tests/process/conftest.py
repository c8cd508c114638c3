"""Programs that serve, for the tests of this folder."""
import pytest

from program import Serving


@pytest.fixture
def serving(lamplighter, tmp_path):
    """Starts a verb that serves; all are gone after the test."""
    running = []

    def start(*arguments, **variables):
        running.append(Serving(lamplighter, arguments, tmp_path, **variables))
        return running[-1]
    yield start
    for each in running:
        each.end()
