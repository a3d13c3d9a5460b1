"""The JSON Schema says what the field table says."""

from __future__ import annotations

import json

from core.assessment import Assessment, entries
from core.interchange.document import as_document, schema

WHOLE = schema()


def properties(path: str) -> dict[str, object]:
    node = WHOLE
    for part in path.replace("[0]", "").split("."):
        node = node.get("items", node)["properties"][part]
    return node


def test_every_input_is_described_with_its_default() -> None:
    for item in entries(Assessment()):
        described = properties(item.path)
        assert described["title"] == item.field.label
        default = list(item.default) if isinstance(item.default, tuple) else item.default
        assert described["default"] == default
        if item.field.maximum is not None:
            assert described["maximum"] == item.field.maximum


def test_nothing_else_is_allowed_and_the_default_document_fits() -> None:
    content = as_document(Assessment())
    # Own models and measurements are written only where there are any.
    assert set(content) | {"custom_models", "own_measurements"} == set(WHOLE["properties"])
    for name in ("site", "economics", "priorities", "project"):
        assert set(content[name]) == set(WHOLE["properties"][name]["properties"])
        assert WHOLE["properties"][name]["additionalProperties"] is False
    workload = WHOLE["properties"]["workloads"]["items"]
    assert set(content["workloads"][0]) == set(workload["properties"])


def test_optional_inputs_may_be_null_and_others_not() -> None:
    assert properties("site.racks")["type"] == ["integer", "null"]
    assert properties("site.rack_height_u")["type"] == "integer"
    assert "exclusiveMinimum" in properties("site.rack_power_kw")


def test_catalog_names_are_listed_where_they_are_given() -> None:
    named = schema({"regions": frozenset({"DEU", "FRA"})})
    assert named["properties"]["site"]["properties"]["region"]["enum"] == ["DEU", "FRA"]
    assert "enum" not in properties("site.region")


def test_it_is_json() -> None:
    assert json.loads(json.dumps(WHOLE, allow_nan=False)) == WHOLE
