"""One replica at one load: what its queue means for the latencies of its requests.

``state`` solves the queue and reads mean and spread of each latency from it. Times in
milliseconds, rates per millisecond inside this module.

A request waits for a place (only above the concurrency limit), then for the current step to end,
then is prefilled together with the other prompts that came during that step, then decodes one
token per step. So **TTFT** is the sum of

- the rest of the current cycle (a decode step stretched by the prefills mixed into it),
- the decode step that its own prefill shares (not without chunked prefill),
- its own prefill, and that of the prompts served in the same cycle,

a queue with gated bulk service: a cycle serves who came during the last one [1]. Its length has
mean D / (1 - r) and variance load E[P^2] E[c] / (1 - r^2), with D the decode step, P the prefill
work of a prompt and r = load E[P]; an arrival meets long cycles more often (E[c^2] / E[c]). Steps
hold a limited number of prompt tokens: as they fill up, each prompt also costs its share of the
decode steps that carry it, and the bulk queue becomes one prompt after another.

**TPOT** is the decode step at the number inside, over 1 - load E[P] for the prompts mixed in, plus
the prompts that came while the request itself was prefilled: they go before its decode. Both
together are bounded by one full chunk per step. **End-to-end** is TTFT plus the tokens at that
pace; the answer's first token comes after the share of tokens spent thinking.

Bursts enter as clumps (``queueing``): a prompt meets more others in its cycle, and work comes a
clump B at a time. With N prompts in a clump, geometric of mean m, per prompt

    E[B^2] / m = E[P]^2 (1 + cv^2 + 2 (m - 1)),
    E[B^3] / m = E[P]^3 ((1 + cv^2)^3 + 6 (m - 1) (1 + cv^2) + 6 (m - 1)^2),

the moments of a sum of N lognormal works [2]. Prompts that are read together share weights and
ranks: the first of a cycle takes what a prompt takes with few inside, each further one no more than
with every place taken.

[1] Takagi, "Queueing Analysis", vol. 1 (1991), gated vacations.
[2] Chaudhry and Templeton, "A First Course in Bulk Queues" (1983).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.lazy import lazy
from core.performance import queueing
from core.performance.percentiles import Latency
from core.performance.replicas import Replicas
from core.performance.types import Floats, RequestProfile

_NO_BOUND = 1e3
"""Without chunked prefill, nothing bounds how long prompts hold decodes up: in full steps."""
_MEMORY = 0.74
"""Variance left when a process of memory T is averaged over T: 2 (1 - (1 - 1/e))."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What the replica needs to know of the requests: plain numbers, per request."""

    steps_after_first: float
    """Output tokens after the first."""
    input_cv2: float
    output_cv2: float
    kept: float
    """How much of a clump is inside together, 1/2 to 1 (``queueing.overlap``)."""
    arrival_cv: float | Floats
    """Of the requests to one replica; an array (n,) where the replicas differ in it."""
    thinking: float
    """Share of the output before the first answer token."""


def requests(profile: RequestProfile, arrival_cv: Floats | None = None) -> Requests:
    """Lengths as lognormal distributions through the profile's mean and 95th percentile.

    ``arrival_cv`` (n,) is what each replica sees; by default all see the profile's.
    """
    sigma_in = queueing.lognormal_sigma(profile.input_tokens_mean, profile.input_tokens_p95)
    sigma_out = queueing.lognormal_sigma(profile.output_tokens_mean, profile.output_tokens_p95)
    return Requests(
        steps_after_first=max(profile.output_tokens_mean - 1.0, 0.0),
        input_cv2=queueing.squared_cv(sigma_in),
        output_cv2=queueing.squared_cv(sigma_out),
        kept=queueing.overlap(sigma_out),
        arrival_cv=profile.arrival_cv if arrival_cv is None else arrival_cv,
        thinking=profile.reasoning_token_share,
    )


@dataclass(frozen=True, slots=True)
class _Prompts:
    """The first-token phase, and the prefill work it leaves behind for the decodes after it."""

    ttft: Latency
    """Without the wait for a place."""
    behind: Floats
    """Mean delay (ms) of a request's decode by prompts that came while it was prefilled."""
    behind_var: Floats
    behind_cov: Floats
    """Covariance of that delay with TTFT."""


