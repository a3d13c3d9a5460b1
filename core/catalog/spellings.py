"""Other spellings of a name: ``NVIDIA H200 141GB`` for h200-sxm, ``Qwen3 32B FP8`` for Qwen3-32B.

A name is reduced to what tells one thing from another: makers, form-factor numbers, memory sizes,
precisions and words like *Instruct* go. A reduced name counts only where it leads to one thing. A
form factor counts only where it is not the thing's own: *H20 SXM* is the H20, *H100 PCIe* is not
the H100 that *H100* means. *CPU* is such a word too: of a chip with both, the processor is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_SEPARATORS = re.compile(r"[^a-z0-9.+]+")
_MEMORY = re.compile(r"(\d+(?=gi?b)|\d{1,3}(?=g$))gi?b?")
_HARDWARE_NOISE = frozenset(
    [
        "nvidia",
        "amd",
        "instinct",
        "intel",
        "aws",
        "huawei",
        "qualcomm",
        "ampere",
        "google",
        "apple",
        "geforce",
        "radeon",
        "tesla",
        "gpu",
        "tensor",
        "core",
        "per",
        "hbm2",
        "hbm2e",
        "hbm3",
        "hbm3e",
        "nvl72",
        "nvl36",
        "nvl8",
        "nvl4",
        "generation",
        "gen",
        "12th",
        "13th",
        "14th",
        "r",
        "tm",
        "server",
        "dgx",
        "hgx",
        "cts",
        "platinum",
        "gold",
        "gracehopper",
        "superchip",
        "edition",
        "se",
        "socket",
        "1",
        "habana",
        "developer",
        "kit",
        "devkit",
        "vf",
    ]
)
_MODEL_NOISE = frozenset(
    [
        "meta",
        "nvidia",
        "instruct",
        "it",
        "chat",
        "hf",
        "base",
        "bf16",
        "fp16",
        "fp8",
        "nvfp4",
        "mxfp4",
        "fp4",
        "int4",
        "int8",
        "mxfp8",
        "awq",
        "gptq",
        "gguf",
        "dynamic",
        "block",
        "kv",
        "qat",
        "preview",
        "99",
        "99.9",
    ]
)
_SCHEME = re.compile(r"(?:quantized\.)?w\d+a(?:fp)?\d+")
"""Quantisation schemes, and how collections of quantised models mark them."""
_PRECISION = re.compile(r"(?:mx|nv)?fp\d+|int\d")
_AGAIN = re.compile(r"v\d")
"""A second issue of a quantised model: only after its precision (``R1-FP4-v2``)."""
_GGUF = re.compile(r"[-_. ](?:ud[-_])?i?q\d(?:_[a-z0-9]+)*$")
_GGUF_FILE = re.compile(r"[-_.]gguf$")
_BOTH_PRECISIONS = re.compile(r"-w-(?:mx|nv)?(?:fp|int)\d+-a-(?:mx|nv)?(?:fp|int)\d+")
"""AMD's way to name the precisions of weights and activations."""
_FORMS = re.compile(r"(sxm)\d?|oam|pcie|nvl|cpu")
_CORES = re.compile(r"\d+[- ]core (?=processor\b)")
"""What a processor says of itself after its name: ``AMD EPYC 9654 96-Core Processor``."""
_PIECES = re.compile(
    r"(?:^(\d{1,3})x(?=[a-z]))|(?:(?:(?<=\d)|(?<=gb))x(\d{1,3})$)|(?:^x(\d{1,3})$)|(?:^(\d{1,3})x$)"
)
"""How many, before or after a name: ``8xH100``, ``H100x8``, ``H100 x8``, ``8x H100``."""
_TIMES_BEFORE = re.compile(r"^\s*(\d{1,3})\s*(?:[x×*]|[sp]\s)\s*(?=[a-z])")
_TIMES_AFTER = re.compile(r"\s*(?:[×*]|(?<=\s)x)\s*(\d{1,3})\s*$")
"""The same with spaces or another sign for times: ``2 x H100``, ``H100×8``, ``2S EPYC 9965``."""
_TPU_SLICE = re.compile(r"(?:(?<=v[56]e)|(?<=v5litepod))-(\d{1,3})\b")
"""Chips of a slice (``v6e-8``); other generations of TPU count cores instead."""
_MACHINES = re.compile(r"\b(?:mac[ -]?(?:studio|mini|pro)|macbook(?:[ -](?:pro|air))?|imac)\b")
"""Computers that are named before their chip: ``Mac Studio M3 Ultra``."""
_XEON_6 = re.compile(r"\bxeon[ -]6[ -](?=\d{4})")
"""The family's own number before the processor's: ``Xeon 6 6980P``."""
_KEPT = 4096
"""Reduced names remembered: more than the catalog has, so that a file of names reads them once."""
_MODEL_DATE = re.compile(r"v0\.\d|2[4-6](?:0[1-9]|1[0-2])|0[1-9](?:[0-2]\d|3[01])")


