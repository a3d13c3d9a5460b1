"""How the parts of a published run are written for a person."""

from __future__ import annotations

from core.words import N_

MEASURED = {
    "tpot_ms_mean": N_("TPOT, mean, ms"),
    "ttft_ms_mean": N_("TTFT, mean, ms"),
    "output_tok_s": N_("output tokens/s"),
    "total_tok_s": N_("all tokens/s"),
    "decode_tok_s": N_("decode tokens/s"),
}
"""What was measured."""


def hardware(key: str) -> str:
    """A catalog id such as ``h100-sxm`` as a name; any other text as it is."""
    return key.replace("-", " ").upper() if key.islower() else key
