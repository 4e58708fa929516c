"""Where a request comes from, told by nobody but the proxies that the settings name."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address of the desk; empty if there is none (a unix socket) or it cannot be read.

    X-Forwarded-For is read from the right, and only while each hop is a proxy of ours: all that
    stands to the left of the first stranger is that stranger's own invention.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops.append(request.META.get("REMOTE_ADDR", ""))
    address = ""
    for hop in reversed(hops):
        if not (read := _read(hop)):
            break
        address = read
        if not _is_proxy(read):
            break
    return address


def _read(hop: str) -> str:
    try:
        return str(ip_address(hop))
    except ValueError:
        return ""


def _is_proxy(address: str) -> bool:
    return any(
        ip_address(address) in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES
    )