@lru_cache(maxsize=_KEPT)
def hardware_key(name: str) -> tuple[str, frozenset[str], float | None]:
    """(reduced name, form factors it states, memory in GB where it says one) of an accelerator."""
    kept, forms, memory = [], set(), None
    low = _XEON_6.sub("xeon ", _MACHINES.sub("", _times(name.lower())))
    if "processor" in low:
        low = _CORES.sub("", low).replace("processor", "cpu")
    for found in _SEPARATORS.split(_TPU_SLICE.sub("", low)):
        counted = "x" in found and (found[0].isdecimal() or found[-1].isdecimal())
        word = _PIECES.sub("", found) if counted else found
        if word in _HARDWARE_NOISE:
            continue
        if size := _MEMORY.fullmatch(word):
            memory = float(size[1])
        elif form := _FORMS.fullmatch(word):
            forms.add(form[1] or form[0])
        else:
            kept.append(word[:-1] if word[-1:] == "c" and word[:-1].isdecimal() else word)
    return "".join(kept), frozenset(forms), memory


def _times(low: str) -> str:
    low = _TIMES_BEFORE.sub(r"\1x ", low)
    if "×" in low or "*" in low or " x" in low:  # as in hardly a name
        low = _TIMES_AFTER.sub(r" x\1", low)
    return low


def pieces(name: str) -> int:
    """How many accelerators a name says there are (``8xH100``); 0 where it says nothing.

    A word such as ``32X`` behind more than a vendor is a part of the name (``A192-32X``).
    """
    low = _times(name.lower())
    words = _SEPARATORS.split(low)
    found = [
        match
        for at, word in enumerate(words)
        for match in _PIECES.finditer(word)
        if not match[4] or _HARDWARE_NOISE.issuperset(words[:at])
    ]
    found += _TPU_SLICE.finditer(low)
    return int(next(n for n in found[0].groups() if n)) if found else 0


@lru_cache(maxsize=_KEPT)
def model_key(name: str) -> str:
    """Reduced name of a model: neither publisher, nor precision, nor date of a release."""
    return "".join(w for w in _model_words(name) if not _MODEL_DATE.fullmatch(w))


def _model_words(name: str) -> list[str]:
    low = _GGUF_FILE.sub("", name.lower().rsplit("/", 1)[-1])
    low = _BOTH_PRECISIONS.sub("", _GGUF.sub("", low))
    words = _SEPARATORS.split(re.sub(r"(?<=\d)_(?=\d)", ".", low))
    return [
        word
        for before, word in zip(["", *words], words, strict=False)
        if word not in _MODEL_NOISE
        and not _SCHEME.fullmatch(word)
        and not (_AGAIN.fullmatch(word) and _PRECISION.fullmatch(before))
    ]


def find_hardware(
    name: str,
    known: Iterable[tuple[str, str]],
    memory_gb: Mapping[str, float],
    form_factors: Mapping[str, str] | None = None,
) -> str | None:
    """Id of the one accelerator that ``name`` can mean, or ``None``.

    ``known`` pairs spellings with ids; a stated memory must be that of the accelerator within a
    tenth (marketing and usable sizes differ). Where a chip is sold with several sizes and none is
    stated, the one counts that is known without a size. A form factor that no spelling has is no
    difference where it is the accelerator's own, of ``form_factors`` by id.
    """
    key, stated, memory = hardware_key(name)
    read = [(hardware_key(spelling), i) for spelling, i in known]
    named = [(forms, size, i) for (other, forms, size), i in read if key and other == key]
    alike = [(size, i) for forms, size, i in named if forms == stated]
    if not alike:
        own = form_factors or {}
        alike = [
            (size, i)
            for forms, size, i in named
            if all(form in own.get(i, "").lower() for form in stated - forms) and forms <= stated
        ]
    found = {i for _size, i in alike}
    if memory is not None:
        found = {i for i in found if abs(memory_gb[i] / memory - 1.0) < 0.1}
    elif len(found) > 1:
        found = {i for size, i in alike if size is None}
    return found.pop() if len(found) == 1 else None


def find_model(name: str, known: Iterable[tuple[str, str]]) -> str | None:
    """Id of the one model that ``name`` can mean, or ``None``; ``known`` as above.

    Where releases of different dates share a reduced name, the one whose spelling is nearest to
    complete counts: the same words, dates included.
    """
    key, pairs = model_key(name), list(known)
    found = {i for spelling, i in pairs if key and model_key(spelling) == key}
    if len(found) > 1:
        words = _words(name)
        found = {i for spelling, i in pairs if i in found and _words(spelling) == words}
    return found.pop() if len(found) == 1 else None


def _words(name: str) -> frozenset[str]:
    return frozenset(_model_words(name))
