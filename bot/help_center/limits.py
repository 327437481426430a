"""How often somebody may do something, and how often be wrong; counted in memory."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_MAX_KEYS = 20_000
_IPV6_HOST_BITS = 64
_HOUR = 3600.0
FREE_GUESSES = 3
"""Wrong guesses that cost no time, where few are taken at all; anybody mistypes."""
_FIRST_WAIT = 0.25
SLOWEST_SECONDS = 2.0


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


class Misses:
    """Wrong guesses per key: answers get slower, then no more are taken until the hour is over."""

    def __init__(self, per_hour: int, now: Callable[[], float] = time.monotonic) -> None:
        """Starts without any.

        Args:
            per_hour: how many are taken from a key's first one on, for an hour.
            now: seconds that only grow.
        """
        self._per_hour = per_hour
        self._free = max(FREE_GUESSES, per_hour // 7)
        self._now = now
        self._counted: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def refused(self, key: str) -> float:
        """Seconds until guesses are taken again; 0 when they are."""
        misses, since = self._of(key)
        return 0.0 if misses < self._per_hour else since + _HOUR - self._now()

    def count(self, key: str) -> float:
        """Counts a guess before it is looked at, so that many at once can't outrun the count.

        Returns:
            Seconds to wait before looking at it.
        """
        misses, since = self._of(key)
        self._counted.pop(key, None)
        self._counted[key] = (misses + 1, since)
        if len(self._counted) > _MAX_KEYS:
            self._counted.popitem(last=False)
        if misses < self._free:
            return 0.0
        return min(SLOWEST_SECONDS, _FIRST_WAIT * 2.0 ** min(misses - self._free, 9))

    def take_back(self, key: str) -> None:
        """The last guess was right: it counts no more, those before it do."""
        misses, since = self._of(key)
        if misses:
            self._counted[key] = (misses - 1, since)

    def _of(self, key: str) -> tuple[int, float]:
        misses, since = self._counted.get(key, (0, self._now()))
        return (0, self._now()) if self._now() - since >= _HOUR else (misses, since)


class Networks:
    """Names for network addresses that can be kept: nobody without the key learns one from them."""

    def __init__(self, key: str) -> None:
        """Keeps the signing key."""
        self._key = key.encode()

    def name(self, network: str) -> str:
        """The name of a key that `network_of` gave, always the same."""
        said = f"help_center.network.{network}".encode()
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """The key of a network address: IPv6 by its /64 network, as one home owns all of that."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(int(parsed) >> _IPV6_HOST_BITS)
    return str(parsed)
