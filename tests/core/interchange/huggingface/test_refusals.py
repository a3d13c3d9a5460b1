"""A ``config.json`` from a stranger: what cannot be used is refused, and the field named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interchange.errors import DocumentError
from core.interchange.huggingface import model_from_config, read_model
from core.interchange.model_record import as_record
from core.interchange.strict_json import MAX_BYTES
from tests.core.interchange.huggingface.published import CATALOGUED

DENSE = CATALOGUED["Qwen/Qwen3-4B"]
MOE = CATALOGUED["Qwen/Qwen3-30B-A3B"]
MLA = CATALOGUED["deepseek-ai/DeepSeek-V3"]
HYBRID = CATALOGUED["Qwen/Qwen3.5-35B-A3B"]["text_config"]
BLOCKS = CATALOGUED["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8"]


def refused(text: str, name: str = "ours") -> str:
    with pytest.raises(DocumentError) as caught:
        model_from_config(text, name=name, file="config.json")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is empty", "config.json is expected"]),
        ("[]", ["must be a JSON object"]),
        ("{", ["truncated"]),
        ('{"a":' * 50_000, ["nested too deeply"]),
        ("{}", ["'unknown'", "hidden_size (or n_embd, d_model)", "num_hidden_layers",
                "num_attention_heads", "vocab_size", "max_position_embeddings"]),
        ('{"model_type": "unet"}', ["architecture 'unet' cannot be read", "missing"]),
        ('{"hidden_size": 1, "hidden_size": 2}', ["'hidden_size' twice"]),
    ],
)  # fmt: skip
def test_texts_that_are_no_configuration(text: str, words: list[str]) -> None:
    message = refused(text)
    assert "config.json" in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("base", "changes", "words"),
    [
        (DENSE, {"hidden_size": "2560"}, ["hidden_size", "whole number", "'2560'"]),
        (DENSE, {"hidden_size": True}, ["hidden_size", "got true"]),
        (DENSE, {"hidden_size": 2560.5}, ["hidden_size", "2560.5"]),
        (DENSE, {"hidden_size": -1}, ["hidden_size", "-1"]),
        (DENSE, {"hidden_size": 10**30}, ["hidden_size", "1,000,000"]),
        (DENSE, {"num_hidden_layers": 100_000}, ["num_hidden_layers", "from 1 to 1,000"]),
        (DENSE, {"vocab_size": None}, ["missing vocab_size"]),
        (DENSE, {"intermediate_size": None}, ["intermediate_size_mlp", "must be given"]),
        (DENSE, {"tie_word_embeddings": "no"}, ["tie_word_embeddings", "true or false", "'no'"]),
        (DENSE, {"torch_dtype": "int2"}, ["torch_dtype", "bfloat16", "'int2'"]),
        (DENSE, {"architectures": "Llama"}, ["architectures", "list of names"]),
        (DENSE, {"architectures": [3]}, ["architectures[0]"]),
        (DENSE, {"architectures": ["BertForMaskedLM"]}, ["must generate text", "BertForMaskedLM"]),
        (DENSE, {"is_encoder_decoder": True}, ["encoder-decoder"]),
        (DENSE, {"block_configs": [{"attention": {}}]}, ["block_configs", "not supported"]),
        (DENSE, {"hidden_size_per_layer_input": 256}, ["hidden_size_per_layer_input"]),
        (DENSE, {"layer_types": ["full_attention"]}, ["layer_types", "per layer (36)", "has 1"]),
        (DENSE, {"layer_types": ["conv"] * 36}, ["layer_types[0]", "full_attention", "'conv'"]),
        (DENSE, {"layer_types": ["mamba"] * 36}, ["linear_num_value_heads", "mamba_d_state"]),
        (DENSE, {"quantization_config": []}, ["quantization_config", "must be an object"]),
        (DENSE, {"quantization_config": {"quant_method": "hqq"}},
         ["quantization_config.quant_method", "gptq", "'hqq'"]),
        (DENSE, {"quantization_config": {"quant_method": "gptq", "bits": 3}}, ["bits", "4 or 8"]),
        (DENSE, {"text_config": 5}, ["text_config", "must be an object"]),
        (DENSE, {"max_position_embeddings": 4}, ["max_position_embeddings", "128"]),
        (MOE, {"num_experts_per_tok": 500}, ["num_experts_per_tok", "at most the 128 experts"]),
        (MOE, {"num_experts_per_tok": None}, ["num_experts_per_tok", "must be given"]),
        (MOE, {"mlp_only_layers": 3}, ["mlp_only_layers", "list of whole numbers"]),
        (MLA, {"v_head_dim": None}, ["v_head_dim", "must be given"]),
        (MLA, {"moe_layer_freq": [1]}, ["moe_layer_freq", "per layer (61)"]),
        (HYBRID, {"layer_types": ["linear_attention"] * 40}, ["no attention layer"]),
        (DENSE, {"mamba_d_state": 256}, ["mamba_d_state", "not supported"]),
        (MOE, {"moe_intermediate_size": [768, 1024]}, ["moe_intermediate_size", "2 entries"]),
        (BLOCKS, {"hybrid_override_pattern": "MX*E"}, ["hybrid_override_pattern", "M * E -"]),
        (BLOCKS, {"hybrid_override_pattern": "ME*E"}, ["one letter per layer (88)", "4"]),
    ],
)  # fmt: skip
def test_fields_that_cannot_be(base: dict[str, Any], changes: dict[str, Any],
                               words: list[str]) -> None:  # fmt: skip
    message = refused(json.dumps({**base, **changes}))
    for word in words:
        assert word in message


@pytest.mark.parametrize("name", ["", "   ", "…", "x" * 300])
def test_names_that_leave_no_id(name: str) -> None:
    assert "name: must have 1 to 200 characters" in refused(json.dumps(DENSE), name)


def test_files(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        read_model(tmp_path / "config.json", name="ours")
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(DocumentError, match="too large"):
        read_model(large, name="ours")
    good = tmp_path / "config.json"
    good.write_text(json.dumps(DENSE), encoding="utf-8")
    assert read_model(good, name="ours").model.provenance.source.startswith("config.json (")
    (tmp_path / "hf_quant_config.json").write_text('{"quantization": {"quant_algo": "FP8"}}')
    assert read_model(good, name="ours").model.native_precision == "fp8"


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.sampled_from(["weights", "type", "quant_method"]), st.text(max_size=3)),
)


@given(st.data())
def test_whatever_stands_in_a_field_ends_in_a_model_or_one_clear_refusal(
    data: st.DataObject,
) -> None:
    base = data.draw(st.sampled_from([DENSE, MOE, MLA, HYBRID, BLOCKS]))
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(base)), JUNK, max_size=3))
    text = json.dumps({**base, **changed})
    try:
        found = model_from_config(text, name="ours", file="config.json")
    except DocumentError as error:
        assert error.file == "config.json"
        assert len(str(error)) < 1000
    else:
        as_record(found.model)
