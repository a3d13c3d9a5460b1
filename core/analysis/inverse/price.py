"""What does a price per million tokens buy? Options, latency and volume."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from core.analysis.inverse.telling import QuestionError, cheapest, priced
from core.analysis.inverse.volume import Volume
from core.analysis.narrow import Narrow
from core.analysis.search import Turn, confirmed, first, ladder, narrowed
from core.assessment import Workload
from core.decision import verdicts
from core.decision.wording import milliseconds, number
from core.notation import with_currency
from core.recommendation import Answer, Option
from core.words import N_, _, ngettext

TARGETS = (("ttft_ms", N_("time to first token")), ("tpot_ms", N_("time per output token")))


def buys(narrow: Narrow, price: float) -> tuple[Answer, ...]:
    """What a price per million tokens (user's currency) buys: options, latency, volume.

    Raises ``QuestionError`` where the price is not above zero.
    """
    if not 0 < price < math.inf:
        raise QuestionError(
            _("the price per million tokens must be above 0; got {price:g}").format(price=price)
        )
    currency = narrow.recommendation.currency
    question = _("What does {price} per million tokens buy?").format(
        price=with_currency(currency.code, number(price, 4))
    )
    usd = price / currency.per_usd
    latency = [_tightest(narrow, usd, question, key, _(name)) for key, name in TARGETS]
    return (
        _within(narrow, usd, question),
        *(answer for answer in latency if answer is not None),
        _least_demand(narrow, usd, question),
    )


def _affordable(options: Sequence[Option], usd: float) -> list[Option]:
    return [o for o in options if o.cost and o.cost.usd_per_mtok.base <= usd * (1 + 1e-9)]


def _within(narrow: Narrow, usd: float, question: str) -> Answer:
    options = narrow.recommendation.options
    found = _affordable(options, usd)
    least = cheapest(options)
    if least is None:
        text = _("Nothing: no option is feasible.")
    elif not found:
        text = _("None of the {n} feasible options: the cheapest is {option}.").format(
            n=len(options), option=priced(least, narrow)
        )
    else:
        text = _("{n} of the {all} feasible options; the best of them is {option}.").format(
            n=len(found), all=len(options), option=priced(found[0], narrow)
        )
    kept_out = [
        o for o in _affordable(narrow.recommendation.rejected, usd) if verdicts.failures(o.gates)
    ]
    nearest = cheapest(kept_out)
    if nearest is not None and not found:
        text += ngettext(
            " {n} rejected option would cost as little: {option}, which fails on {limits}.",
            " {n} rejected options would cost as little, the cheapest {option}, which fails on "
            "{limits}.",
            len(kept_out),
        ).format(
            n=len(kept_out),
            option=priced(nearest, narrow),
            limits=verdicts.binding_text(nearest.gates),
        )
    title = found[0].title if found else ""
    return Answer("options_within", question, text, float(len(found)), "options", title, True)


def _tightest(narrow: Narrow, usd: float, question: str, key: str, name: str) -> Answer | None:
    """The shortest latency target that an option with predicted latencies meets at the price.

    With several workloads all their targets are shortened alike, and the answer is the first
    one's. ``None`` without such a target.
    """
    stated = narrow.recommendation.assessment
    limits = [getattr(w.targets, key) for w in stated.workloads]
    now = next((float(limit) for limit in limits if limit is not None), None)
    if now is None:
        return None

    def options(value: float, *, full: bool = False) -> list[Option]:
        works = tuple(_with_target(w, key, value / now) for w in stated.workloads)
        changed = dataclasses.replace(stated, workloads=works)
        ranked = narrow.run_full(changed) if full else narrow.run_contenders(changed)
        return [o for o in _affordable(ranked.options, usd) if _predicted(o)]

    blank = Answer(f"tightest_{key}", question, "", None, "ms", "", False)
    if not options(now):
        text = _("No option with a predicted {name} costs as little at the stated targets.")
        return dataclasses.replace(blank, answer=text.format(name=name))
    up = first(lambda v: not options(v), ladder(now, 1.0))
    if up is None:
        return None
    shortest = first(lambda v: not options(v, full=True), ladder(up.fails, 1.0))
    if shortest is None:
        return None
    turn, verified = confirmed(
        Turn(holds=up.fails, fails=up.holds),
        lambda v: bool(options(v)),
        lambda v: bool(options(v, full=True)),
        [shortest.holds, shortest.fails],
    )
    best = options(turn.holds, full=True)
    title = best[0].title if best else ""
    if number(turn.holds) == number(now):
        text = _("The stated {name} of {now}, hardly any shorter, on {option}.")
    elif len(stated.workloads) == 1:
        text = _("A {name} of {value} instead of {now}, on {option}.")
    else:
        text = _("A {name} of {value} instead of {now} in the first workload and as much "
                 "shorter in the others, on {option}.")  # fmt: skip  # one sentence
    return dataclasses.replace(
        blank,
        answer=text.format(
            name=name, value=milliseconds(turn.holds), now=milliseconds(now), option=title
        ),
        value=turn.holds,
        option_title=title,
        verified=verified,
    )


def _with_target(workload: Workload, key: str, factor: float) -> Workload:
    value = getattr(workload.targets, key)
    if value is None:
        return workload
    changed = dataclasses.replace(workload.targets, **{key: max(value * factor, 1.0)})
    return dataclasses.replace(workload, targets=changed)


def _predicted(option: Option) -> bool:
    """Whether every latency target was predicted: what nobody publishes is no answer here."""
    return all(c.predicted_ms is not None for s in option.servings for c in s.targets)


def _least_demand(narrow: Narrow, usd: float, question: str) -> Answer:
    """The smallest demand at which some feasible option costs no more."""
    volume = Volume(narrow.recommendation.assessment)

    def options(amount: float, *, full: bool = False) -> list[Option]:
        changed = volume.at(amount)
        ranked = narrow.run_full(changed) if full else narrow.run_contenders(changed)
        return _affordable(ranked.options, usd)

    blank = Answer("least_demand", question, "", None, volume.unit, "", False)
    if options(volume.now):
        down = first(lambda v: not options(v), volume.downward())
        if down is None:
            text = _("Any demand: even {amount} cost no more per token.")
            return dataclasses.replace(blank, answer=text.format(amount=volume.told(volume.least)))
        turn = Turn(holds=down.fails, fails=down.holds)
    else:
        up = first(lambda v: bool(options(v)), volume.upward())
        if up is None:
            text = _("No demand up to {amount} costs as little per token.")
            return dataclasses.replace(blank, answer=text.format(amount=volume.told(volume.most)))
        turn = up
    turn = narrowed(lambda v: bool(options(v)), turn, whole=volume.counted(turn.holds))
    best, short = options(turn.holds, full=True), options(turn.fails, full=True)
    title = best[0].title if best else ""
    text = _("That price from {amount} on, with {option}.").format(
        amount=volume.told(turn.holds), option=title
    )
    return dataclasses.replace(
        blank,
        answer=text,
        value=volume.tried(turn.holds),
        option_title=title,
        verified=bool(best) and not short,
    )
