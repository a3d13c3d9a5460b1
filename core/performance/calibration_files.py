"""Files of a calibration: measurements in; parameters and the runs shown as evidence out."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

from core.performance import parameters as par
from core.performance import published_library
from core.performance.measurement_format import Row
from core.performance.measurements import Names, runs_of
from core.performance.published_split import count
from core.performance.quantities import QUANTITIES
from core.performance.targets import FitSet
from core.performance.validate import validate

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def read_measurements(path: Path) -> tuple[str, str]:
    """(text, SHA-256 of the uncompressed bytes) of a CSV file, gzipped or plain."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest()


def to_json(fitted: par.Parameters, data: FitSet, date: str, digest: str) -> str:
    """The parameter file's text."""
    count: dict[str, int] = {}
    for i in set(data.targets.case.tolist()):
        for name, q in QUANTITIES.items():
            for feature, _width in q.groups:
                key = f"{name}|{par.join_label(feature, data.cases.labels[i])}"
                count[key] = count.get(key, 0) + 1
    confidence = {
        name: {
            group: "high"
            if count.get(f"{name}|{group}", 0) >= 100
            else ("medium" if count.get(f"{name}|{group}", 0) >= 20 else "low")
            for group in groups
        }
        for name, groups in fitted.offsets.items()
    }
    content = {
        "about": "Fitted by core.performance.calibrate; not edited by hand",
        "date": date,
        "data_sha256": digest,
        "values": len(data.targets.case),
        "common": {k: round(v, 6) for k, v in fitted.common.items()},
        "units": {k: q.unit for k, q in QUANTITIES.items()},
        "meaning": {k: q.meaning for k, q in QUANTITIES.items()},
        "offsets": {
            k: {g: round(x, 5) for g, x in sorted(v.items())} for k, v in fitted.offsets.items()
        },
        "confidence": confidence,
        "power": fitted.power,
        "tables": fitted.tables,
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


SHOWN = (
    *("model", "accelerator", "engine", "precision", "tp", "ep", "dp", "generation"),
    *("isl", "osl", "concurrency", "metric", "value", "predicted", "source", "source_date"),
)
"""Columns of the runs shown beside predictions."""


def shown_runs(rows: Sequence[Row], catalog: Names) -> bytes:
    """Compressed CSV of resolved runs with predictions, for ``evidence.nearest``."""
    runs, _reasons = runs_of(rows, catalog)
    wanted = published_library.METRICS
    out = io.StringIO()
    writer = csv.DictWriter(out, SHOWN, lineterminator="\n")
    writer.writeheader()
    for row, p in zip(rows, validate(rows, catalog).predictions, strict=True):
        if p.predicted is None or row.metric not in wanted:
            continue
        run = runs[row.point_id]
        writer.writerow(
            {
                "model": run.model.id,
                "accelerator": run.accelerator.id,
                "engine": run.engine,
                "precision": run.precision,
                "tp": run.tp,
                "ep": max(count(row.cells, "ep"), 1),
                "dp": run.dp,
                "generation": run.accelerator.generation,
                "isl": f"{run.input_tokens:.0f}",
                "osl": f"{run.output_tokens:.0f}",
                "concurrency": row.cells["concurrency"],
                "metric": row.metric,
                "value": f"{row.value:.5g}",
                "predicted": f"{p.predicted:.5g}",
                "source": row.cells["source_id"],
                "source_date": row.cells["version_date"],
            }
        )
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as file:
        file.write(out.getvalue().encode())
    return packed.getvalue()
