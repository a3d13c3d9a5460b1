"""Remarks that one source makes, word for word: what has figures of its own and no like."""

from __future__ import annotations

from core.words import N_

PATTERNS = (
    N_("10 to 13 kW (Datacentres.com)"),
    N_("10.2 kW (NVIDIA DGX user guides)"),
    N_("10.5 kW not verified"),
    N_("120 to 132 kW (NVIDIA DGX user guides; Introl; AI Datacenter Guide)"),
    N_("132 kW of the power shelves (Introl)"),
    N_("15 to 16 kW with MI355X, lower end for the air-cooled MI350X not verified"),
    N_("15 to 16 kW, 4-5U liquid-cooled not verified"),
    N_("240 W supply, 1.2 kg (Morgannriu)"),
    N_("45 W supply not verified"),
    N_("9 to 10 kW not verified"),
    N_("9U air-cooled server (ASUS XA NB3I-E12, reported)"),
    N_("AWS list prices: standard reserved instance, one year"),
    N_("An eighth of the kit (Intel Gaudi list price, reported)"),
    N_(
        "Assumption from Google Cloud's 56 % for three years and the general 48 to 60 % "
        "(Cloud price list 0.18.3)"
    ),
    N_("Assumption from the general 30 and 50 % (Cloud price list 0.18.3)"),
    N_("Assumption: kit plus housing"),
    N_("Assumption: list price USD 4.54 (Spheron, 2026) to 10.50 (CoreWeave) less 20 to 25 %"),
    N_("Assumption: market one-year contract less 15 %"),
    N_("Assumption: market price USD 1.99 to 2.69 less 20 to 30 %"),
    N_("Assumption: middle of 11 to 14 kW"),
    N_("Cloud price list 0.18.3: yearly credits for general compute"),
    N_("Compilation of data-centre costs: CFE industrial 2024"),
    N_("Compilation of data-centre costs: EVN tariff 2024"),
    N_("Compilation of data-centre costs: GlobalPetrolPrices 2025 regulated ceiling"),
    N_("Compilation of data-centre costs: IEC tariff 2024"),
    N_("Compilation of data-centre costs: Kahramaa tariff 2024"),
    N_("Compilation of data-centre costs: PEA/EGAT tariff 2024"),
    N_("Compilation of data-centre costs: PLN tariff 2024"),
    N_("Compilation of data-centre costs: TNB tariff 2024"),
    N_(
        "Compilation of data-centre costs: large users after Avenir Suisse and the Swiss "
        "statistical office"
    ),
    N_("Dell XE9680 also in 6U"),
    N_("Derived: market price USD 3.39 to 4.22 less 20 to 30 %, not this provider's own"),
    N_(
        "Derived: market price USD 4.50 to 6.00 (Lyceum, March 2026) less 20 to 30 %, not "
        "this provider's own"
    ),
    N_("Digiterial Labs: H100 of hyperscalers 35 to 40 % below on-demand"),
    N_("Dual-socket Xeon 6 or EPYC 9005 server, 1.2 to 1.8 kW not verified"),
    N_(
        "EIA: low is the industrial average of 2024, high the commercial price of "
        "February 2026 as reported, base the midpoint"
    ),
    N_(
        "EIA: low is the industrial average of 2024, high the commercial price of July "
        "2025, base the midpoint"
    ),
    N_("Eskom Megaflex, 134.90 cents without VAT (National tariffs, reported)"),
    N_("Eurostat nrg_pc_205, band of 20 to 70 GWh without taxes"),
    N_("Eurostat nrg_pc_205, press release of 2025-10-29: 0.1902 in the first half of 2025"),
    N_("Eurostat nrg_pc_205: band ID (2 to 20 GWh) without VAT, second half of 2025"),
    N_("Hugging Face hardware list: list price with most memory"),
    N_("Hydro-Québec's rate L (Compilation of data-centre costs)"),
    N_("Licence as the list of llm-d-planner 0.3.3 has it"),
    N_("Liquid-cooled 4U servers of several vendors, 10 to 15 kW not verified"),
    N_("List price USD 8,565"),
    N_(
        "Low after TEPCO and JEPX (Compilation of data-centre costs), high 0.219 "
        "(National tariffs, reported), base the midpoint"
    ),
    N_(
        "Low is ADDC's tariff (Compilation of data-centre costs), high a business price "
        "in Dubai (GlobalPetrolPrices, March 2025), base an assumption"
    ),
    N_(
        "Low is KPLC's tariff of 2024 (National tariffs, reported), high a business price "
        "(GlobalPetrolPrices, March 2025)"
    ),
    N_("Low is the free market (Compilation of data-centre costs)"),
    N_(
        "Low is the wholesale price with network after AER (Compilation of data-centre "
        "costs), high 0.172 (National tariffs, reported), base the midpoint"
    ),
    N_("MSEDCL tariff (Compilation of data-centre costs)"),
    N_(
        "Mercatus AI, 2026: reserved capacity 30 to 50 % below on-demand on any "
        "accelerator, not this provider's own"
    ),
    N_("Module 15 to 60 W (Fixstars, 2026)"),
    N_("Module 40 to 130 W (Learn AI Visually, 2026)"),
    N_("Module 7 to 25 W"),
    N_(
        "NERC 2024 (National tariffs, reported) and a business price (GlobalPetrolPrices, "
        "March 2025)"
    ),
    N_(
        "National tariffs, reported: SERA and SEC, industrial 0.20, commercial 0.22 then 0.32 riyal"
    ),
    N_("No data sheet of a complete box found"),
    N_("Price of the developer kit: not verified"),
    N_("Reserved for one year at 0.61 to 0.65 of on-demand in other regions (AWS list prices)"),
    N_("SemiAnalysis, reported: market range of one-year H100 contracts, not this provider's own"),
    N_("Street USD 17,000 to 20,000 (Aurabyt, May 2026)"),
    N_("Ten-L40S system estimated at 5.5 kW (The Register, reported)"),
    N_("UK non-domestic prices: average with climate levy, second quarter of 2025"),
    N_("Vendor support page: 145 W, 2.7 kg not verified"),
    N_("Vendor support page: 270 W, 3.6 kg not verified"),
    N_("base 30 % more and high are assumptions"),
    N_("base is Eurostat nrg_pc_205, band ID (2 to 20 GWh) without taxes"),
    N_("codecarbon 3.3.2, global energy mix"),
    N_(
        "derived: the tariff of large industry rose by 16.9 won or 10.2 %, from 165.7 to "
        "182.6 (KEPCO, October 2024)"
    ),
    N_(
        "high is South America's business average, second quarter of 2025 "
        "(GlobalPetrolPrices, March 2025)"
    ),
    N_("high is an assumption: own generation beside the grid"),
    N_("high is the average regulated tariff of 28.1 cents (EMA, 2025)"),
    N_("llm-d-planner 0.3.3 lists Apache 2.0, which was judged wrong"),
    N_("low and high for very large and small users, 20.05 and 27.57 pence"),
    N_("low is Eurostat nrg_pc_205, band of 20 to 70 GWh without taxes"),
    N_(
        "low is Hydro-Québec's rate L (Compilation of data-centre costs), high a business "
        "price (GlobalPetrolPrices, March 2025), base the midpoint"
    ),
    N_("low is ONEE's tariff of 2024 (National tariffs, reported)"),
    N_("low is the wholesale price with network (Compilation of data-centre costs)"),
    N_("no rate for GPUs found"),
    N_("other figures of that page conflict with list prices"),
    N_("power as the air-cooled server"),
    N_("retail USD 28,000 to 31,000 (RunLocalAI, Q1 2026)"),
    N_("retail USD 8,000 to 9,200 (Newgearhub, April 2026)"),
    N_("size and weight as MI300X"),
    N_("supply of the 100 W class"),
    N_("up to about 142 kW not verified"),
    N_("used USD 22,000 to 25,000 (RunLocalAI, Q1 2026)"),
    N_("used USD 8,000 to 15,000 (Mercatus AI, 2026)"),
)
