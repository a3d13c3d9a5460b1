"""Sources with dates, the works they name, and the glossary."""

from __future__ import annotations

import unicodedata

from core import facility
from core.catalog.citations import READ, Citation, cited
from core.catalog.remarks import UNNAMED
from core.catalog.types import Provenance
from core.decision.explanation import cross_check_notices
from core.decision.market import notices as market_notices
from core.language import ENGLISH, language
from core.notation import NO_BREAK, day, semicolons
from core.recommendation import Option
from core.report.brief import Brief, joined
from core.report.content import Blocks, Bullets, Callout, Column, Heading, Para, Table, Words
from core.report.quoting import quoted
from core.words import N_, _

OPTIONS_SOURCED = 6
GRADES = {
    "primary": N_("primary"),
    "research": N_("research"),
    "compiled": N_("compiled"),
    "secondary": N_("secondary"),
}
CONFIDENCE = {"high": N_("high"), "medium": N_("medium"), "low": N_("low")}


def told_in_english() -> tuple[str, ...]:
    """The remark where other texts are in another language; none in an English report."""
    if language() == ENGLISH:
        return ()
    return (
        _(
            "Names of works and products stand as published. What is not translated stands in "
            "English, with its numbers as English writes them: a comma before thousands, a point "
            "before decimals."
        ),
    )


def sources(brief: Brief) -> Blocks:
    """Where the figures of the leading options come from, stale ones, and market figures."""
    answer = brief.recommendation
    beside = cross_check_notices(answer.options)  # told beside the ranking
    warnings = [n.text for n in answer.notices if n.level == "warning" and n not in beside]
    if warnings:
        yield Heading(_("Check before you rely on it"), 2)
        yield Bullets(tuple(f"{text[:1].upper()}{text[1:]}" for text in warnings), small=True)
    shown = (answer.options or answer.rejected)[:OPTIONS_SOURCED]
    yield Heading(_("Sources of the leading options"), 2)
    for text in told_in_english():
        yield Para(text, "small")
    rows = _rows(shown)
    if rows:
        yield Table(
            (
                Column(_("Source")),
                Column(_("As of")),
                Column(_("Confidence")),
                Column(_("Used for")),
            ),
            tuple(rows),
        )
        yield from _works(shown)
    else:
        yield Callout(_("No option carries a source."))
    market = [n.text for n in answer.notices if n in market_notices()]
    if market:
        yield Heading(_("Market figures, used in no computation"), 2)
        yield Bullets(tuple(quoted(text) for text in market), small=True)


def _rows(options: tuple[Option, ...]) -> list[tuple[Words, ...]]:
    return [
        (
            quoted(p.source),
            day(p.as_of) or _("undated"),
            _(CONFIDENCE[p.confidence]),
            _purpose(labels, ranks),
        )
        for p, (labels, ranks) in _used(options).items()
    ]


def _purpose(labels: list[str], ranks: list[int]) -> str:
    """Lines of the bill that rest on a source, else the options whose hardware it describes."""
    if labels:  # they hold commas of their own: "Cloud instances, on demand"
        return semicolons(dict.fromkeys(labels))
    if not ranks:
        return _("hardware and model data")
    return _("hardware and model data of {options}").format(
        options=joined(f"#{NO_BREAK}{rank}" for rank in ranks)
    )


def _works(options: tuple[Option, ...]) -> Blocks:
    """Who published what the sources name, and how near each is to the fact."""
    building = [source for option in options[:1] for source in facility.sources(option.fleet)]
    works = cited([*building, *(provenance.source for provenance in _used(options))])
    if not works:
        return
    yield Heading(_("Works that the sources name"), 2)
    yield Para(
        _(
            "Primary: the maker, office or provider itself. Research: a study or a published "
            "trace. Compiled: primary facts collected by others. Secondary: a page or report that "
            "repeats them; check such figures before you rely on them. What was read without a "
            "date was read on {date}."
        ).format(date=day(READ)),
        "small",
    )
    yield Table(
        (
            Column(_("Named in the sources as")),
            Column(_("Publisher")),
            Column(_("Title")),
            Column(_("Date")),
            Column(_("Grade")),
        ),
        tuple(_work(work) for work in works),
    )


def _work(work: Citation) -> tuple[Words, ...]:
    return (
        work.id,
        _(work.publisher) if work.publisher in UNNAMED else work.publisher,
        quoted(work.title),
        day(work.date) or _("undated"),
        _(GRADES[work.grade]),
    )


def _used(options: tuple[Option, ...]) -> dict[Provenance, tuple[list[str], list[int]]]:
    """Every source of some options: the cost lines that rest on it, and the options' ranks."""
    used: dict[Provenance, tuple[list[str], list[int]]] = {}
    for option in options:
        for line in option.cost.lines if option.cost else ():
            used.setdefault(line.provenance, ([], []))[0].append(line.label)
        for provenance in option.sources:
            ranks = used.setdefault(provenance, ([], []))[1]
            if option.rank is not None:
                ranks.append(option.rank)
    return used


def alphabetical(text: str) -> str:
    """What a word is sorted by: letters with marks beside those without, capitals beside others."""
    return unicodedata.normalize("NFKD", text).casefold()


