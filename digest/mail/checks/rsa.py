"""How long an RSA key is, read from its DER bytes. Pure. Source: RFC 8017, appendix A.1.1; RFC 5280, section 4.1."""

SEQUENCE, INTEGER, BIT_STRING = 0x30, 0x02, 0x03


def modulus_bits(*, der: bytes) -> int:
    """Count the bits of a public key's modulus, in either of the two forms in which keys are published.

    Raises: ValueError when the bytes are no RSA key.
    """
    inside, _ = _element(der, SEQUENCE)
    if inside[:1] == bytes([SEQUENCE]):  # with the algorithm before it, the key itself in a bit string
        _, rest = _element(inside, SEQUENCE)
        bits, _ = _element(rest, BIT_STRING)
        inside, _ = _element(bits[1:], SEQUENCE)
    modulus, _ = _element(inside, INTEGER)
    return int.from_bytes(modulus, "big").bit_length()


def _element(data: bytes, kind: int) -> tuple[bytes, bytes]:
    """Split off the first element, which must be of this kind. Returns: its content, and what follows it."""
    if len(data) < 2 or data[0] != kind:
        raise ValueError("no RSA key")
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if len(data) < start + length:
        raise ValueError("an RSA key that is cut off")
    return data[start : start + length], data[start + length :]
