"""`manage.py check_sending`: what mailbox providers see of this sender, what is wrong with it, and what to do."""

import sys
from argparse import ArgumentTypeError
from ipaddress import ip_address
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.mail.checks import Finding, Level, Names, check_sender, sender_from_settings
from digest.mail.checks.names import TIMEOUT_S, NoNetwork

WEB_TIMEOUT_S = 15
LONGEST_S = 600


class Command(BaseCommand):
    """Look up SPF, DKIM, DMARC, host names, MX, the SMTP server's TLS and the one-click link."""

    help = "Say what is wrong with the sending domain, and what to do; exit 1 when something is. Nothing is sent."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the settings may not say, and who to ask."""
        parser.add_argument(
            "--selector", action="append", default=[], help="DKIM selector; DKIM_SELECTORS unless given"
        )
        parser.add_argument("--ip", action="append", type=address, default=[], help="a sending address; SENDING_IPS")
        parser.add_argument("--return-path", default="", help="the domain that bounces go to; that of BOUNCE_ADDRESS")
        parser.add_argument("--nameserver", type=server, default=("", 53), help="whom to ask, as 9.9.9.9 or 9.9.9.9:53")
        parser.add_argument("--timeout", type=seconds, default=TIMEOUT_S, help="for one question, in seconds")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, and say it."""
        sender = sender_from_settings(
            selectors=tuple(options["selector"]), ips=tuple(options["ip"]), return_path=options["return_path"]
        )
        nameserver, port = options["nameserver"]
        levels = []
        try:
            names = Names(nameserver=nameserver, port=port, timeout_s=options["timeout"])
            with httpx.Client(timeout=WEB_TIMEOUT_S, follow_redirects=False, trust_env=False) as web:
                for finding in check_sender(sender=sender, names=names, web=web):
                    levels.append(finding.level)
                    self._say(finding)
        except NoNetwork as error:
            raise CommandError(str(error)) from error
        n_wrong = levels.count(Level.WRONG)
        if n_wrong:
            self.stderr.write(f"{n_wrong} of {len(levels)} things are wrong.")
            sys.exit(1)
        self.stdout.write("Nothing is wrong.")

    def _say(self, finding: Finding) -> None:
        self.stdout.write(f"{finding.level.value:<6}{finding.about}: {finding.words}")
        if finding.remedy:
            self.stdout.write(f"      To do: {finding.remedy}")


def address(text: str) -> str:
    """Read an IP address. Raises: ArgumentTypeError when it is none."""
    try:
        return str(ip_address(text))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not an IP address") from None


def server(text: str) -> tuple[str, int]:
    """Read a name server's address and port. Raises: ArgumentTypeError with what was expected."""
    host, _, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "53")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ArgumentTypeError(f"{text!r} is not an IP address, or one with a port as in 127.0.0.1:53")
    return address(host), int(port)


def seconds(text: str) -> float:
    """Read a number of seconds. Raises: ArgumentTypeError when it is none, or not above 0."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < LONGEST_S:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds")
    return found