def glossary(brief: Brief) -> Blocks:
    """The words a reader may not know, in the order of their own language."""
    told = [(_(term), _(meaning)) for term, meaning in TERMS]
    ordered = sorted(told, key=lambda pair: alphabetical(pair[0]))
    yield Table(
        (Column(_("Term")), Column(_("Meaning"))),
        tuple(ordered),
        dense=True,
    )


TERMS = (
    (
        N_("A feed, B feed"),
        N_("The two separate supply lines of a rack; either one alone must carry it."),
    ),
    (N_("Accelerator"), N_("A GPU, TPU, NPU or comparable processor that runs the model.")),
    (N_("Arithmetic intensity"), N_("Arithmetic operations per byte read from memory.")),
    (
        N_("Burstiness (CV)"),
        N_("Standard deviation over mean of the time between requests; 1 is random."),
    ),
    (
        N_("Calibrated"),
        N_("Predicted by an engine fitted to measurements of like hardware, software and models."),
    ),
    (
        N_("Closed loop"),
        N_("A load test with a fixed number of requests at once: a new one begins as one ends."),
    ),
    (
        N_("Committed"),
        N_("Rented for a year or longer at a lower price, paid for whether used or not."),
    ),
    (
        N_("Decode"),
        N_("The phase that generates tokens one after the other; bound by memory bandwidth."),
    ),
    (N_("Expert (MoE)"), N_("A part of a model of which only a few are used for each token.")),
    (N_("Expert parallel (EP)"), N_("Keeping different experts on different accelerators.")),
    (
        N_("Extrapolated"),
        N_("Predicted where nothing like it was measured; the intervals are wider for it."),
    ),
    (
        N_("FP8, FP4, INT8, INT4, BF16"),
        N_("Numbers of 8, 4 or 16 bits, floating or whole, that weights are stored in."),
    ),
    (
        N_("FTE"),
        N_("Full-time equivalent: the work of one person in full employment."),
    ),
    (N_("Gate"), N_("A hard limit: an option that breaks one cannot be recommended.")),
    (
        N_("Hybrid, burst"),
        N_("Own servers for the steady load, rented capacity for what is above it: the burst."),
    ),
    (N_("Instance"), N_("A rented machine of a cloud, with its accelerators.")),
    (N_("IT power"), N_("Power of the servers alone, by nameplate; cooling is not counted.")),
    (
        N_("KV cache"),
        N_("Memory that holds what the model keeps of each token of a running request."),
    ),
    (N_("Levelised cost"), N_("Present value of all costs over present value of all tokens.")),
    (
        N_("LoRA"),
        N_("A small addition that adapts a model to a task; many share one copy of the model."),
    ),
    (N_("Measured"), N_("A published run lies near this configuration.")),
    (N_("Mtok"), N_("One million tokens, input and output together unless said otherwise.")),
    (
        N_("MTP, EAGLE"),
        N_("Ways of drafting tokens ahead that the model then checks several at a time."),
    ),
    (N_("Nameplate power"), N_("The power a server may draw at most; feeds are sized for it.")),
    (N_("On demand"), N_("Rented by the hour or second, with no commitment.")),
    (N_("P10, P50, P90"), N_("Values below which 10, 50 and 90 % of the sampled futures lie.")),
    (N_("P95, P99"), N_("The values that 95 and 99 of 100 requests do not exceed.")),
    (N_("Prefill"), N_("The phase that reads the prompt; bound by arithmetic.")),
    (N_("Prefix cache"), N_("Reuse of work for prompts that begin like an earlier one.")),
    (N_("Present value"), N_("Later money in today's, at the discount rate.")),
    (N_("PUE"), N_("Facility power over IT power.")),
    (
        N_("RDMA"),
        N_("Memory access over the network past the processors; fast links between servers."),
    ),
    (
        N_("Regret"),
        N_(
            "What a choice costs more than the cheapest option of the same sampled future, at most "
            "its own planned cost."
        ),
    ),
    (N_("Replica"), N_("One running copy of the model on its accelerators.")),
    (N_("Roofline"), N_("The speed that arithmetic and memory bandwidth allow at an intensity.")),
    (
        N_("Speculative decoding"),
        N_("Drafting several tokens ahead by a cheaper way and checking them all in one step."),
    ),
    (N_("Spot"), N_("Rented cheaply, and taken back by the provider at short notice.")),
    (
        N_("SXM, OAM, NVL"),
        N_("Forms of accelerators: modules on one board (SXM, OAM), cards joined in groups (NVL)."),
    ),
    (N_("Tensor parallel (TP)"), N_("Splitting each layer of a model over several accelerators.")),
    (N_("Token"), N_("A piece of text, about three quarters of an English word.")),
    (N_("TOPSIS"), N_("A ranking by distance to an ideal and to the worst case.")),
    (N_("TPOT"), N_("Time per output token after the first.")),
    (N_("TTFT"), N_("Time to first token, from sending the request, network included.")),
    (N_("Utilisation"), N_("Tokens served over tokens that could have been served.")),
    (N_("WUE"), N_("Litres of water for each kWh of IT energy.")),
)
"""Terms in English with their meanings; translated where they are printed."""
