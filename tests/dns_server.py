"""A name server on loopback that speaks the real protocol and knows an invented zone."""

import socketserver
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], Sequence[str]]
"""(name, type) -> the records, written as in a zone file; a TXT without its quotation marks."""

TXT_PIECE = 250  # a string of a TXT record holds 255 bytes


class DnsServer:
    """Answers from `zone`; to a name in `broken` it answers SERVFAIL, to one in `silent` nothing at all."""

    def __init__(self, zone: Zone, *, broken: Sequence[str] = (), silent: Sequence[str] = ()) -> None:
        self.zone = {(name.lower(), kind): list(records) for (name, kind), records in zone.items()}
        self.broken, self.silent = set(broken), set(silent)
        self.asked: list[tuple[str, str]] = []
        self.server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        ours = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, sock = self.request
                reply = ours.answer(dns.message.from_wire(data))
                if reply is not None:
                    sock.sendto(reply.to_wire(), self.client_address)

        return Handler

    def answer(self, query: Any) -> Any:
        """Write the answer to one question; None when there shall be none."""
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if name in self.silent or "*" in self.silent:
            return None
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif records := self.zone.get((name, kind)):
            texts = [written(record) if kind == "TXT" else record for record in records]
            reply.answer.append(dns.rrset.from_text(question.name, 60, dns.rdataclass.IN, question.rdtype, *texts))
        elif name and name not in {known for known, _ in self.zone}:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply


def written(text: str) -> str:
    """Write a text as the strings of a TXT record."""
    pieces = [text[start : start + TXT_PIECE] for start in range(0, len(text), TXT_PIECE)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)
