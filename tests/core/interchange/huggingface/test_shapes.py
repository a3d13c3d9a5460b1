"""Published configurations become the models their publishers and the catalog describe."""

from __future__ import annotations

import dataclasses
import json

import pytest

from core.assessment import MAX_CUSTOM_MODELS, Assessment, with_custom_model
from core.catalog.load import load_catalog
from core.catalog.types import Model
from core.interchange.document import from_json, to_json
from core.interchange.huggingface import ImportedModel, model_from_config
from core.performance.shapes import model_shape
from tests.core.interchange.huggingface.published import CATALOGUED, PUBLISHED, Config

NOT_THE_SHAPE = {
    "id", "name", "family", "attention", "total_params_b", "active_params_b", "licence",
    "provenance", "offered", "native_precision",
    "mtp_layers",  # what published runs may have drafted with; a user's model has no such runs
}  # fmt: skip
APPROXIMATE = "deepseek-ai/DeepSeek-V4-Flash"
"""The catalog leaves out this model's indexer, as its note says."""

BLOCK_SPARSE = "MiniMaxAI/MiniMax-M3"
"""Its configuration is read as full attention, as the import says; the catalog knows more."""
SPARSE = {"kv_elems_per_token_full", "sparse_top_k", "sparse_layers", "index_heads",
          "index_head_dim"}  # fmt: skip


def imported(config: Config, name: str = "ours") -> ImportedModel:
    return model_from_config(json.dumps(config), name=name, file="config.json")


def catalogued(key: str) -> Model:
    return load_catalog().models[key]


@pytest.mark.parametrize("key", CATALOGUED)
def test_a_published_configuration_has_the_catalogued_shape(key: str) -> None:
    model, known = imported(CATALOGUED[key]).model, catalogued(key)
    for field in dataclasses.fields(Model):
        if field.name in SPARSE and key == BLOCK_SPARSE:
            continue
        if field.name not in NOT_THE_SHAPE:
            assert getattr(model, field.name) == getattr(known, field.name), field.name


@pytest.mark.parametrize("key", CATALOGUED)
def test_its_parameters_add_up_to_the_known_count(key: str) -> None:
    model, known = imported(CATALOGUED[key]).model, catalogued(key)
    assert model.total_params_b == pytest.approx(known.total_params_b, rel=0.01)
    active = 0.02 if key == APPROXIMATE else 0.01
    assert model.active_params_b == pytest.approx(known.active_params_b, rel=active)


@pytest.mark.parametrize(("source", "config", "total", "active"), PUBLISHED)
def test_models_the_catalog_lacks_have_their_published_size(
    source: str, config: Config, total: float, active: float
) -> None:
    model = imported(config).model
    assert model.total_params_b == pytest.approx(total, rel=0.02), source
    assert model.active_params_b == pytest.approx(active, rel=0.04), source


@pytest.mark.parametrize("key", [k for k in CATALOGUED if k != APPROXIMATE])
def test_the_engine_sees_the_experts_that_were_counted(key: str) -> None:
    """It solves total and active counts for experts and the rest: a second way to both."""
    found = imported(CATALOGUED[key])
    shape = model_shape(found.model)
    assert shape.expert_params == pytest.approx(found.parameters.experts, rel=1e-6)
    rest = found.parameters.attention + found.parameters.linear + found.parameters.dense
    assert shape.attention_params + shape.dense_params == pytest.approx(rest, rel=1e-6)


def test_a_dense_model_by_hand() -> None:
    """Two layers of width 1,024: eight heads of 128 over two KV heads, feed-forward 4,096."""
    config = {
        "architectures": ["TinyForCausalLM"], "model_type": "llama", "hidden_size": 1024,
        "num_hidden_layers": 2, "num_attention_heads": 8, "num_key_value_heads": 2,
        "intermediate_size": 4096, "vocab_size": 10_000, "max_position_embeddings": 128,
        "tie_word_embeddings": True, "torch_dtype": "float16",
    }  # fmt: skip
    found = imported(config)
    assert found.parameters.embedding == 10_240_000
    assert found.parameters.head == 0
    # Query and output 1,048,576 each; key and value 1,024 x 256 each.
    assert found.parameters.attention == 2 * (2 * 1_048_576 + 2 * 262_144)
    assert found.parameters.dense == 2 * 3 * 4_194_304
    assert found.parameters.total == found.parameters.active == 10_240_000 + 30_408_704
    assert found.model.kv_elems_per_token_full == 2 * 2 * 256
    assert found.model.native_precision == "fp16"


