"""An async client of Talon.One's Integration API: sessions, coupons, referrals, loyalty points, audiences.

All public names can be imported from here. Their modules are loaded on first use.
"""

from typing import TYPE_CHECKING

from talon_async import models
from talon_async._lazy import lazy_getattr
from talon_async._version import __version__ as __version__

if TYPE_CHECKING:
    from talon_async.client import RawResponse as RawResponse
    from talon_async.client import TalonClient as TalonClient
    from talon_async.config import Attempt as Attempt
    from talon_async.config import CallOptions as CallOptions
    from talon_async.config import CallSummary as CallSummary
    from talon_async.config import CircuitBreaker as CircuitBreaker
    from talon_async.config import RetryPolicy as RetryPolicy
    from talon_async.config import Timeout as Timeout
    from talon_async.conversion import from_dict as from_dict
    from talon_async.conversion import to_dict as to_dict
    from talon_async.conversion import to_json as to_json
    from talon_async.effects import accepted_codes as accepted_codes
    from talon_async.effects import effects_of as effects_of
    from talon_async.effects import rejected_codes as rejected_codes
    from talon_async.effects import total_discount as total_discount
    from talon_async.errors import AuthenticationError as AuthenticationError
    from talon_async.errors import BadRequestError as BadRequestError
    from talon_async.errors import CallError as CallError
    from talon_async.errors import CallTimeoutError as CallTimeoutError
    from talon_async.errors import CertificateError as CertificateError
    from talon_async.errors import CircuitOpenError as CircuitOpenError
    from talon_async.errors import ClientClosedError as ClientClosedError
    from talon_async.errors import ClientStateError as ClientStateError
    from talon_async.errors import ConfigurationError as ConfigurationError
    from talon_async.errors import ConflictError as ConflictError
    from talon_async.errors import DeadlineExceededError as DeadlineExceededError
    from talon_async.errors import Drift as Drift
    from talon_async.errors import ErrorDetail as ErrorDetail
    from talon_async.errors import InvalidRequestError as InvalidRequestError
    from talon_async.errors import JournalError as JournalError
    from talon_async.errors import MissingPackagesError as MissingPackagesError
    from talon_async.errors import NotFoundError as NotFoundError
    from talon_async.errors import PermissionDeniedError as PermissionDeniedError
    from talon_async.errors import RateLimitError as RateLimitError
    from talon_async.errors import ResponseDecodeError as ResponseDecodeError
    from talon_async.errors import ResponseTooLargeError as ResponseTooLargeError
    from talon_async.errors import ServerError as ServerError
    from talon_async.errors import ServiceConnectionError as ServiceConnectionError
    from talon_async.errors import ServiceUnavailableError as ServiceUnavailableError
    from talon_async.errors import StatusError as StatusError
    from talon_async.errors import TalonError as TalonError
    from talon_async.models import *
    from talon_async.pagination import CountedListing as CountedListing
    from talon_async.pagination import Listing as Listing
    from talon_async.pagination import MoreListing as MoreListing

_NAMES_BY_MODULE = {
    "client": "RawResponse TalonClient",
    "config": "Attempt CallOptions CallSummary CircuitBreaker RetryPolicy Timeout",
    "conversion": "from_dict to_dict to_json",
    "effects": "accepted_codes effects_of rejected_codes total_discount",
    "errors": """
        AuthenticationError BadRequestError CallError CallTimeoutError CertificateError CircuitOpenError
        ClientClosedError ClientStateError ConfigurationError ConflictError DeadlineExceededError Drift
        ErrorDetail InvalidRequestError JournalError MissingPackagesError NotFoundError PermissionDeniedError
        RateLimitError ResponseDecodeError ResponseTooLargeError ServerError ServiceConnectionError
        ServiceUnavailableError StatusError TalonError
    """,
    "pagination": "CountedListing Listing MoreListing",
}
_MODULES = dict.fromkeys(models.__dir__(), f"{__name__}.models") | {
    name: f"{__name__}.{module}" for module, names in _NAMES_BY_MODULE.items() for name in names.split()
}

if not TYPE_CHECKING:  # to which any name would look valid
    __all__ = sorted(_MODULES)
    __getattr__ = lazy_getattr(__name__, _MODULES)


def __dir__() -> list[str]:
    return [*sorted(_MODULES), "__version__"]
