"""Money: horizon, rates, prices and limits."""

from __future__ import annotations

from dataclasses import dataclass

from core.assessment.fields import entry

CURRENCIES = tuple((c, c) for c in ("USD", "EUR", "GBP", "CHF", "CAD", "JPY", "SGD", "AUD"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """How money is counted. ``None`` means the catalog's value, or no limit."""

    currency: str = entry(
        "USD",
        label="Currency",
        kind="choice",
        choices=CURRENCIES,
        group="Money",
        help="Results are shown in it; the rate and its date are "
        "printed. Limits on this page are in this currency.",
    )
    horizon_years: int = entry(
        4,
        label="Horizon",
        kind="int",
        unit="years",
        minimum=1,
        maximum=10,
        decimals=0,
        group="Money",
        default_source="Planning value within the 3 to 6 years of disclosures",
        help="Years over which everything is compared.",
    )
    fiscal_year_start_month: int = entry(
        1,
        label="First month of the fiscal year",
        kind="int",
        minimum=1,
        maximum=12,
        decimals=0,
        more=True,
        group="Money",
        default_source="The calendar year",
        help="1 is January. Depreciation is told by fiscal year, named after the calendar year in "
        "which it ends.",
    )
    discount_rate: float = entry(
        0.08,
        label="Discount rate",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=1.0,
        decimals=1,
        group="Money",
        default_source="Assumption: typical corporate cost of capital",
        help="Yearly rate that turns later money into today's, inflation included; applied month "
        "by month.",
    )
    finance: str = entry(
        "buy",
        label="Own hardware is",
        kind="choice",
        group="Money",
        choices=(("buy", "Bought"), ("lease", "Leased")),
        help="Leasing spreads the price over the horizon with interest.",
    )
    lease_rate: float = entry(
        0.09,
        label="Interest of a lease",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=1.0,
        decimals=1,
        more=True,
        group="Money",
        default_source="Assumption between published offers: 6 to 13 % "
        "(Noreast Capital, Summit Private Credit; undated, read 2026-11)",
        help="Nominal yearly interest; a twelfth of it each month, paid at the end of the month. "
        "Own servers are leased for as long as they serve and are yours in the end. Where they "
        "are bought, it is what leasing is compared at.",
    )
    capex_limit: float | None = entry(
        None,
        label="Limit on up-front spending",
        kind="number",
        money="user",
        minimum=0.0,
        maximum=1e16,
        optional=True,
        none_text="no limit",
        decimals=0,
        step=100_000,
        group="Limits",
        help="Largest sum that can be spent at the start.",
    )
    opex_limit_per_year: float | None = entry(
        None,
        label="Limit on yearly running costs",
        kind="number",
        money="user",
        minimum=0.0,
        maximum=1e16,
        optional=True,
        none_text="no limit",
        decimals=0,
        step=100_000,
        group="Limits",
        help="Largest running cost in any year.",
    )
    electricity_price_kwh: float | None = entry(
        None,
        label="Electricity price",
        kind="number",
        money="user",
        unit="per kWh",
        minimum=0.0,
        maximum=1e5,
        optional=True,
        none_text="regional price",
        decimals=4,
        step=0.01,
        group="Energy",
        help="All-in price that the site pays, without recoverable taxes.",
    )
    electricity_growth: float = entry(
        0.02,
        label="Electricity price trend per year",
        kind="share",
        unit="%",
        minimum=-0.5,
        maximum=1.0,
        decimals=1,
        more=True,
        group="Price trends",
        default_source="Assumption",
        help="How fast the price changes, inflation included; below 0 it falls.",
    )
    token_price_trend: float = entry(
        -0.2,
        label="Token API price trend per year",
        kind="share",
        unit="%",
        minimum=-0.9,
        maximum=1.0,
        decimals=0,
        more=True,
        group="Price trends",
        default_source="Assumption",
        help="How fast the price changes, inflation included. Prices of a given model quality have"
        " fallen for years; flat prices would favour owning.",
    )
    gpu_hour_trend: float = entry(
        -0.1,
        label="Cloud GPU price trend per year",
        kind="share",
        unit="%",
        minimum=-0.9,
        maximum=1.0,
        decimals=0,
        more=True,
        group="Price trends",
        default_source="Assumption; "
        "one-year H100 contracts rose 38 % in the six months to March 2026",
        help="How fast the price changes, inflation included; below 0 it falls.",
    )
    hardware_trend: float = entry(
        -0.05,
        label="Server price trend per year",
        kind="share",
        unit="%",
        minimum=-0.9,
        maximum=1.0,
        decimals=0,
        more=True,
        group="Price trends",
        default_source="Assumption",
        help="How fast the price changes, inflation included; for servers added or replaced later.",
    )
    labour_trend: float = entry(
        0.03,
        label="Labour cost trend per year",
        kind="share",
        unit="%",
        minimum=-0.5,
        maximum=1.0,
        decimals=1,
        more=True,
        group="Price trends",
        default_source="Assumption",
        help="How fast the price changes, inflation included; below 0 it falls.",
    )
    hardware_life_years: int = entry(
        5,
        label="Useful life of servers",
        kind="int",
        unit="years",
        minimum=1,
        maximum=10,
        decimals=0,
        more=True,
        group="Own hardware",
        default_source="SEC filings of large operators: 5 to 6 years",
        help="After this the server is replaced at its price of that year.",
    )
    residual_share_36m: float = entry(
        0.30,
        label="Resale value after 36 months",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=1.0,
        decimals=0,
        more=True,
        group="Own hardware",
        default_source="Secondary sources 2026: 25 to 35 %",
        help="Share of the purchase price that a server still sells for after three years. Before "
        "and after, the value falls by the same share each year.",
    )
    support_share: float = entry(
        0.08,
        label="Hardware support per year",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=0.5,
        decimals=1,
        more=True,
        group="Own hardware",
        default_source="Assumption: 5 to 15 %",
        help="Yearly fee for the maker's support, as a share of the hardware price.",
    )
    software_licence_usd_gpu_year: float = entry(
        0.0,
        label="Software licence per accelerator and year",
        kind="number",
        money="USD",
        unit="USD",
        minimum=0.0,
        maximum=100_000,
        decimals=0,
        step=500,
        more=True,
        group="Own hardware",
        default_source="Open-source serving engines cost nothing; NVIDIA AI Enterprise lists 4,500",
        help="Paid for every owned or rented accelerator.",
    )
    staff_cost_usd_year: float | None = entry(
        None,
        label="Loaded cost of one engineer",
        kind="number",
        money="USD",
        unit="USD/year",
        minimum=0.0,
        maximum=2_000_000,
        optional=True,
        none_text="regional estimate",
        decimals=0,
        step=5000,
        more=True,
        group="People",
        help="Yearly salary with what the employer pays on top.",
    )
    servers_per_engineer: float = entry(
        60.0,
        label="Servers per engineer",
        kind="number",
        minimum=1,
        maximum=10_000,
        decimals=0,
        more=True,
        group="People",
        default_source="Assumption: 30 to 100",
        help="GPU servers one engineer operates.",
    )
    edge_servers_per_engineer: float | None = entry(
        None,
        label="Edge servers per engineer",
        kind="number",
        minimum=1,
        maximum=100_000,
        optional=True,
        none_text="300 assumed",
        decimals=0,
        more=True,
        group="People",
        help="Small servers at edge sites that one engineer operates from afar; visits to the "
        "sites are counted apart.",
    )
    rented_instances_per_engineer: float | None = entry(
        None,
        label="Rented instances per engineer",
        kind="number",
        minimum=1,
        maximum=100_000,
        optional=True,
        none_text="360 assumed",
        decimals=0,
        more=True,
        group="People",
        help="Instances that one engineer operates, whose hardware the provider looks after. "
        "Counts where that takes more people than each workload needs at least.",
    )
    minimum_staff_fte: float = entry(
        0.5,
        label="Minimum staff for own servers",
        kind="number",
        unit="FTE",
        minimum=0.0,
        maximum=100,
        decimals=1,
        step=0.1,
        more=True,
        group="People",
        default_source="Assumption; "
        "a single self-hosted service takes 0.1 to 0.2, round-the-clock cover 2 to 5",
        help="Staff that own servers take at least, however few they are: 0.5 is half a post.",
    )
    commitment: str = entry(
        "optimise",
        label="Cloud commitment",
        kind="choice",
        group="Cloud",
        more=True,
        choices=(
            ("optimise", "Best mix"),
            ("on_demand", "On-demand only"),
            ("1y", "One year"),
            ("3y", "Three years"),
        ),
        help="How cloud instances are contracted; the best mix covers the constant load with the "
        "cheapest commitment and the rest on demand.",
    )
    current_cost_per_year: float | None = entry(
        None,
        label="Paid today for this work",
        kind="number",
        unit="per year",
        money="user",
        minimum=0.0,
        maximum=1e16,
        optional=True,
        none_text="not known",
        decimals=0,
        step=10_000,
        group="Money",
        help="What this work costs in a year today. Savings and payback are counted against it; it"
        " is taken for the first year's demand and grows with its tokens. Without it they are"
        " counted against a hosted API.",
    )
