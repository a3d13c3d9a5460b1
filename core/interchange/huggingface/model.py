"""From a checked configuration to the record the engine works with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from core.catalog.types import Confidence, Model, Provenance
from core.interchange.errors import DocumentError, shown
from core.interchange.huggingface.attention import HEADS
from core.interchange.huggingface.families import CHECKED, assumptions, tied_embeddings
from core.interchange.huggingface.feed_forward import FeedForwards, feed_forwards_of
from core.interchange.huggingface.layers import LAYERS, Layer, layers_of, names_layers
from core.interchange.huggingface.precision import precision_of
from core.interchange.huggingface.shape import attention_part
from core.interchange.json_object import JsonObject
from core.interchange.model_record import CUSTOM, as_record
from core.words import _

TEXT_TOWERS = ("text_config", "llm_config", "language_config")
"""Keys under which models that also see or hear keep their language model."""
HIDDEN = ("hidden_size", "n_embd", "d_model")
VOCABULARY = ("vocab_size", "padded_vocab_size")
CONTEXT = (
    "max_position_embeddings",
    "n_positions",
    "max_sequence_length",
    "seq_length",
    "max_seq_len",
    "model_max_length",
)
NEEDED = (HIDDEN, LAYERS, HEADS, VOCABULARY, CONTEXT)
_TIERS = ((2.5, "tiny"), (20.0, "small"), (50.0, "medium"), (250.0, "large"))
"""Upper ends in billions of parameters, as in the catalog; frontier beyond."""
_ID = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class ParameterCount:
    """Parameters by what they do, all layers together."""

    embedding: float
    head: float
    """0 where the embedding serves as output head."""
    attention: float
    linear: float
    """Linear-attention and state-space layers."""
    dense: float
    """Dense feed-forward parts, shared experts and routers."""
    experts: float
    expert_share: float
    """Share of the routed experts that one token uses."""

    @property
    def total(self) -> float:
        """All parameters."""
        return self.active + self.experts * (1.0 - self.expert_share)

    @property
    def active(self) -> float:
        """Parameters one token uses, the embedding included."""
        always = self.embedding + self.head + self.attention + self.linear + self.dense
        return always + self.experts * self.expert_share


@dataclass(frozen=True, slots=True)
class ImportedModel:
    """A custom model, how its parameters add up, and what had to be assumed."""

    model: Model
    architecture: str
    parameters: ParameterCount
    notes: tuple[str, ...]


def model_of(whole: JsonObject, *, name: str, as_of: str) -> ImportedModel:
    """The model of a configuration. Raises DocumentError."""
    text = whole.section(*TEXT_TOWERS)
    notes = (
        [] if text is None else [_("Only the language part is counted, no vision or audio part.")]
    )
    config = text or whole
    model_type = config.text("model_type") or whole.text("model_type")
    architecture = (whole.items("architectures", str) or [model_type or "unknown"])[0]
    _refuse(whole, config, architecture)
    hidden = config.whole(*HIDDEN, most=1_000_000)
    vocabulary = config.whole(*VOCABULARY, most=100_000_000)
    layers = layers_of(config, model_type)
    forward = feed_forwards_of(config, model_type, hidden, layers)
    precision, note = precision_of(whole, config)
    tied, unsaid = tied_embeddings(whole, config, model_type)
    notes += [text for text in (note, unsaid, *assumptions(config, model_type)) if text]
    part = attention_part(config, model_type, hidden, layers)
    share = forward.top_k / forward.experts if forward.experts else 0.0
    count = ParameterCount(
        embedding=float(vocabulary * hidden),
        head=0.0 if tied else float(vocabulary * hidden),
        attention=part.attention_parameters,
        linear=part.linear_parameters,
        dense=_always(forward, layers, hidden),
        experts=forward.routed_parameters() * _with_experts(layers),
        expert_share=share,
    )
    confidence: Confidence = "medium" if model_type in CHECKED else "low"
    source = PurePath(whole.file).name or "config.json"
    model = Model(
        id=CUSTOM + _identifier(name, whole.file),
        name=name.strip(),
        family=(model_type or architecture)[:100],
        total_params_b=count.total / 1e9,
        active_params_b=count.active / 1e9,
        layers=len(layers),
        hidden=hidden,
        vocab=vocabulary,
        tied_embeddings=tied,
        max_context=_context(config),
        native_precision=precision,
        licence=None,
        size_tier=next((t for most, t in _TIERS if count.total / 1e9 < most), "frontier"),
        provenance=Provenance(f"{source} ({architecture})"[:500], as_of, confidence),
        ffn=forward.dense,
        moe_ffn=forward.expert,
        n_experts=forward.experts,
        top_k=forward.top_k,
        n_shared_experts=forward.shared_experts,
        shared_ffn=forward.shared,
        dense_layers=_dense_layers(layers),
        **part.fields,
    )
    _storable(model, whole.file)
    return ImportedModel(model, architecture, count, tuple(notes))


def _storable(model: Model, file: str) -> None:
    """The model must fit the assessment it is for. Raises DocumentError."""
    try:
        as_record(model)
    except DocumentError as error:
        field = error.path.rpartition(".")[2]
        raise DocumentError(
            _("describes no model that can be used: {field} {reason}").format(
                field=field, reason=error.reason
            ),
            file=file,
        ) from error


def _identifier(name: str, file: str) -> str:
    key = _ID.sub("-", name.strip()).strip("-.")
    if not key or len(name) > 200:
        raise DocumentError(
            _("must have 1 to 200 characters, among them a letter or digit; got {shown}").format(
                shown=shown(name)
            ),
            file=file,
            path="name",
        )
    return key


def _refuse(whole: JsonObject, config: JsonObject, architecture: str) -> None:
    """What is no text generator, or whose shape these fields do not give."""
    if whole.flag("is_encoder_decoder") or config.flag("is_encoder_decoder"):
        raise whole.fail("is_encoder_decoder", _("encoder-decoder models are not supported"))
    needed = [group for group in NEEDED if group is not LAYERS or not names_layers(config)]
    missing = config.require(needed)
    if missing:
        raise DocumentError(
            _("the shape of architecture {shown} cannot be read: missing {join}").format(
                shown=shown(architecture), join="; ".join(missing)
            ),
            file=whole.file,
        )
    if architecture.endswith(("ForMaskedLM", "ForSequenceClassification", "ForTokenClassification",
                              "ForQuestionAnswering", "Model")):  # fmt: skip  # a list of names
        raise whole.fail(
            "architectures",
            _("must generate text (…ForCausalLM); got {shown}").format(shown=shown(architecture)),
        )
    for name, what in (
        ("block_configs", _("layers that each have a width of their own")),
        ("hidden_size_per_layer_input", _("embeddings in every layer")),
    ):
        value = config.found(name)[1]
        if value not in (None, 0, []):
            raise config.fail(name, _("models with {what} are not supported").format(what=what))


def _context(config: JsonObject) -> int:
    """Tokens of context, with the extension of the positions where it is not included yet."""
    context = config.whole(*CONTEXT, least=128)
    scaling = config.section("rope_scaling")
    if scaling is None or scaling.text("type", "rope_type") not in ("yarn", "linear", "dynamic"):
        return context
    start = scaling.whole("original_max_position_embeddings", default=context)
    return max(context, int(min(start * scaling.number("factor", default=1.0), 1e9)))


def _with_experts(layers: list[Layer]) -> int:
    return sum(layer.feed_forward in ("experts", "both") for layer in layers)


def _dense_layers(layers: list[Layer]) -> int:
    """Dense layers of a model that has experts; 0 for a dense model, as in the catalog."""
    dense = sum(layer.feed_forward == "dense" for layer in layers)
    return dense if _with_experts(layers) else 0


def _always(forward: FeedForwards, layers: list[Layer], hidden: int) -> float:
    dense = sum(layer.feed_forward in ("dense", "both") for layer in layers)
    common = forward.common_parameters(hidden) * _with_experts(layers)
    return dense * forward.dense_parameters(hidden) + common
