"""Where it may run: venues, data rules, power, cooling, space, people and dates."""

from __future__ import annotations

from dataclasses import dataclass

from core.assessment.fields import entry

VENUES = (
    ("token_api", "Hosted token API"),
    ("public_cloud", "Public cloud"),
    ("gpu_cloud", "GPU cloud"),
    ("colocation", "Colocation"),
    ("on_premises", "On-premises"),
    ("edge", "Edge sites"),
    ("hybrid", "Hybrid"),
)
ALL_VENUES = tuple(key for key, _ in VENUES)
COOLING = (
    ("air", "Room air"),
    ("in_row", "In-row or contained air"),
    ("rear_door", "Rear-door heat exchanger"),
    ("liquid", "Direct-to-chip liquid"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The limits of the place and the organisation. ``None`` means not known or no limit."""

    region: str = entry(
        "DEU",
        label="Country or state",
        kind="choice",
        choices_from="regions",
        group="Place",
        help="Sets electricity price, carbon emissions of the grid and the usual power for cooling"
        " (PUE).",
    )
    venues: tuple[str, ...] = entry(
        ALL_VENUES,
        label="Venues to consider",
        kind="flags",
        choices=VENUES,
        group="Place",
        help="Where the workload may run. A venue that is not allowed is listed as rejected. A "
        "hybrid is made of venues that are allowed.",
    )
    data_residency: str = entry(
        "none",
        label="Data must stay",
        kind="choice",
        group="Data rules",
        choices=(
            ("none", "No rule"),
            ("eu", "In the European Union"),
            ("country", "In the country"),
            ("own_premises", "On own premises"),
        ),
        help="Where prompts and answers may be processed.",
    )
    air_gapped: bool = entry(
        False,
        label="No connection to outside networks",
        kind="bool",
        group="Data rules",
        help="An air-gapped service excludes every hosted venue.",
    )
    edge_sites: int = entry(
        1,
        label="Number of sites",
        kind="int",
        unit="sites",
        minimum=1,
        maximum=1_000_000,
        decimals=0,
        group="Edge",
        help="Stores, plants or branches that would each get their own "
        "small server in the edge venue. Demand is spread evenly over them.",
    )
    edge_pue: float | None = entry(
        None,
        label="PUE at the edge sites",
        kind="number",
        minimum=1.0,
        maximum=3.0,
        optional=True,
        none_text="planning value",
        decimals=2,
        step=0.05,
        more=True,
        group="Edge",
        help="Power of the server plus what cooling away its heat takes, divided by the power of "
        "the server: 1.2 means a fifth on top. A server in a shop or hall is cooled by the "
        "building.",
    )
    edge_rollout_sites_per_week: float | None = entry(
        None,
        label="Edge sites set up per week",
        kind="number",
        unit="per week",
        minimum=0.1,
        maximum=10_000,
        optional=True,
        none_text="40 assumed",
        decimals=1,
        step=5,
        more=True,
        group="Edge",
        help="How many sites get their server in a week. It decides how long the roll-out to all "
        "of them takes.",
    )
    edge_site_power_kw: float | None = entry(
        1.5,
        label="Power available per edge site",
        kind="number",
        unit="kW",
        minimum=0.0,
        above_minimum=True,
        maximum=1000,
        optional=True,
        none_text="not known",
        decimals=2,
        step=0.1,
        group="Edge",
        default_source="Assumption: half of the 2.9 kW of a 16 A circuit (230 V, 80 % load)",
        help="What one site can feed to the server.",
    )
    edge_line_month: float = entry(
        0.0,
        label="Data line of an edge site, per month",
        kind="number",
        money="user",
        unit="per month",
        minimum=0.0,
        maximum=1e10,
        decimals=0,
        step=10,
        more=True,
        group="Edge",
        default_source="Assumption: the line that each site has is used",
        help="Paid for each site beside its server, for updates and monitoring. 0 where the line "
        "that the site has anyway suffices.",
    )
    rack_power_kw: float | None = entry(
        12.0,
        label="Power per rack",
        kind="number",
        unit="kW",
        minimum=0.0,
        above_minimum=True,
        maximum=1000,
        optional=True,
        none_text="not known",
        decimals=1,
        step=1,
        group="Own room",
        default_source="Assumption: a rack set up anew; typical ones stand below 8 to 10 kW "
        "(Uptime 2024)",
        help="Largest continuous load of one rack in the own room.",
    )
    total_power_kw: float | None = entry(
        100.0,
        label="Total spare IT power",
        kind="number",
        unit="kW",
        minimum=0.0,
        above_minimum=True,
        maximum=1_000_000,
        optional=True,
        none_text="not known",
        decimals=0,
        step=10,
        group="Own room",
        help="Spare IT load of the own room, cooling not counted.",
    )
    feed_kva: float | None = entry(
        None,
        label="Spare feed capacity",
        kind="number",
        unit="kVA",
        minimum=0.0,
        above_minimum=True,
        maximum=1_000_000,
        optional=True,
        none_text="not known",
        decimals=0,
        more=True,
        group="Own room",
        help="Apparent power still free on the feeds. Continuous load "
        "is kept at 80 % of the breaker.",
    )
    redundant_feeds: bool = entry(
        True,
        label="A and B feeds",
        kind="bool",
        more=True,
        group="Own room",
        help="Each server on two independent feeds; either must carry the whole load.",
    )
    rack_voltage_v: float | None = entry(
        None,
        label="Voltage of the rack feeds",
        kind="number",
        unit="V",
        minimum=100.0,
        maximum=1000.0,
        optional=True,
        none_text="typical of the region",
        decimals=0,
        step=1,
        more=True,
        group="Own room",
        default_source="Assumption: 208 V in North America, 200 V in Japan, 400 V elsewhere",
        help="Between the phases of three-phase feeds. Currents and breakers of the site plan "
        "follow from it.",
    )
    racks: int | None = entry(
        4,
        label="Free racks",
        kind="int",
        unit="racks",
        minimum=1,
        maximum=100_000,
        optional=True,
        none_text="not known",
        decimals=0,
        group="Own room",
        help="Empty racks in the own room.",
    )
    rack_height_u: int = entry(
        42,
        label="Usable height of a rack",
        kind="int",
        unit="U",
        minimum=1,
        maximum=60,
        decimals=0,
        more=True,
        group="Own room",
        default_source="Common 42 U rack",
        help="Height units per rack, before 2 U for switches.",
    )
    floor_load_kg_m2: float | None = entry(
        None,
        label="Floor load limit",
        kind="number",
        unit="kg/m²",
        minimum=0.0,
        above_minimum=True,
        maximum=20_000,
        optional=True,
        none_text="not known",
        decimals=0,
        step=100,
        more=True,
        group="Own room",
        help="Raised floors carry 600 to 1,500 kg/m² (120 to 310 lb/ft²).",
    )
    rack_footprint_m2: float = entry(
        1.2,
        label="Floor under one rack",
        kind="number",
        unit="m²",
        minimum=0.3,
        maximum=20.0,
        decimals=2,
        step=0.1,
        more=True,
        group="Own room",
        default_source="Assumption: a rack of 0.6 m by 1.2 m, 0.72 m², with part of its aisles",
        help="Area over which the weight of a rack is spread when it is held against the floor "
        "load limit. Take 0.72 m² (7.8 ft²) where only the floor under the cabinet counts.",
    )
    cooling: str = entry(
        "air",
        label="Cooling of the own room",
        kind="choice",
        choices=COOLING,
        group="Own room",
        help="Room air carries about 8 to 10 kW per rack, in-row 25 kW, rear doors 40 to 50 kW, "
        "direct-to-chip liquid 80 kW and more.",
        default_source="Cooling guides, 2026: bands compiled",
    )
    pue: float | None = entry(
        None,
        label="PUE of the own room",
        kind="number",
        minimum=1.0,
        maximum=3.0,
        optional=True,
        none_text="typical of the region",
        decimals=2,
        step=0.05,
        more=True,
        group="Own room",
        help="Power of the room with cooling and losses, divided by the power of its servers: 1.5 "
        "means half as much on top.",
    )
    wue_l_kwh: float | None = entry(
        None,
        label="Water use of the own room (WUE)",
        kind="number",
        unit="L/kWh",
        minimum=0.0,
        maximum=10.0,
        optional=True,
        none_text="not known",
        decimals=2,
        step=0.1,
        more=True,
        group="Own room",
        help="Water taken for cooling per kWh of IT energy. Dry coolers and closed loops take next "
        "to none, evaporative cooling 1 to 2 L (0.3 to 0.5 gal).",
    )
    colocation_rack_kw: float | None = entry(
        20.0,
        label="Power per colocation rack",
        kind="number",
        unit="kW",
        minimum=0.0,
        above_minimum=True,
        maximum=1000,
        optional=True,
        none_text="not known",
        decimals=1,
        more=True,
        group="Colocation",
        default_source="Assumption: contained air in a modern hall",
        help="Largest load of one rack that the colocation provider accepts.",
    )
    colocation_cooling: str = entry(
        "in_row",
        label="Cooling of the colocation hall",
        kind="choice",
        choices=COOLING,
        more=True,
        group="Colocation",
        default_source="Assumption",
        help="What the hall can cool.",
    )
    wan_link: str = entry(
        "nearest_region_internet",
        label="Network to the nearest remote venue",
        kind="choice",
        choices_from="links",
        more=True,
        group="Network",
        help="Round-trip time between users and the nearest cloud region, API or colocation. What "
        "lies between there and a cloud region in another part of the world is added.",
    )
    availability: float = entry(
        0.995,
        label="Availability asked for",
        kind="share",
        unit="%",
        minimum=0.5,
        maximum=0.99999,
        decimals=3,
        group="People and dates",
        default_source="AWS EC2 single instance SLA, 99.5 %",
        help="Share of time the peak must be served. Spare servers are "
        "computed from it, from failure rate and repair time. Outages of power, cooling, network "
        "and software are not counted: A and B feeds and two switches per rack are taken to keep "
        "servers running.",
    )
    planning_headroom: float = entry(
        0.10,
        label="Planning headroom",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=1.0,
        decimals=0,
        group="People and dates",
        default_source="Assumption: planning practice, 5 to 25 %; no citable source",
        help="Capacity planned above the busiest hour, for what forecasts and averages miss. "
        "Spare servers for failures come on top.",
    )
    team_skill: int = entry(
        3,
        label="Team's experience with AI serving",
        kind="int",
        unit="of 5",
        minimum=1,
        maximum=5,
        decimals=0,
        group="People and dates",
        help="1: none. 3: runs containers and GPUs. 5: tunes kernels and disaggregated serving.",
    )
    date_needed: str | None = entry(
        None,
        label="Needed by",
        kind="date",
        optional=True,
        none_text="no date",
        group="People and dates",
        help="Delivery and power lead times are checked against it.",
    )
    servers_installed_per_week: float | None = entry(
        None,
        label="Servers installed per week",
        kind="number",
        unit="per week",
        minimum=0.1,
        maximum=10_000,
        optional=True,
        none_text="20 assumed",
        decimals=1,
        step=5,
        more=True,
        group="People and dates",
        help="Servers that are racked, cabled and tested in a week. Counts where a fleet takes "
        "longer than the usual two weeks.",
    )
    extra_power_weeks: int | None = entry(
        None,
        label="Lead time of more power",
        kind="int",
        unit="weeks",
        minimum=0,
        maximum=1000,
        optional=True,
        none_text="20 to 104 assumed, by power",
        decimals=0,
        more=True,
        group="People and dates",
        help="Time to add a feed inside an existing site. Where it is not entered, 20 weeks are "
        "assumed for up to 250 kW and 104 from 1,000 kW on.",
    )

    @property
    def stays_inside(self) -> bool:
        """Whether nothing may leave the own premises, so that nothing can be rented."""
        return self.air_gapped or self.data_residency == "own_premises"
