"""`lamplighter serve` for the API's tests."""
import pytest

from api_server import Serve


@pytest.fixture
def serve(tmp_path):
    """Starts servers; all are gone after the test."""
    running = []

    def start(*arguments, state_dir=tmp_path / "state", **options):
        running.append(Serve(state_dir, *arguments, **options))
        return running[-1]
    yield start
    for server in running:
        server.kill()


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def client(server):
    return server.client()
