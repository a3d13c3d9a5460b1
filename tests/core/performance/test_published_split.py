"""Parallelism as engines write it, on accelerators as software counts them."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance.measurement_format import COLUMNS
from core.performance.published_split import (
    Split,
    StatedPools,
    accelerators_of,
    parallel_split,
    ranks_of,
    stated_pools,
)

CATALOG = load_catalog()
DEEPSEEK, DENSE = "DeepSeek-R1", "Llama-3.1-8B"


def cells(**changes: str) -> dict[str, str]:
    """Cells of a row of DeepSeek-R1 on H200s."""
    row = {"model": DEEPSEEK, "accelerator": "H200", "engine": "vLLM 0.11"}
    return dict.fromkeys(COLUMNS, "") | {"scenario": "closed_loop"} | row | changes


def split(**changes: str) -> Split:
    """Its split, with FP8 weights."""
    row = cells(**changes)
    model = CATALOG.resolve_model(row["model"])
    weights_gib = model.total_params_b * 1e9 / 2**30
    return parallel_split(row, model, CATALOG.resolve_accelerator(row["accelerator"]), weights_gib)


def number(**changes: str) -> int:
    """Accelerators of the row."""
    row = cells(**changes)
    accelerator = CATALOG.resolve_accelerator(row["accelerator"])
    return accelerators_of(row, CATALOG.resolve_model(row["model"]), accelerator)


def test_ranks_beyond_the_accelerators_are_attention_ranks_inside_the_tensor_group() -> None:
    """SGLang's --enable-dp-attention: eight accelerators, tp 8, dp 8."""
    assert split(n_accel="8", tp="8", dp="8", ep="8") == Split(1, 1, 8, 1.0)
    assert split(n_accel="8", tp="8", dp="4", ep="8") == Split(2, 1, 4, 1.0)
    assert split(n_accel="16", tp="8", dp="8") == Split(1, 1, 8, 2.0)
    # enough accelerators for all ranks: vLLM's convention
    assert split(n_accel="8", tp="2", dp="4", ep="8") == Split(2, 1, 4, 1.0)


@pytest.mark.parametrize("tp", ["", "1"])
@pytest.mark.parametrize("ep", ["", "1", "8"])
def test_ranks_that_cannot_hold_the_model_share_its_experts(tp: str, ep: str) -> None:
    assert split(n_accel="8", tp=tp, dp="8", ep=ep) == Split(1, 1, 8, 1.0)


def test_ranks_that_hold_the_model_are_replicas() -> None:
    row = {"model": "gpt-oss-20b", "n_accel": "4", "tp": "1", "dp": "4"}
    assert split(**row) == Split(1, 1, 1, 4.0)
    assert split(model=DENSE, n_accel="8", tp="1", dp="8") == Split(1, 1, 1, 8.0)
    assert split(model=DENSE, n_accel="8", dp="4") == Split(2, 1, 1, 4.0)


def test_missing_accelerators_are_those_that_the_parallelism_needs() -> None:
    assert number() == 1
    assert number(tp="4", pp="2") == 8
    assert number(tp="2", dp="4") == 8
    assert number(tp="8", dp="8") == 64
    assert number(tp="8", dp="8", engine="SGLang 0.5") == 8  # dp ranks are among the tp ones
    assert number(ep="8") == 8
    assert number(model=DENSE, tp="2", dp="4", engine="SGLang 0.5") == 8
    assert number(accelerator="8xH200") == 8
    assert number(n_accel="2", tp="4") == 2  # as stated; refused elsewhere
    with pytest.raises(ValueError, match="n_accel is missing"):
        number(accelerator="Trainium2", tp="64")


def test_cores_and_dies_are_not_accelerators() -> None:
    """What counts more than there are accelerators counts the parts they show."""
    assert split(accelerator="Trainium2", n_accel="16", tp="64") == Split(16, 1, 1, 1.0)
    assert split(accelerator="MI250", n_accel="16", tp="8", pp="4") == Split(4, 4, 1, 1.0)


def test_pools_are_read_from_the_notes() -> None:
    text = "vendor run; disaggregated: 40 prefill worker(s) x 1 GPU + 6 decode worker(s) x 4 GPU"
    row = cells(scenario="closed_loop_disagg", notes=text)
    assert stated_pools(row, 64) == StatedPools(40, 1, 6, 4)
    row["notes"] = "1 prefill worker x 16 GPUs + 2 decode workers x 8 GPUs; nominal lengths"
    assert stated_pools(row, 32) == StatedPools(1, 16, 2, 8)
    row["notes"] = "InferenceX 4P2D"
    assert stated_pools(row, 48) == StatedPools(4, 8, 2, 8)
    assert stated_pools(row, 47) is None  # workers of different sizes: which is not told
    row["notes"] = "disaggregated"
    assert stated_pools(row, 48) is None
    assert stated_pools(cells(notes=text), 64) is None  # not a run of separate pools


def test_pools_that_are_not_the_accelerators_of_the_run_are_refused() -> None:
    text = "1 prefill worker(s) x 4 GPU + 2 decode worker(s) x 8 GPU"
    with pytest.raises(ValueError, match="24 accelerators"):
        stated_pools(cells(scenario="closed_loop_disagg", notes=text), 24)


def test_workers_divide_attention_as_their_model_allows() -> None:
    latent, dense, moe = map(CATALOG.resolve_model, (DEEPSEEK, DENSE, "gpt-oss-120b"))
    assert ranks_of(32, latent) == (1, 32)
    assert ranks_of(2, latent) == (2, 1)
    assert ranks_of(4, dense) == (4, 1)
    assert (ranks_of(8, moe), ranks_of(16, moe)) == ((8, 1), (1, 16))  # eight KV heads


def test_a_number_in_the_name_that_is_not_the_stated_one_is_refused() -> None:
    assert number(accelerator="8xH100", n_accel="8") == 8
    assert number(accelerator="8xH100", n_accel="16") == 16  # two such servers
    with pytest.raises(ValueError, match="n_accel says 1"):
        number(accelerator="8xH100", n_accel="1")
