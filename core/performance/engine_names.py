"""Serving engines as their makers write them: the one place for tables, sentences and charts."""

from __future__ import annotations

NAMES = {
    "deepspeed": "DeepSpeed",
    "habana": "Optimum Habana",
    "jetstream": "JetStream",
    "llama.cpp": "llama.cpp",
    "neuron": "Neuron",
    "sglang": "SGLang",
    "tensorrt-llm": "TensorRT-LLM",
    "tgi": "TGI",
    "vllm": "vLLM",
}


def engine_name(key: str) -> str:
    """An engine's name, with a version after it where the key has one; unknown ones unchanged."""
    first, _space, rest = key.partition(" ")
    return f"{NAMES.get(first.lower(), first)} {rest}".rstrip()
