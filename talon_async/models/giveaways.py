"""Giveaways: codes from a pool that rules award to customers."""

from datetime import datetime
from typing import Any

import attrs

from talon_async.models.base import Model

__all__ = ["Giveaway"]


@attrs.define(kw_only=True, eq=False, repr=False)
class Giveaway(Model):
    """One code of a giveaway pool.

    Listed by `getCustomerInventory`. Rule Engine responses include it if ``responseContent`` contains
    ``awardedGiveaways``.

    Attributes:
        id: Talon.One's ID of the giveaway.
        created: When the giveaway was created.
        code: The code.
        pool_id: The giveaway pool of the code.
        start_date: When the code becomes valid.
        end_date: When the code stops being valid.
        attributes: Custom attributes of the code.
        used: Whether the code was already awarded.
        import_id: The import that created the code.
        profile_integration_id: The integration ID of the profile that was awarded the code; `None` before
            that.
        profile_id: Talon.One's ID of that profile, if it has one.
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