def _prompts(
    r: Replicas,
    req: Requests,
    load: Floats,
    step: Floats,
    step_var: Floats,
    prefill: Floats,
    busy: Floats,
) -> _Prompts:
    """First-token phase at a load (the module's docstring has the formulas)."""
    size, shared, least = r.prompt_share, r.mixed * step, r.prefill_ms[:, -1]
    filling = load * least
    stretch = 1.0 / (1.0 - np.minimum(filling, 0.98))
    # the cycle of decode step and mixed prefills, and who is served in the same one
    any_comes = -np.expm1(-load * step * stretch)
    plain = (step + (prefill - least) * any_comes) * stretch
    coming = load * plain
    mates = 2.0 * queueing.clump_mates(req.arrival_cv, coming / 2.0)
    # a clump stretches the cycle that its later half meets
    plain = plain + 0.5 * np.maximum(mates - coming, 0.0) * least
    coming = load * plain
    mates = 2.0 * queueing.clump_mates(req.arrival_cv, coming / 2.0)
    # how full the steps are, and what a prompt then costs in all
    full = np.minimum(size * (1.0 + mates), 1.0)
    work = least + shared * size * full
    use = np.minimum(load * work, 0.98)
    # the queue is of clumps: lengths of prompts differ, and how many come together
    wide = 1.0 + req.input_cv2
    extra = queueing.clump_mates(req.arrival_cv, coming) - coming
    second = work**2 * np.maximum(wide + 2.0 * extra, 0.0)
    extra = np.maximum(extra, 0.0)
    third = work**3 * (wide**3 + 6.0 * extra * (wide + extra))
    # the cycle's excess over a plain one: half of it is still to come, and new ones join
    joint = 0.5 + use * (1.0 - 0.5 * full)
    queue = load * second / (1.0 - use**2) * joint
    queue_var = queue**2 + load * third / (3.0 * (1.0 - use))
    lone = r.prefill_ms[:, 1]
    over = np.greater(req.arrival_cv, 1.0).astype(np.float64)
    zero = np.zeros_like(load)
    own_var, theirs, square = lone**2 * req.input_cv2, mates * least, plain**2
    mates_var = mates * least**2 * wide + over * theirs**2
    own_steps = shared * np.maximum(1.0, 0.5 + size)
    rest_var = square / busy / 3.0 - square / 4.0
    ttft = Latency(
        floor=np.maximum(r.alone_ms - lone, 0.0) + shared,
        mean=r.alone_ms + plain / 2.0 + own_steps + theirs + queue,
        variance=own_var + rest_var + step_var + mates_var + queue_var,
        wait_chance=zero,
        wait_mean=zero + 1.0,
    )
    # prompts that come during the last cycle go before the new request's decode
    phase = own_steps + lone + theirs + full * queue
    phase_var = own_var + mates_var + full * queue_var
    joined = 0.5 * (mates - coming) * (1.0 - full)  # of a clump, served in the same cycle
    came = np.maximum(queueing.clump_mates(req.arrival_cv, load * phase) - joined, 0.0)
    left = 1.0 / (1.0 - use)
    return _Prompts(
        ttft,
        came * prefill * left,
        (work**2 * wide * came + filling**2 * phase_var) * left**2,
        filling * phase_var * left,
    )


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Time per output token: ``pace`` of the steady part, ``seen`` per request."""

    pace: Latency
    seen: Latency
    given: Floats
    """Share of the asked-for interruption that fits into the steps, (n,)."""


def _per_token(
    r: Replicas,
    req: Requests,
    load: Floats,
    inside: queueing.Occupancy,
    drag: Floats,
    prompt: _Prompts,
) -> _Tokens:
    """Time per output token: the harmonic mean of the decode speed over a request's stay.

    It varies because the number inside does (averaged over the stay, which is about as long as
    the number's own memory: factor 0.74) and because different numbers of prompts interrupt it.
    Work left behind by its own first-token phase weighs most on short answers: with lengths
    lognormal, E[1/O] = (1 + cv^2) / E[O] and E[1/O^2] = (1 + cv^2)^3 / E[O]^2.
    """
    slow = 1.0 / (1.0 - np.minimum(load * drag, 0.98))
    token = 1.0 / (inside.present / r.token_ms).sum(axis=1)
    weighted = inside.present * r.token_ms
    square = np.einsum("ij,ij->i", weighted, r.token_ms)
    first = weighted.sum(axis=1)
    tokens, wide = max(req.steps_after_first, 1.0), 1.0 + req.output_cv2
    # A decode step carries one full chunk of prompts at most, so an interruption (exponential)
    # counts up to that: E[min(X, most)] = E[X] (1 - exp(-most / E[X])).
    most = drag / np.maximum(r.prompt_share, 1e-9) * np.where(r.mixed > 0, 1.0, _NO_BOUND)
    drawn, left = token * (slow - 1.0), prompt.behind / tokens
    given = -np.expm1(-most / np.maximum(drawn + left, 1e-12))
    mean = token + drawn * given
    swing = _MEMORY * np.maximum(square - first**2, 0.0) * (mean / token) ** 2
    burst = np.maximum(req.arrival_cv, 1.0) ** 2
    interrupted = load * drag**2 * (1.0 + req.input_cv2) * burst * mean / tokens * wide * given**2
    zero = np.zeros_like(load)
    pace = Latency(zero, mean, swing + interrupted, zero, zero + 1.0)
    # per request, short answers weigh more
    asked = drawn + left * wide
    left_var = (prompt.behind_var + prompt.behind**2) * wide**3 / tokens**2 - (left * wide) ** 2
    # where a few are held up for long and most not at all, fewer steps are full: nothing or an
    # exponential, of the same mean and variance
    rare = np.minimum(2.0 / (1.0 + left_var / np.maximum(asked, 1e-12) ** 2), 1.0)
    held = asked * -np.expm1(-most * rare / np.maximum(asked, 1e-12))
    left_var = np.clip(left_var * (held / np.maximum(asked, 1e-12)) ** 2, 0.0, 4.0 * held**2)
    uneven = interrupted + np.minimum(left_var, most**2 / 8.0)
    # with every place taken, all decode at one speed
    slowest = r.token_ms[:, -1] + np.minimum(held + 3.0 * np.sqrt(uneven), most)
    seen = Latency(
        0.5 * r.token_ms[:, 1], token + held, swing + uneven, zero, zero + 1.0, ceiling=slowest
    )
    return _Tokens(pace, seen, given)


def state(replicas_: Replicas, requests_: Requests, load_per_ms: Floats) -> State:
    """Solve the queues at loads (n,) in requests per ms, each below its saturation."""
    r, req = replicas_, requests_
    follow = queueing.clump_chance(req.arrival_cv, req.kept, load_per_ms / r.rate[:, 1])
    use = load_per_ms / r.saturation_per_ms
    spread = queueing.wait_spread(req.arrival_cv, req.output_cv2, use)
    inside = queueing.occupancy(r.chain, r.rate, load_per_ms, follow, spread)
    seen, late = inside.seen, inside.wait_chance

    weighted = seen[:, 1:] * r.step_ms[:, 1:]
    top_step = r.step_ms[:, -1]
    step = weighted.sum(axis=1) + late * top_step
    busy_seen = np.maximum(1.0 - seen[:, 0], 1e-9)
    # among those that find it busy: that some find it idle makes no long tail
    square = np.einsum("ij,ij->i", weighted, r.step_ms[:, 1:]) + late * top_step**2
    step_var = np.maximum(square - step**2 / busy_seen, 0.0)
    prefill = np.einsum("ij,ij->i", seen, r.prefill_ms) + late * r.prefill_ms[:, -1]
    prompt = _prompts(r, req, load_per_ms, step, step_var, prefill, busy_seen)
    tokens = _per_token(r, req, load_per_ms, inside, prefill * r.drag, prompt)
    return State(r, req, load_per_ms, follow, inside, prefill, prompt, tokens)


@dataclass(frozen=True)
class State:
    """n replicas at one load each: latencies (ms) and what the accelerators do.

    Most are asked about one or two latencies only: each is worked out where it is read.
    """

    _replicas: Replicas
    _requests: Requests
    _load: Floats
    _follow: Floats
    _inside: queueing.Occupancy
    _prefill: Floats
    _prompt: _Prompts
    _tokens: _Tokens

    @lazy
    def ttft(self) -> Latency:
        """Time to first token."""
        return self._waited(self._prompt.ttft.mean, self._prompt.ttft.variance)

    @lazy
    def answer(self) -> Latency:
        """The very same as ``ttft`` where nothing is thought before the answer."""
        thinking = self._requests.thinking
        return self._until(thinking) if thinking > 0 else self.ttft

    @property
    def tpot(self) -> Latency:
        """Time per output token."""
        return self._tokens.seen

    @lazy
    def e2e(self) -> Latency:
        """Until the last token."""
        return self._until(1.0)

    @lazy
    def busy(self) -> Floats:
        """Share of time with at least one request inside."""
        idle = np.minimum(self._inside.seen[:, 0] / (1.0 - self._follow), 1.0)
        return np.asarray(np.maximum(1.0 - idle, 1e-12))

    @property
    def prefill_time(self) -> Floats:
        """Share of time spent on prefill."""
        return np.minimum(self._load * self._prefill, self.busy)

    @lazy
    def decoding(self) -> Floats:
        """Mean requests inside while busy, at most the limit."""
        served = self._load * self.e2e.mean
        return np.asarray(np.clip(served / self.busy, 1.0, self._replicas.limit))

    def _until(self, share: float) -> Latency:
        """TTFT and a share of the tokens after the first."""
        prompt, req, pace = self._prompt, self._requests, self._tokens.pace
        tokens = req.steps_after_first * share
        relative = pace.variance / np.maximum(pace.mean, 1e-12) ** 2
        varied = (1.0 + req.output_cv2) * (1.0 + relative) - 1.0
        delayed = self._tokens.given * min(tokens, 1.0)
        behind = prompt.behind * delayed
        return self._waited(
            prompt.ttft.mean + behind + tokens * pace.mean,
            prompt.ttft.variance
            + prompt.behind_var * delayed**2
            + 2.0 * prompt.behind_cov * delayed
            + (tokens * pace.mean) ** 2 * varied,
        )

    def _waited(self, mean: Floats, variance: Floats) -> Latency:
        """A time that begins with the wait for a place and the first token."""
        wait = self._inside
        return Latency(self._prompt.ttft.floor, mean, variance, wait.wait_chance, wait.wait_mean)
