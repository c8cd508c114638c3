"""A stand-in for systemd's end of the notify socket."""
import os
import socket
import time


class NotifySocket:
    """A datagram socket that keeps what a service says: a list of {"READY": "1", "STATUS": "…"} with the moments."""

    def __init__(self, directory):
        self.path = str(directory / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        self.said = []

    def variables(self, watchdog_seconds=None):
        """What the service finds in its environment."""
        watchdog = {"WATCHDOG_USEC": str(int(watchdog_seconds * 1_000_000))} if watchdog_seconds else {}
        return {"NOTIFY_SOCKET": self.path, **watchdog}

    def wait_for(self, key, value=None, seconds=20):
        """The next message with this assignment."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65536).decode()
            except TimeoutError:
                break
            message = dict(line.split("=", 1) for line in data.splitlines())
            self.said.append((time.monotonic(), message))
            if key in message and value in (None, message[key]):
                return message
        raise AssertionError(f"no {key}={value} in {seconds} s: {self.said}")

    def silent_for(self, key, seconds):
        """Whether no message has this key for so long."""
        try:
            self.wait_for(key, seconds=seconds)
        except AssertionError:
            return True
        return False

    def close(self):
        self._socket.close()
        os.unlink(self.path)
