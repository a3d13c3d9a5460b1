"""Where only hosted APIs are allowed and none has the model: no limit that could be lifted."""

from __future__ import annotations

from collections.abc import Sequence

from core.assessment import Assessment
from core.decision.wording import listed
from core.recommendation import Option, WorkloadDemand
from core.words import _


def no_hosted_api(
    assessment: Assessment, rejected: Sequence[Option], demand: Sequence[WorkloadDemand]
) -> str:
    """That nothing but hosted APIs is allowed and none offers the models, as a clause; else ""."""
    names = list(dict.fromkeys(d.model_name for d in demand))
    hosted_only = set(assessment.site.venues) == {"token_api"}
    if not hosted_only or not names or any(o.venue == "token_api" for o in rejected):
        return ""
    text = (
        _("only hosted APIs are allowed, and none in the catalog offers {models}")
        if len(names) == 1
        else _("only hosted APIs are allowed, and none in the catalog offers all of {models}")
    )
    return text.format(models=listed(names))
