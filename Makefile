# Two commands: `make run` starts Inference Advisor, `make test` runs its tests.
# Both set up everything they need in .venv the first time.

.PHONY: run test test-full bench lint format messages calibrate screenshots sample-report clean
.DEFAULT_GOAL := run

BIN := .venv/bin
PYTEST := QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q

run: .venv/.ready-run
	@.ci/start

test: .venv/.ready-test
	@.ci/system-packages offscreen
	@.ci/system-packages tests || echo "Tests that need them will be skipped." >&2
	@$(PYTEST) -n 2 -m "not full and not benchmark"

test-full: .venv/.ready-test
	@.ci/system-packages window tests
	@$(PYTEST) -n 2

bench: .venv/.ready-test
	@.ci/system-packages offscreen
	@$(BIN)/python tests/benchmarks/run_all.py

lint: .venv/.ready-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict core gui resources
	@$(BIN)/lint-imports --no-logo

format: .venv/.ready-test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages: .venv/.ready-test
	@$(BIN)/python tests/locale/messages.py

# One thread of linear algebra per worker process: more only wait for one another.
calibrate: .venv/.ready-run
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m core.performance.calibrate

screenshots: .venv/.ready-test
	@.ci/system-packages offscreen
	@$(BIN)/python tests/gui/take_screenshots.py

sample-report: .venv/.ready-run
	@$(BIN)/python -m tests.report.sample

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	    .import_linter_cache assessment.pdf

# Stamps: made anew when what is to be installed changes.
.venv/.ready-%: pyproject.toml constraints.txt
	@.ci/set-up $*
