"""The fixed numbers behind gates and scores, each with its source: one place to edit them.

Anchors never depend on the other options of a run, so adding or removing an option cannot
reverse the order of two others.
"""

from __future__ import annotations

from core.choice import FULL_SHARE
from core.words import N_

# -- power and hardware ----------------------------------------------------------------------

DEVELOPER_KIT = "developer kit"
"""What the names of platforms say that are sold for development and not for production."""

# -- people ----------------------------------------------------------------------------------

SKILL_NEEDED = {
    "token_api": 1,
    "public_cloud": 2,
    "gpu_cloud": 3,
    "colocation": 3,
    "on_premises": 3,
    "edge": 3,
    "hybrid": 4,
}
"""Level 1 to 5 that operating a venue takes (judgement, on the scale of the input)."""
SKILL_PIPELINE, SKILL_EXPERT_PARALLEL = 4, 4
"""Level that replicas over several servers, or over rack-scale domains, take (judgement)."""
SKILL_GAP_REFUSED = 2
"""A team this many levels short is refused; one level short is a condition (train or contract)."""

# -- the five scores -------------------------------------------------------------------------

BANDWIDTH_FULL_SHARE = 0.25
"""Score 100 where the targets need at most this share of bandwidth and of KV capacity."""
LATENCY_FULL_SHARE = FULL_SHARE
"""Score 100 where the predicted latency is at most this share of the target: half. Configurations
are chosen by it too."""
POWER_FULL_SHARE = 0.5
"""Score 100 where the site limits are used to at most this share."""
UTILISATION_BAND = (0.40, 0.70)
"""Yearly average utilisation that is neither idle nor without slack: score 100."""
UTILISATION_EMPTY = 0.95
"""Score 0 from here on: no slack for peaks."""
TUNING_SHARE_ZERO = 0.6
"""Score part 0 where at least this share of the throughput comes from tuning."""
SKILL_FULL_GAP, SKILL_ZERO_GAP = -1.0, 2.0
"""Levels needed above the team's: part 100 at one to spare, 0 at two short."""
EVIDENCE_MATURITY = {"measured": 100.0, "calibrated": 70.0, "extrapolated": 20.0}
"""Maturity of a stack, read from how much has been published about it (judgement)."""
TUNING_PARTS = (0.40, 0.35, 0.25)
"""Weights of dependence on tuning, skill and maturity (judgement)."""

# -- what is not known -----------------------------------------------------------------------

UNKNOWN_LATENCY = 0.0
"""Points of a latency that nobody publishes, where the user set a target: those of an option that
only just meets it. It may miss it, so that it is a condition to confirm as well."""
UNKNOWN_ELSE = 25.0
"""Points of any other criterion that applies but is not known: the lowest quarter of its scale (for
carbon three times the yardstick)."""

# -- who leads ---------------------------------------------------------------------------------

LEVEL_POINTS = 1.0
"""Scores closer than this are level: inputs are known to a few percent, a point is not read."""
DEARER_FREE = 2.0
"""Up to this multiple of another option's cost, points alone tell the two apart."""
DEARER_POINTS = 50.0
"""Beyond it every doubling has to bring that many points on the scale of cost, at its weight: half
of the scale, since one that ends at 0 cannot tell five times from fifty (judgement)."""

# -- criteria --------------------------------------------------------------------------------

YARDSTICK_ACCELERATOR_GB = 80.0
YARDSTICK_FILL = 0.8
"""Share of memory that 8-bit weights may take in the yardstick deployment."""
YARDSTICK_USD_PER_HOUR = 3.0
"""One 80 GB accelerator, rented (2026 prices of specialised clouds: 2.3 to 3.9 USD)."""
YARDSTICK_TOKEN_USD = (0.021, 0.061)
"""A million prompt tokens and a million answer tokens at a hosted API, for a model of which the
geometric mean of active and total parameters is 1e9 ..."""
YARDSTICK_TOKEN_POWER = 0.7
"""... and how the price grows with that mean: fitted to the medians of the catalog's list prices of
72 models in November 2026 (standard deviation of the logarithm: 0.57 for prompts, 0.67 for
answers)."""
YARDSTICK_TOKEN_PEOPLE_USD = 6_500.0
"""A year of looking after the contract, keys and monitoring of a workload (assumption: 0.05 of a
position)."""
YARDSTICK_EDGE_USD_PER_HOUR = 0.15
"""One edge box where edge sites are the only venue: 3,000 USD over five years with a visit every
second year, repairs and energy come to about 0.12 to 0.18 USD per hour (assumption)."""
YARDSTICK_EDGE_KW = 0.06
"""Wall power of one such box (assumption)."""
YARDSTICK_FLOPS = 0.3 * 1.0e15
"""Useful FLOP/s of one such accelerator: 30 % of about 1e15 dense FP16 (assumption)."""
YARDSTICK_KW = 1.0
"""Wall power of one accelerator with its share of server and cooling (assumption)."""
YARDSTICK_KG_KWH = 0.45
"""Grid carbon intensity of the yardstick, kg/kWh: about the world's average (assumption)."""
WEEKS_ZERO = 52.0
"""Score 0 where it takes a year to serve."""
CONTROL_POINTS = {
    "on_premises": (
        N_("own hardware"),
        N_("own building"),
        N_("no third party operates the machines"),
        N_("you fix model and version"),
        N_("open weights can be moved elsewhere"),
    ),
    "edge": (
        N_("own hardware"),
        N_("own building"),
        N_("no third party operates the machines"),
        N_("you fix model and version"),
        N_("open weights can be moved elsewhere"),
    ),
    "colocation": (
        N_("own hardware"),
        N_("no third party operates the machines"),
        N_("you fix model and version"),
        N_("open weights can be moved elsewhere"),
    ),
    "public_cloud": (N_("you fix model and version"), N_("open weights can be moved elsewhere")),
    "gpu_cloud": (N_("you fix model and version"), N_("open weights can be moved elsewhere")),
    "token_api": (N_("open weights can be moved elsewhere"),),
}
"""What a venue leaves in the user's hands: 20 points each."""
