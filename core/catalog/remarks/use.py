"""Remarks on use: traffic and tuning."""

from __future__ import annotations

from core.words import N_

PATTERNS = (
    N_(
        "Assumption, no public LLM trace found: open 08-22, lunch and after-work peaks, "
        "busier weekends"
    ),
    N_(
        "Assumption, no public trace of one site found: Monday to Friday 07-20, most from 09 "
        "to 16 with a dip at noon, a shorter Friday afternoon, nothing at night or at "
        "weekends"
    ),
    N_("Azure LLM traces: week of 2024, 10-16 May, coding"),
    N_("Azure LLM traces: week of 2024, 12-18 May, conversation"),
    N_("RAGPulse: week from Wed 10 Sep 2025 12:00, weekday/weekend hour-of-day means"),
    N_("ServeGen: M-small, mean hour-of-day of days 1-8 (t=0 is local midnight)"),
    N_("{what}, one day"),
    N_("compared with {what}, large API traffic"),
    N_("recomputed traces"),
    N_("whole week {range}"),
    N_("minute-count index of dispersion {range}"),
    N_("{what} rate-weighted client CV median {one}, mean {other}"),
    N_("burstiness: definition"),
    N_("burstiness: {what}: CV {one} over the hour, {other} in 5-min windows"),
    N_("burstiness: {what} within-hour CV median {one}, max {other}"),
    N_("burstiness: {what} client CV p10 {low}, median {range}, p90 {high}"),
    N_("burstiness: {what} client CV p10 {low}, median {range}, p90 {high} (rate weighted)"),
    N_("burstiness: as of the measured week ({what})"),
    N_("burstiness: waves from a job queue, CV {range} ({what})"),
    N_("{what}: gaps between turns, {count} spoken words a minute"),
    N_("{what}: response within {range} s, reading rate"),
    N_("Secondary sources: a page as text takes 200 to 500 tokens, as an image 1,000 to 2,000"),
    N_("Published measurements of the same model, accelerator, engine, lengths and load"),
    N_("throughput mostly from static batches"),
    N_("{what}: blog on the FP8 KV cache"),
    N_("results of v5.1 and v6.0"),
    N_("read November 2026"),
)
