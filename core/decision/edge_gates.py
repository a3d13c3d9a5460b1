"""Hard limits of an edge site, and of hardware that is no product."""

from __future__ import annotations

from collections.abc import Iterator

from core.assessment import Assessment
from core.catalog.types import Platform
from core.decision.anchors import DEVELOPER_KIT
from core.decision.facts import DecisionCatalog, platform_of
from core.decision.limits import ASK_VENDOR, compare
from core.decision.verdicts import gate
from core.decision.wording import number
from core.recommendation import Gate, Option
from core.words import _


def grade(platform: Platform | None) -> Iterator[Gate]:
    """Developer kits are for prototypes, not for a service that people rely on."""
    if platform is None or DEVELOPER_KIT not in platform.name.lower():
        return
    yield gate(
        "hardware_grade",
        _("Hardware made for production"),
        "fail",
        _(
            "{name}: developer kits are sold for building prototypes, without the "
            "warranty and supply of a product."
        ).format(name=platform.title),
        _("An industrial computer with the same module."),
    )


def edge_checks(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    """The gates of an edge site: the hardware's grade, power, and cooling by air."""
    platform, fleet = platform_of(option, catalog), option.fleet
    yield from grade(platform)
    sites = max(fleet.sites, 1)
    needed = None if fleet.nameplate_kw is None else fleet.nameplate_kw / sites
    limit = assessment.site.edge_site_power_kw
    more = (needed or 0.0) - (limit or 0.0)
    yield compare(
        "edge_power",
        _("Power per edge site"),
        needed,
        limit,
        "kW",
        told=_("Needs {needed} per site; each site offers {limit}."),
        change=lambda: _("{more} kW more at each site.").format(more=number(more)),
        ask=lambda: (
            _("Confirm {needed} kW at each site.").format(needed=number(needed))
            if needed is not None
            else _(ASK_VENDOR)
        ),
    )
    if platform is not None and platform.cooling == "liquid":
        yield gate(
            "cooling",
            _("Cooling class"),
            "fail",
            _("{name} needs liquid cooling, which edge sites do not have.").format(
                name=platform.title
            ),
            _("An air-cooled server."),
        )
