"""What the published weights are stored in, from the type and the quantisation settings."""

from __future__ import annotations

from core.interchange.errors import shown
from core.interchange.json_object import JsonObject
from core.words import _

_TYPES = {
    "bfloat16": "bf16",
    "float16": "fp16",
    "half": "fp16",
    "float32": "fp32",
    "float": "fp32",
    "float8_e4m3fn": "fp8",
}
_METHODS = {
    "fp8": "fp8",
    "fbgemm_fp8": "fp8",
    "mxfp4": "mxfp4",
    "awq": "int4",
}
"""Methods whose name says it all; AWQ is published in 4 bits only."""
_ALGORITHMS = {
    "FP8": "fp8",
    "NVFP4": "nvfp4",
    "MXFP4": "mxfp4",
    "W4A16_AWQ": "int4",
    "W4A8_AWQ": "int4",
    "W4A16": "int4",
    "W8A16": "int8",
    "INT8_SQ": "int8",
}
"""ModelOpt's names."""


def precision_of(whole: JsonObject, text: JsonObject) -> tuple[str, str]:
    """(precision, note): what the weights are stored in, and what had to be assumed.

    Raises DocumentError for a quantisation that is given but not known: what it needs in memory
    would be a guess.
    """
    if text.text("expert_dtype").lower() == "fp4":
        return "mxfp4", ""  # DeepSeek-V4: the experts, nearly all weights, in 4 bits
    quantised = whole.section("quantization_config") or text.section("quantization_config")
    if quantised is not None:
        return _quantised(quantised), ""
    kind = text.text("torch_dtype", "dtype") or whole.text("torch_dtype", "dtype")
    if not kind:
        return "bf16", _("The type of the weights is not given: 16 bits are assumed.")
    kind = kind.removeprefix("torch.")
    if kind not in _TYPES:
        raise text.fail(
            "torch_dtype",
            _("must be one of {join}; got {shown}").format(
                join=", ".join(_TYPES), shown=shown(kind)
            ),
        )
    return _TYPES[kind], ""


def _quantised(settings: JsonObject) -> str:
    method = settings.text("quant_method").lower()
    algorithm = settings.text("quant_algo").upper()
    if algorithm in _ALGORITHMS:
        return _ALGORITHMS[algorithm]
    if method in _METHODS:
        return _METHODS[method]
    if method in ("gptq", "gptq_marlin", "auto-round"):
        bits = settings.whole("bits", least=2, most=16)
        return _integers(settings, "bits", bits)
    if method == "bitsandbytes":
        return "int4" if settings.flag("load_in_4bit") else "int8"
    stored = [_group(group) for group in settings.sections("config_groups")]
    if stored:
        # Weights of several precisions: the narrowest holds the bulk (the experts).
        return min(stored, key=lambda name: _BITS[name])
    raise settings.fail(
        "quant_method",
        _("this quantisation is not known; known are {join}; got {shown}").format(
            join=", ".join([*_METHODS, "gptq", "bitsandbytes", "compressed-tensors", "modelopt"]),
            shown=shown(" ".join(t for t in (method, algorithm) if t)),
        ),
    )


_BITS = {"mxfp4": 4, "nvfp4": 4, "int4": 4, "fp8": 8, "int8": 8}


def _integers(settings: JsonObject, name: str, bits: int) -> str:
    if bits not in (4, 8):
        raise settings.fail(name, _("must be 4 or 8 bits; got {bits}").format(bits=bits))
    return f"int{bits}"


def _group(group: JsonObject) -> str:
    """Weights of one group of compressed-tensors or ModelOpt settings."""
    weights = group.section("weights")
    if weights is None:
        raise group.fail("weights", _("must be given"))
    bits = weights.whole("num_bits", least=2, most=16)
    if weights.text("type") == "int":
        return _integers(weights, "num_bits", bits)
    if bits == 4:
        size = weights.whole("group_size", default=16, least=1, most=1024)
        return "mxfp4" if size == 32 else "nvfp4"
    if bits == 8:
        return "fp8"
    raise weights.fail("num_bits", _("must be 4 or 8; got {bits}").format(bits=bits))
