"""Accelerator generations as people know them; the catalog groups by short keys."""

from __future__ import annotations

NAMES = {
    "ada": "Ada Lovelace",
    "alchemist": "Alchemist",
    "ampere": "Ampere",
    "ampere_gddr": "Ampere (GDDR)",
    "ampere_soc": "Ampere (SoC)",
    "apple_m1": "Apple M1",
    "apple_m2": "Apple M2",
    "apple_m3": "Apple M3",
    "apple_m4": "Apple M4",
    "armv8_neon": "Armv8 (Neon)",
    "ascend": "Ascend",
    "battlemage": "Battlemage",
    "blackwell": "Blackwell",
    "blackwell_gddr": "Blackwell (GDDR)",
    "blackwell_soc": "Blackwell (SoC)",
    "cdna1": "CDNA",
    "cdna2": "CDNA 2",
    "cdna3": "CDNA 3",
    "cdna4": "CDNA 4",
    "epyc_avx512": "EPYC (AVX-512)",
    "gaudi2": "Gaudi 2",
    "gaudi3": "Gaudi 3",
    "hopper": "Hopper",
    "neuron_v2": "NeuronCore v2",
    "neuron_v3": "NeuronCore v3",
    "neuron_v4": "NeuronCore v4",
    "rdna2": "RDNA 2",
    "rdna3": "RDNA 3",
    "rdna35": "RDNA 3.5",
    "rdna4": "RDNA 4",
    "rdu": "RDU",
    "tpu_v4": "TPU v4",
    "tpu_v5": "TPU v5",
    "tpu_v6": "TPU v6",
    "tpu_v7": "TPU v7",
    "turing": "Turing",
    "volta": "Volta",
    "xe_hpc": "Xe HPC",
    "xeon_amx": "Xeon (AMX)",
    "zen5": "Zen 5",
}


def generation_name(key: str) -> str:
    """A generation's name; an unknown one as it is."""
    return NAMES.get(key, key)
