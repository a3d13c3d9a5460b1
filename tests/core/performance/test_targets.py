"""What runs that do not say whether they decoded speculatively count for in the fit."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance import fit
from core.performance.measurements import runs_of
from core.performance.published_runs import labels_of, stack
from core.performance.targets import fit_set
from tests.core.performance.published_rows import LLAMA_70B, row_of


def target_of(model: str, spec_decode: str) -> fit.Targets:
    """The one target of a run on eight H200 in a closed loop."""
    cells = {
        "model": model,
        "weight_precision": "fp8",
        "accelerator": "H200",
        "n_accel": "8",
        "tp": "8",
        "scenario": "closed_loop",
        "concurrency": "8",
        "spec_decode": spec_decode,
        "tier": "A",
    }
    rows = [row_of(LLAMA_70B | cells, "tpot_ms_mean", 12.0)]
    runs, refused = runs_of(rows, load_catalog())
    assert not refused
    found = fit_set(rows, runs, stack(list(runs.values()))).targets
    assert len(found.case) == 1
    return found


@pytest.mark.parametrize("model", ["DeepSeek-R1", "Qwen3.5-397B-A17B"])
def test_a_model_with_draft_layers_hardly_pulls_down(model: str) -> None:
    """Its fast runs may have drafted tokens; its slow ones tell a little."""
    sure, unsure = target_of(model, "off"), target_of(model, "unlabelled")
    assert unsure.weight[0] <= 0.2 * sure.weight[0]
    assert unsure.fast[0] <= 0.2 < 1.0 == sure.fast[0]


def test_a_model_without_draft_layers_counts_for_more_but_less_than_a_run_that_says() -> None:
    """Kimi K2.5 ships none (``num_nextn_predict_layers`` 0): it would need another's drafts."""
    sure, unsure = target_of("Kimi-K2.5", "off"), target_of("Kimi-K2.5", "unlabelled")
    assert 0.5 * sure.weight[0] <= unsure.weight[0] < sure.weight[0]
    assert unsure.fast[0] == 1.0


def test_what_is_not_known_counts_as_possibly_drafted() -> None:
    """gpt-oss-120b states no such layers in the catalog."""
    assert load_catalog().models[load_catalog().resolve_model("gpt-oss-120b").id].mtp_layers is None
    assert target_of("gpt-oss-120b", "unlabelled").fast[0] < 1.0


@pytest.mark.parametrize(
    ("scenario", "notes", "tuning"),
    [
        ("closed_loop", "", "default"),
        ("closed_loop", "lengths drawn 0.8-1.0x nominal", "tuned"),
        ("mlperf_server", "", "tuned"),
    ],
)
def test_who_tunes_is_told_by_how_the_benchmark_is_driven(
    scenario: str, notes: str, tuning: str
) -> None:
    """Submissions and open dashboards are tuned; a laboratory's sweep is not."""
    cells = {"scenario": scenario, "concurrency": "8", "notes": notes}
    rows = [row_of(LLAMA_70B | cells, "tpot_ms_mean")]
    runs, _refused = runs_of(rows, load_catalog())
    assert labels_of(runs["p"])["tuning"] == tuning
