"""What no hardware can do is refused with the reason: context, memory, precision, names."""

from __future__ import annotations

import pytest

from core.assess.names import known_names
from core.assessment import Assessment, problems, with_value
from core.recommendation import Gate, Recommendation
from tests.core.assess.cases import every, run, small_catalog

OWN = ("on_premises",)


def gates(answer: Recommendation, key: str) -> list[Gate]:
    """A gate of every option on own servers."""
    options = [o for o in every(answer) if o.venue == "on_premises"]
    return [gate for option in options for gate in option.gates if gate.key == key]


def test_a_request_beyond_the_models_context_is_refused_everywhere() -> None:
    answer = run(
        site__venues=OWN,
        workload__model="meta-llama/Llama-3.3-70B-Instruct",
        workload__input_tokens_mean=100_000.0,
        workload__input_tokens_p95=200_000.0,
    )
    assert answer.winner is None
    found = gates(answer, "context")
    assert found
    for gate in found:
        assert (gate.status, gate.limit) == ("fail", 131_072)
        assert gate.needed is not None and gate.needed > 200_000
        assert "131,072" in gate.message and "shorter" in gate.remedy


def test_a_model_that_does_not_fit_is_refused_with_its_size() -> None:
    """DeepSeek R1 has 671 billion parameters: not for eight L40S of 48 GB."""
    answer = run(site__venues=OWN, workload__model="deepseek-ai/DeepSeek-R1")
    small = [o for o in every(answer) if o.venue == "on_premises" and "L40S" in o.title]
    assert small
    for option in small:
        (gate,) = [g for g in option.gates if g.key == "memory"]
        assert gate.status == "fail" and "GiB" in gate.message
        assert not option.feasible


@pytest.mark.parametrize(
    ("path", "value", "near"),
    [
        ("workloads[0].model", "meta-llama/Llama-3.3-70B-Instrukt", "Llama-3.3-70B-Instruct"),
        ("site.region", "DUE", "DEU"),
        ("workloads[0].use_case", "interactiv_chat", "interactive_chat"),
    ],
)
def test_an_unknown_name_is_refused_and_the_nearest_told(path: str, value: str, near: str) -> None:
    asked = with_value(Assessment(), path, value)
    (found,) = problems(asked, known_names(small_catalog(), asked))
    assert found.path == path
    assert value in found.message and near in found.message


def test_an_engine_that_does_not_run_on_the_hardware_is_never_replaced_in_silence() -> None:
    answer = run(site__venues=OWN, workload__engine="tensorrt-llm")
    told = {
        (s.accelerator_id, s.engine): s.configuration for o in every(answer) for s in o.servings
    }
    note = "vLLM (TensorRT-LLM does not run here)"
    assert note in told["mi300x", "vllm"]
    assert "TensorRT-LLM does not run here" not in told["h100-sxm", "tensorrt-llm"]
    plain = run(site__venues=OWN)
    assert not any(note in s.configuration for o in every(plain) for s in o.servings)
