"""Which domain is the organisation's: the one below a public suffix (RFC 7489, section 3.2), by an installed list.

The list is as old as the installed tldextract; nothing is fetched or kept on disk.
"""

from functools import cache

from tldextract import TLDExtract


def organisation(*, domain: str) -> str:
    """Find the organisation's domain: of mail.example.co.uk, example.co.uk. A public suffix itself is its own.

    Below an ending that the list does not know, the last two labels have to do, as its rule for them says.
    """
    found = _suffixes()(domain).top_domain_under_public_suffix
    if found:
        return found
    return domain if _suffixes()(f"x.{domain}").suffix == domain else ".".join(domain.split(".")[-2:])


@cache
def _suffixes() -> TLDExtract:
    """Read the list once; with the private part: two customers of one hoster are two organisations."""
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
