"""What a provider tells us of our mails."""


def connect() -> None:
    """Listen to anymail's tracking signal."""