@pytest.mark.parametrize(
    ("settings", "precision"),
    [
        ({"quant_method": "fp8"}, "fp8"),
        ({"quant_method": "mxfp4"}, "mxfp4"),
        ({"quant_method": "gptq", "bits": 4}, "int4"),
        ({"quant_method": "gptq", "bits": 8}, "int8"),
        ({"quant_method": "awq", "bits": 4}, "int4"),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "int4"),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "int8"),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "nvfp4"),
        ({"quant_method": "compressed-tensors",
          "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "int"}}}}, "int4"),
        ({"quant_method": "compressed-tensors",
          "config_groups": {"group_0": {"weights": {"num_bits": 8, "type": "float"}}}}, "fp8"),
        ({"quant_method": "modelopt",
          "config_groups": {"a": {"weights": {"num_bits": 8, "type": "float"}},
                            "b": {"weights": {"num_bits": 4, "type": "float", "group_size": 16}}}},
         "nvfp4"),
    ],
)  # fmt: skip
def test_quantised_weights(settings: Config, precision: str) -> None:
    config = {**CATALOGUED["Qwen/Qwen3-4B"], "quantization_config": settings}
    assert imported(config).model.native_precision == precision


def test_the_quantisation_file_beside_counts_where_the_configuration_is_silent() -> None:
    beside = json.dumps({"quantization": {"quant_algo": "NVFP4", "kv_cache_quant_algo": "FP8"}})
    text = json.dumps(CATALOGUED["Qwen/Qwen3-4B"])
    found = model_from_config(text, name="ours", quantisation=beside)
    assert found.model.native_precision == "nvfp4"
    own = json.dumps(CATALOGUED["deepseek-ai/DeepSeek-V3"])
    assert model_from_config(own, name="ours", quantisation=beside).model.native_precision == "fp8"


def test_positions_stretched_later_make_the_context_longer() -> None:
    stretched = {"rope_scaling": {"type": "yarn", "factor": 4.0,
                                  "original_max_position_embeddings": 32768}}  # fmt: skip
    config = {**CATALOGUED["Qwen/Qwen3-4B"], "max_position_embeddings": 32768, **stretched}
    assert imported(config).model.max_context == 131072


def test_what_was_assumed_is_told() -> None:
    unsaid = {**CATALOGUED["Qwen/Qwen3-30B-A3B"], "tie_word_embeddings": None, "torch_dtype": None}
    notes = " ".join(imported(unsaid).notes)
    assert "16 bits are assumed" in notes
    assert "two are assumed" in notes
    assert "Only the language part" in imported(CATALOGUED["google/gemma-4-26B-A4B"]).notes[0]
    known = imported(CATALOGUED["Qwen/Qwen3-30B-A3B"])
    assert known.notes == ()
    other = imported({**CATALOGUED["Qwen/Qwen3-30B-A3B"], "model_type": "brand_new"})
    assert "compare the counted parameters with the published size" in other.notes[0]
    assert (known.model.provenance.confidence, other.model.provenance.confidence) == (
        "medium",
        "low",
    )


def test_the_model_travels_in_an_assessment() -> None:
    model = imported(CATALOGUED["openai/gpt-oss-120b"], name="Our model, v2").model
    assert model.id == "custom/Our-model-v2"
    assessment = Assessment(custom_models=(model,))
    assert from_json(to_json(assessment)) == assessment


def test_an_assessment_takes_the_model_in_once() -> None:
    model = imported(CATALOGUED["Qwen/Qwen3-4B"]).model
    longer = dataclasses.replace(model, max_context=65536)
    twice = with_custom_model(with_custom_model(Assessment(), model), longer)
    assert twice.custom_models == (longer,)
    many = Assessment()
    for n in range(MAX_CUSTOM_MODELS):
        many = with_custom_model(many, dataclasses.replace(model, id=f"custom/{n}"))
    with pytest.raises(ValueError, match=f"at most {MAX_CUSTOM_MODELS} own models"):
        with_custom_model(many, model)
