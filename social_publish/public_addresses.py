"""Which addresses lead to the internet: no channel is called at any other."""

import ipaddress

# Python takes these for public: IPv4-compatible and site-local addresses, a gateway's local ones.
_NOT_PUBLIC = [ipaddress.IPv6Network(words) for words in ("::/96", "fec0::/10", "64:ff9b:1::/48")]
_GATEWAY = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Does a numeric address lead to the internet? Raises ValueError where it is none."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _NOT_PUBLIC):
            return False
        ip = _inner(ip) or ip
    return ip.is_global and not ip.is_multicast


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address to which an IPv6 address leads, through this machine or a gateway."""
    through_gateway = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _GATEWAY else None
    return ip.ipv4_mapped or ip.sixtofour or through_gateway
