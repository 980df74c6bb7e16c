"""A mailbox on loopback that speaks enough IMAP4rev1 (RFC 3501) for a client to search, read and mark mails."""

import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

UNMARKED = frozenset({"\\Seen", "\\Flagged"})


@dataclass(slots=True)
class Stored:
    """One mail in the mailbox, and its flags."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up, as those do who do not trust our certificate."""


class ImapServer:
    """Serves `mails` to whoever logs in as reader:secret; `lines` are the commands that came, without the log-in.

    With a `scheme` of imaps it speaks TLS from the first byte, with imap+tls after STARTTLS; `tls` has its certificate.
    """

    def __init__(self, *mails: bytes, scheme: str = "imap", tls: ssl.SSLContext | None = None) -> None:
        self.mails = [Stored(raw) for raw in mails]
        self.lines: list[str] = []
        self.n_log_ins = 0
        self.folder = "INBOX"
        self.scheme, self.tls = scheme, tls
        self._server = _Server(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        """The mailbox as BOUNCE_IMAP_URL names it."""
        return f"{self.scheme}://reader:s%65cret@127.0.0.1:{self._server.server_address[1]}/{self.folder}"

    def flags(self) -> list[set[str]]:
        """Read the flags of each mail."""
        return [mail.flags for mail in self.mails]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        mailbox = self

        class Handler(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                if mailbox.scheme == "imaps":
                    self.encrypt()
                super().setup()

            def encrypt(self) -> None:
                assert mailbox.tls is not None
                self.request = mailbox.tls.wrap_socket(self.request, server_side=True)

            def finish(self) -> None:
                super().finish()
                self.request.close()

            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                while line := self.rfile.readline():
                    tag, _, rest = line.decode().strip().partition(" ")
                    for reply in mailbox.answer(rest):
                        self.wfile.write(reply if reply.startswith(b"* ") else tag.encode() + b" " + reply)
                    if rest.upper() == "LOGOUT":
                        return
                    if rest.upper() == "STARTTLS":
                        self.encrypt()
                        super().setup()

        return Handler

    def answer(self, command: str) -> list[bytes]:
        """Answer one command: untagged lines begin with a star, the last one is the verdict."""
        words = command.split()
        verb = " ".join(words[: 2 if words[0].upper() == "UID" else 1]).upper()
        if verb == "LOGIN":
            self.n_log_ins += 1
            ok = [word.strip('"') for word in words[1:]] == ["reader", "secret"]
            return [b"OK in\r\n" if ok else b"NO wrong\r\n"]
        self.lines.append(command)
        answers = {"CAPABILITY": self._capability, "SELECT": self._select, "UID SEARCH": self._search}
        if self.scheme == "imap+tls":
            answers["STARTTLS"] = lambda _: [b"OK begin\r\n"]
        answers |= {"UID FETCH": self._fetch, "UID STORE": self._store, "LOGOUT": self._logout}
        return answers[verb](command) if verb in answers else [b"BAD unknown\r\n"]

    def _capability(self, _command: str) -> list[bytes]:
        more = b" STARTTLS" if self.scheme == "imap+tls" else b""
        return [b"* CAPABILITY IMAP4rev1" + more + b"\r\n", b"OK done\r\n"]

    def _logout(self, _command: str) -> list[bytes]:
        return [b"* BYE for now\r\n", b"OK done\r\n"]

    def _select(self, command: str) -> list[bytes]:
        if command.split(None, 1)[1].strip('"') != self.folder:
            return [b"NO no such folder\r\n"]
        return [f"* {len(self.mails)} EXISTS\r\n".encode(), b"OK [READ-WRITE]\r\n"]

    def _search(self, _command: str) -> list[bytes]:
        found = [str(number) for number, mail in enumerate(self.mails, 1) if not mail.flags & UNMARKED]
        return [f"* SEARCH {' '.join(found)}\r\n".encode(), b"OK done\r\n"]

    def _fetch(self, command: str) -> list[bytes]:
        asked = re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command)
        if asked is None:
            return [b"BAD syntax\r\n"]
        raw = self.mails[int(asked[1]) - 1].raw[: int(asked[2])]
        head = f"* {asked[1]} FETCH (UID {asked[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode()
        return [head + raw + b")\r\n", b"OK done\r\n"]

    def _store(self, command: str) -> list[bytes]:
        asked = re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \((.+)\)", command)
        if asked is None:
            return [b"BAD syntax\r\n"]
        self.mails[int(asked[1]) - 1].flags |= set(asked[2].split())
        return [b"OK done\r\n"]
