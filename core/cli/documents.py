"""Commands about assessment files: a new one, the presets, the schema."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.cli.outcome import DONE, BadInputError, printable, readable_errors
from core.words import _


def new(arguments: argparse.Namespace) -> int:
    """Write a new assessment, with a preset's values if one is named."""
    import difflib

    from core.catalog.load import load_catalog
    from core.interchange.document import save
    from core.presets import new_assessment, site_presets, use_case_presets

    out = Path(arguments.out)
    with readable_errors():
        if out.is_dir():
            raise BadInputError(_("{out}: cannot be written: it is a folder").format(out=out))
        if out.exists() and out.stat().st_size > 0:
            raise BadInputError(
                _("{out}: exists already and is not overwritten; choose another name").format(
                    out=out
                )
            )
        catalog = load_catalog()
        known = sorted([p.id for p in use_case_presets(catalog)] + [p.id for p in site_presets()])
        if arguments.preset is not None and arguments.preset not in known:
            near = difflib.get_close_matches(arguments.preset, known, n=3, cutoff=0.4)
            hint = _("; the nearest: {near}").format(near=", ".join(near)) if near else ""
            raise BadInputError(
                _(
                    "--preset: '{name}' is not known{hint}. `inference-assess presets` lists all"
                ).format(name=printable(arguments.preset), hint=hint)
            )
        save(new_assessment(arguments.preset, catalog), out)
    print(
        _("Wrote {file}. Edit it, then: inference-assess run {file}").format(
            file=printable(str(out))
        )
    )
    return DONE


def presets(arguments: argparse.Namespace) -> int:
    """List use cases and sites that ``new --preset`` takes."""
    from core.catalog.load import load_catalog
    from core.presets import site_presets, use_case_presets

    with readable_errors():
        groups = (
            (_("Use cases"), [(p.id, _(p.title)) for p in use_case_presets(load_catalog())]),
            (_("Sites"), [(p.id, p.title) for p in site_presets()]),
        )
    width = max((len(key) for _head, rows in groups for key, _title in rows), default=0)
    for heading, rows in groups:
        print(heading)
        for key, title in rows:
            print(f"  {key:<{width}}  {title}")
    return DONE


def print_schema(arguments: argparse.Namespace) -> int:
    """Print the JSON Schema of assessment files."""
    from core.interchange.schema import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))
    return DONE
