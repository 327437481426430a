"""How often somebody may do something: a token bucket per key, in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_MAX_KEYS = 20_000
_IPV6_HOST_BITS = 64


class RateLimit:
    """So many per minute and key, with bursts up to the same number."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        """Starts with every bucket full.

        Args:
            per_minute: how many are allowed per minute.
            now: seconds that only grow.
        """
        self._per_minute = per_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Counts one event.

        Args:
            key: whose bucket it is.

        Returns:
            0 when it is allowed; else the seconds until the next one will be.
        """
        now = self._now()
        left, since = self._buckets.pop(key, (float(self._per_minute), now))
        left = min(float(self._per_minute), left + (now - since) * self._per_minute / 60)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        # The one least recently seen has had the longest time to fill up again.
        if len(self._buckets) > _MAX_KEYS:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self._per_minute


def network_of(address: str) -> str:
    """The key of a network address: IPv6 by its /64 network, as one home owns all of that."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(int(parsed) >> _IPV6_HOST_BITS)
    return str(parsed)
