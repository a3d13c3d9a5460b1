"""Only hosted APIs allowed, and none has the model: told as that, not as a count of limits."""

from __future__ import annotations

import dataclasses

from core.assessment import Assessment
from core.decision.hosted_only import no_hosted_api
from core.recommendation import WorkloadDemand
from tests.core.decision import builders as b


def hosted(*venues: str) -> Assessment:
    what = b.assessment()
    return dataclasses.replace(what, site=dataclasses.replace(what.site, venues=venues))


def asked(*models: str) -> list[WorkloadDemand]:
    return [
        WorkloadDemand(name, name, (1.0,), 1.0, (1.0,), (1.0,), (1.0,), (1.0,) * 168, 1.0, 1.0)
        for name in models
    ]


def test_the_model_that_no_hosted_api_offers_is_named() -> None:
    only, out = hosted("token_api"), [b.option("a")]
    told = no_hosted_api(only, out, asked("Model X"))
    assert told == "only hosted APIs are allowed, and none in the catalog offers Model X"
    both = no_hosted_api(only, out, asked("Model X", "Model Y", "Model X"))
    assert both.endswith("offers all of Model X and Model Y")


def test_where_an_api_was_examined_or_others_are_allowed_limits_are_told_as_ever() -> None:
    examined = dataclasses.replace(b.option("a"), venue="token_api")
    assert no_hosted_api(hosted("token_api"), [examined], asked("Model X")) == ""
    assert no_hosted_api(hosted("token_api", "gpu_cloud"), [], asked("Model X")) == ""
    assert no_hosted_api(hosted("token_api"), [], []) == ""
