"""Public holidays as plain dates. The only place that knows the holidays library."""

from __future__ import annotations

import warnings
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from mailflow.core.policy.calendars import no_holidays
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

# Names of holidays are not used; a fixed language keeps the library from asking the locale.
_LANGUAGE = "en_US"


def holiday_source(country: str | None, region: str | None) -> Callable[[int], frozenset[date]]:
    """The closed dates of a year; asked late, since the library loads countries one by one."""
    return no_holidays if country is None else partial(_holidays_in, country, region)


def find_country_problem(country: str) -> str | None:
    """What is wrong with a country's code, in a sentence, or None."""
    known = _regions_by_country()
    if country in known:
        return None
    if country.upper() in known:
        return f'unknown country "{country}", did you mean "{country.upper()}"?'
    return f'unknown country "{country}": write its code of ISO 3166, for example DE or US'


def find_region_problem(country: str, region: str) -> str | None:
    """What is wrong with a region of a known country, in a sentence, or None."""
    regions = _regions_by_country()[country]
    if region in regions:
        return None
    if not regions:
        return f'{country} has no regions with holidays of their own: leave out "{region}"'
    if region.upper() in regions:
        return f'unknown region "{region}", did you mean "{region.upper()}"?'
    return unknown_name(region, regions, what=f"region of {country}")


def holidays_version() -> str:
    return version("holidays")


@cache
def _regions_by_country() -> dict[str, list[str]]:
    from holidays.utils import list_supported_countries  # noqa: PLC0415 - 0.2 s to import.

    return list_supported_countries(include_aliases=True)


@cache
def _holidays_in(country: str, region: str | None, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - as above.

    with warnings.catch_warnings():
        # Some countries warn that moon-sighted holidays are estimates; check_sla speaks of gaps.
        warnings.simplefilter("ignore")
        # New Year's Day on a Saturday is observed on 31 December, the year before.
        found = country_holidays(
            country, subdiv=region, years=(year - 1, year, year + 1), language=_LANGUAGE
        )
    return frozenset(day for day in found if day.year == year)
