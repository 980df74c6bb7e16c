"""The reader's side of the `file` provider: the mails in its folder, parsed."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any


class Mailbox:
    """A folder of .eml files, the oldest first."""

    def __init__(self, folder: Path) -> None:
        """Look into `folder`, which need not exist yet."""
        self.folder = folder

    def messages(self, *, to: str = "") -> list[EmailMessage]:
        """Parse every mail, or those to one address."""
        files = sorted(self.folder.glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name))
        parsed = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [message for message in parsed if to in str(message["To"])]

    def only(self, *, to: str = "") -> EmailMessage:
        """Answer the one mail there is; the test fails when there is none or more than one."""
        found = self.messages(to=to)
        subjects = [str(message["Subject"]) for message in found]
        assert len(found) == 1, f"expected one mail to {to or 'anybody'}, found {subjects}"
        return found[0]


def wire_bytes(message: Any) -> bytes:
    """Write one of Django's messages as it travels, with CRLF at the end of lines."""
    return bytes(message.message().as_bytes(linesep="\r\n"))


def body(message: EmailMessage, *, subtype: str = "plain") -> str:
    """Read the text part of a mail, or with subtype "html" the other one."""
    part = message.get_body(preferencelist=(subtype,))
    assert part is not None, f"the mail has no {subtype} part"
    return str(part.get_content())


def links(message: EmailMessage) -> list[str]:
    """List the addresses in a mail's text part, in order."""
    return re.findall(r"https?://[^\s<>\"]+", body(message))
