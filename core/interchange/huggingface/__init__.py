"""A model the catalog does not have, from the ``config.json`` published with its weights.

The file is not trusted: it is bounded in size, every field is checked where it is read, and an
architecture whose shape cannot be read is refused with the fields that are missing. The number of
parameters is computed from the shape, matrix by matrix; norms and biases, together below 0.1 %,
are left out, and so are vision towers and layers for multi-token prediction.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.interchange.errors import DocumentError
from core.interchange.files import read_bounded
from core.interchange.huggingface.model import ImportedModel, ParameterCount, model_of
from core.interchange.json_object import JsonObject
from core.interchange.strict_json import MAX_BYTES, decode, parse
from core.words import N_, _

QUANTISATION_FILE = "hf_quant_config.json"
"""Where some publishers keep the quantisation, beside ``config.json``."""

__all__ = ["ImportedModel", "ParameterCount", "model_from_config", "read_model"]


def model_from_config(
    text: str, *, name: str, file: str = "", as_of: str = "", quantisation: str = ""
) -> ImportedModel:
    """The model that a ``config.json`` describes, as a custom model of an assessment.

    ``name`` is what the user calls it; ``as_of`` the ISO date of the file, "" if unknown;
    ``quantisation`` the text of an ``hf_quant_config.json``, which counts where the configuration
    names no quantisation itself. Raises DocumentError naming the field, the value and what is
    allowed.
    """
    values = _object(text, file)
    if quantisation and values.get("quantization_config") is None:
        beside = _object(quantisation, QUANTISATION_FILE)
        values = {**values, "quantization_config": beside.get("quantization")}
    return model_of(JsonObject(values, file), name=name, as_of=as_of)


def read_model(path: str | Path, *, name: str, as_of: str = "") -> ImportedModel:
    """The same from a file and, if there is one, the quantisation file beside it.

    Raises DocumentError, also where a file cannot be read.
    """
    place = Path(path)
    data = read_bounded(place, MAX_BYTES)
    beside = place.parent / QUANTISATION_FILE
    quantisation = decode(read_bounded(beside, MAX_BYTES), str(beside)) if beside.is_file() else ""
    return model_from_config(
        decode(data, str(path)), name=name, file=str(path), as_of=as_of, quantisation=quantisation
    )


def _object(text: str, file: str) -> dict[str, Any]:
    values = parse(text, file, expected=N_("a model's config.json"), infinite=True)
    if not isinstance(values, dict):
        raise DocumentError(_("must be a JSON object, as a model's config.json is"), file=file)
    return values
