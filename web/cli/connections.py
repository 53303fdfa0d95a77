"""waitress with bounds: how many connections are open, how many of them from one network, and how
much of a request is kept while the rest of it arrives."""

from __future__ import annotations

import resource
import socket
import time
from typing import Any

from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from web.site.networks import network_of

MOST = 500
"""How many connections are open at once, if the process may have twice as many files open: the
usual limit is 1024."""
MOST_FROM_ONE = 120
"""How many of them come from one network. A school has one address, and its browsers keep several
connections each; but only those with a request in progress are in nobody's way."""
RESERVE = 100
"""How many entries of waitress's own list of sockets are not connections, or are closing."""
IDLE_SECONDS = 30
"""How long a connection stays open that neither sends nor receives anything."""
REQUEST_SECONDS = 60
"""How long a request may take to arrive whole: enough for the longest that is read, at 5 KB a
second."""
HEADER_BYTES = 16 * 1024
MAX_REQUEST_BYTES = 32 * 1024 * 1024
"""The request size, in bytes, beyond which the server closes the connection; the app refuses
smaller requests that are still too long, with an explanation."""


class Body(OverflowableBuffer):
    """What is kept of a request's body, in memory: nothing beyond what the app reads. It refuses a
    longer one by its length alone, which is why the rest is counted."""

    received = 0

    def append(self, data: bytes) -> None:
        """Keeps the data if there is room, and counts them in any case."""
        self.received += len(data)
        if self.received < self.overflow:
            super().append(data)

    def __len__(self) -> int:
        return self.received


class Parser(HTTPRequestParser):
    """Reads one request."""

    def parse_header(self, header: bytes) -> None:
        """Reads the header, and makes room for the body that it announces."""
        super().parse_header(header)
        if self.body_rcv is not None:
            self.body_rcv.buf = Body(self.adj.inbuf_overflow)


class Channel(HTTPChannel):
    """One connection, and the network that it comes from."""

    parser_class = Parser

    def __init__(self, server: Server, sock: socket.socket, addr: Any, *more: Any, **map: Any):
        self.network, self.waits_since = network_of(addr[0]), time.time()
        super().__init__(server, sock, addr, *more, **map)

    def service(self) -> None:
        """Answers the requests that have arrived whole; then waits for the next."""
        super().service()
        self.waits_since = time.time()


class Server(TcpWSGIServer):
    """Accepts connections on one socket. If there are as many as there may be, the one that has
    waited the longest for a whole request gives way: half-sent requests keep nobody out, however
    often another byte of them arrives."""

    channel_class = Channel

    def accept(self) -> tuple[socket.socket, Any] | None:
        """The next connection and its peer's address; None if there is no room for it."""
        accepted: tuple[socket.socket, Any] | None = super().accept()
        if accepted is None or self._makes_room(network_of(accepted[1][0])):
            return accepted
        accepted[0].close()
        return None

    def _makes_room(self, network: str) -> bool:
        channels = [c for c in self._map.values() if isinstance(c, Channel) and not c.will_close]
        neighbours = [c for c in channels if c.network == network]
        if len(neighbours) >= self.adj.most_from_one:
            return _gives_way(neighbours)
        return len(channels) < self.adj.most or _gives_way(channels)

    def maintenance(self, now: float) -> None:
        """Closes connections that are idle, and those that got no whole request in time."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if _is_waiting(channel) and channel.waits_since < now - REQUEST_SECONDS:
                channel.will_close = True


def _is_waiting(channel: Channel) -> bool:
    return not channel.requests and not channel.total_outbufs_len


def _gives_way(channels: list[Channel]) -> bool:
    """Closes the connection that has waited the longest for a whole request, best one to which
    nothing is being sent; returns False if a request is in progress on each."""
    idle = [channel for channel in channels if not channel.requests]
    if idle:
        longest = min(idle, key=lambda c: (not _is_waiting(c), c.waits_since))
        longest.will_close = True  # as waitress's own maintenance does
    return bool(idle)


def server(
    app: Any, sockets: list[socket.socket], threads: int, kept_bytes: int, behind_proxies: bool
) -> MultiSocketServer:
    """A server on these sockets that keeps ``kept_bytes`` of a request's body. Unless it is
    ``behind_proxies``, it removes the headers that only proxies may set; if it is, their own
    network may have any number of connections."""
    adj = Adjustments(
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=not behind_proxies,
        max_request_header_size=HEADER_BYTES,
        max_request_body_size=MAX_REQUEST_BYTES,
        inbuf_overflow=kept_bytes + 1,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=IDLE_SECONDS // 6,
        connection_limit=MOST + RESERVE,
        asyncore_use_poll=True,
    )
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    adj.most = MOST if files == resource.RLIM_INFINITY else min(MOST, files // 2)
    adj.most_from_one = adj.most if behind_proxies else min(MOST_FROM_ONE, adj.most)
    open_sockets: dict[int, Any] = {}
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    servers = [_on(one, app, open_sockets, dispatcher, adj) for one in sockets]
    heard = [(one.effective_host, one.effective_port) for one in servers]
    return MultiSocketServer(open_sockets, adj, heard, dispatcher)


def _on(
    listening: socket.socket, app: Any, open_sockets: Any, dispatcher: Any, adj: Adjustments
) -> Server:
    known = (listening.family, listening.type, listening.proto, listening.getsockname())
    return Server(
        app,
        open_sockets,
        _sock=listening,
        dispatcher=dispatcher,
        adj=adj,
        bind_socket=False,
        sockinfo=known,
    )
