"""The retry budget, which keeps retries from multiplying the load on a service that is down."""

from typing import Final

import attrs

_PER_CALL: Final = 0.1
_BURST: Final = 10.0


@attrs.define
class RetryBudget:
    """A token bucket that all calls of a client share: a retry costs one token, a call adds a tenth.

    While everything fails, attempts stay within 1.1 times the calls, after the 10 retries that a full
    bucket allows.
    """

    _tokens: float = _BURST

    def deposit(self) -> None:
        """Add what a call is worth."""
        self._tokens = min(_BURST, self._tokens + _PER_CALL)

    def try_withdraw(self) -> bool:
        """Take what a retry costs, if there is enough."""
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
