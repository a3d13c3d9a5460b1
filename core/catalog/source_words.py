"""Sources in the language in use: generic words are translated, names of works stay.

A source is a row of remarks between semicolons. Those that the catalog has in many places are
translated by their pattern; the others stay as they stand there, in English.
"""

from __future__ import annotations

import re
from functools import cache

from core.language import ENGLISH, in_use
from core.notation import day, local, semicolons
from core.words import N_, _

PATTERNS = (
    N_("Assumption"),
    N_("Assumption: no quote found"),
    N_("Assumption: planning practice, no citable source"),
    N_("Definition"),
    N_("Published runs that the engine is calibrated on"),
    N_("Model configuration: not verified"),
    N_("Shape of {what}: not verified"),
    N_("{what} (web page)"),
    N_("{what} (web pages)"),
    N_("secondary pages of {year}"),
    N_("secondary pages of {year} and {other}"),
    N_("the catalog's weekly loads"),
    N_("typical: assumption"),
    N_("burstiness: Assumption"),
    N_("lowered, assumption"),
    N_("date not known"),
    N_("shape not verified"),
    N_("links not verified"),
    N_("high not verified"),
    N_("vocabulary not verified"),
    N_("low-rank sizes not verified"),
    N_("context length and precision not verified"),
    N_("Launch price {money} not verified"),
    N_("hourly means read from the published plot, sum within {share} %"),
    N_("read from the published plot, sum within {share} %"),
    N_("the parameter count they give matches the published one"),
    N_("tensor peaks as of the row of the same chip"),
    N_("Hugging Face hardware list: list price with most memory fitted"),
    N_("power and list price: Hugging Face hardware list"),
    N_("Derived: card retail {money} ({what}) + {host} for the edge host"),
    N_("Derived: card retail {money} ({what}) × {count} + {host} for the edge host"),
    N_("LMCache: {low} to {high} times"),
    N_("No citable price found"),
    N_("no published rate found"),
    N_("no public trace found"),
    N_("no term price found"),
    N_("low assumed"),
    N_("high assumed"),
    N_("host assumed"),
    N_("weight assumed"),
    N_("the band is assumed"),
    N_("low and high are assumptions"),
    N_("the base is an assumption"),
    N_("base is an assumption"),
    N_("high is an assumption"),
    N_("base the midpoint"),
    N_("spread as in the USA"),
    N_("wholesale, without energy"),
    N_("not verified"),
    N_("street price"),
    N_("from general knowledge of the field"),
    N_("from general knowledge of the field, low confidence"),
    N_("Published configuration of {what}"),
    N_("Default configuration of {what}"),
    N_("the parameter count it gives, {one}, matches the published {other}"),
    N_("Shape not verified"),
    N_("bandwidth not verified"),
    N_("context length not verified"),
    N_("height and weight not verified"),
    N_("power and weight not verified"),
    N_("tensor peaks not verified"),
    N_("others not verified"),
    N_("rest not verified"),
    N_("Licence: not verified"),
    N_("List price: not verified"),
    N_("Vendor's data sheet: not verified"),
    N_("Vendor's specification: not verified"),
    N_("Licence of the model family: not verified"),
    N_("{money} per kWh at the ECB rate of {date}"),
    N_("Business price of {money} (GlobalPetrolPrices, {date})"),
    N_("high is a business price (GlobalPetrolPrices, {date})"),
    N_("low is the band of {low} to {high} GWh without taxes, second half of {year}"),
    N_(
        "Eurostat nrg_pc_205: base is band IC (customers of 500 to 1,999 MWh a year in all, "
        "servers and everything else) without VAT, second half of {year}"
    ),
    N_("base and high are assumptions: {one} and {other} % more, as in neighbouring countries"),
    N_(
        "SalaryExpert, about {year}: average base pay of a machine-learning engineer, {money}, "
        "× {factor} for the employer's costs (assumption: {low} to {high})"
    ),
    N_(
        "Eurostat lc_lci_lev, {year}: hourly labour costs of {one} against {other} in Germany, "
        "times the German figure (SalaryExpert, about {date}"
    ),
    N_("assumption: engineers' pay in proportion)"),
    N_("Hugging Face hardware list: list price"),
    N_("Hugging Face hardware list: list price of {what}"),
    N_("Google Cloud price list: commitment of one year, {share} % below on-demand"),
    N_("Google Cloud price list: commitment of three years, {share} % below on-demand"),
    N_("Derived: {watts} W per card"),
    N_("Derived: {watts} W per card + {kw} kW host of the {server} server"),
    N_("Derived: {watts} W card + {kw} kW host of the {server} server"),
    N_("Derived: card {money} × {count} + {host} for the host"),
    N_("Derived: PCIe card {money} × {count} + {host} for the host"),
    N_("Derived: modules {money} × {count} + {host} for the host"),
    N_("Derived: card {money} + {host} for the edge host"),
    N_(
        "{city}: derived, rate of primary markets (CBRE, {year}) times the city's relative build "
        "cost (DCCI {date})"
    ),
)
"""Remarks with places for what differs, which is no word or a name."""
NAMES = frozenset(("what", "server", "city"))
"""Places of names, which stay as they are."""
AMOUNTS = frozenset(("money", "host"))
_PLACE = re.compile(r"\\\{(\w+)\\\}")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_RANGE = re.compile(r"(?<=\d) to (?=(?:[A-Z]{3} )?\d)")


def source_words(source: str) -> str:
    """A source with its generic words in the language in use."""
    return semicolons(text for text, _is_english in source_parts(source))


def source_parts(source: str) -> tuple[tuple[str, bool], ...]:
    """The remarks of a source, each with whether it stays English."""
    if in_use.get() == ENGLISH or not source:
        return ((source, False),)
    whole = _(source)
    if whole != source:
        return ((whole, False),)
    return tuple(_part(part) for part in source.split("; "))


def _part(part: str) -> tuple[str, bool]:
    for template, pattern in _compiled():
        match = pattern.fullmatch(part)
        if match is not None:
            told = _(template)
            places = match.groupdict()
            return told.format(**{k: _shown(k, v) for k, v in places.items()}), False
    return part, True


def _shown(place: str, text: str) -> str:
    """What stands in a place: days, numbers and ranges as the language writes them."""
    if place in NAMES:
        return text
    if day(text) != text:
        return day(text)
    to = _("{low} to {high}").format(low="", high="")
    ranged = _RANGE.sub(to, text).replace("street price", _("street price"))
    return _NUMBER.sub(lambda found: local(found[0]), ranged)


def _group(place: re.Match[str]) -> str:
    """What may stand in a place: amounts begin with their currency."""
    return rf"(?P<{place[1]}>{'[A-Z]{3} ' if place[1] in AMOUNTS else ''}.+?)"


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Templates with their patterns, those without places first."""
    ordered = sorted(PATTERNS, key=lambda text: ("{" in text, -len(text)))
    return tuple((text, re.compile(_PLACE.sub(_group, re.escape(text)))) for text in ordered)
