"""Records of the form `a=b; c=d`, as DKIM and DMARC write them. Pure. Source: RFC 6376, section 3.2."""

from collections.abc import Mapping


def read_tags(*, text: str) -> Mapping[str, str]:
    """Read the tags of a record, names in small letters; what is no tag is passed over."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, is_tag, value in pairs if is_tag and name.strip()}
