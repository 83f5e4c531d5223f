"""Giveaways: codes from a pool that rules award to customers."""

from datetime import datetime
from typing import Any

import attrs

from talon_async.models.base import Model

__all__ = ["Giveaway"]


@attrs.define(kw_only=True, eq=False, repr=False)
class Giveaway(Model):
    """One code of a giveaway pool.

    Listed by `getCustomerInventory`; also sent along with effects where ``awardedGiveaways`` is among the
    response content asked for.

    Attributes:
        pool_id: The pool that holds the code.
        start_date: When the code becomes valid.
        end_date: When it stops being valid.
        attributes: Custom attributes of the code.
        used: Whether the code was given out before.
        import_id: The import that brought the code in.
        profile_integration_id: Your ID of the profile that was awarded the code; `None` while none was.
        profile_id: The service's ID of that profile, if it has one.
    """

    id: int
    created: datetime
    code: str
    pool_id: int
    start_date: datetime | None = None
    end_date: datetime | None = None
    attributes: dict[str, Any] | None = None
    used: bool | None = None
    import_id: int | None = None
    profile_integration_id: str | None = None
    profile_id: int | None = None
