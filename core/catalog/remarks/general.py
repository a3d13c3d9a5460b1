"""Remarks of every table: what is assumed, derived or not verified."""

from __future__ import annotations

from core.words import N_

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
        "times the German figure (SalaryExpert, about {date}; assumption: engineers' pay in "
        "proportion)"
    ),
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
