# make demo      set everything up, build the sample reports, print where they are
# make test      set everything up, check style and types, run the core suite (about six minutes on two cores)
# make test-all  the same plus the tests with heavy real parts (browser, LibreOffice, fresh installs) and with the
#                training frameworks (in .venv-frameworks, two gigabytes)
# make lint · make bench · make samples

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest -n 2

# what Torch's build for graphics cards needs and its CPU build does not
CUDA := torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cupti nvidia-cuda-nvrtc \
  nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse \
  nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx

.PHONY: demo setup test test-all lint bench samples catalogue lock clean

demo: setup
	@for config in samples/digits samples/regression samples/weekly samples/tasks; do \
	  echo "== $$config"; \
	  $(BIN)/reportgen build --config $$config/reportgen.toml --out reports || failed=1; \
	done; \
	echo; echo "The reports are in $(CURDIR)/reports:"; ls -1 reports; \
	if [ -n "$$failed" ]; then .ci/ensure-pango --explain; fi

# exactly the pinned packages, by hash, then this checkout without asking an index again
$(READY): pyproject.toml .constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(READY)
	@.ci/ensure-pango || true

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup lint
	$(PYTEST)

test-all: setup lint
	.ci/ensure-heavy
	@PYTHON=$(PYTHON) .ci/ensure-frameworks
	$(PYTEST) -rs -m "not frameworks and not live"
	.venv-frameworks/bin/python -m pytest -n 2 tests/integrations -m frameworks

bench: setup
	@for script in benchmarks/*/run.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# trains for some minutes and writes the sample runs anew
samples: setup
	$(BIN)/python samples/make_samples.py

# collects what reports say in reportgen/locale/, for those who translate it
catalogue: setup
	$(BIN)/python .ci/catalogue

# needs uv; pins every package with hashes and without an index address
lock:
	uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url \
	  --no-header --python-version 3.11 --upgrade -o .constraints.txt
	uv pip compile .ci/s3-server.in --universal --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --python-version 3.11 --upgrade -o .ci/s3-server.txt
	uv pip compile .ci/frameworks.in --universal --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --python-version 3.11 --upgrade $(CUDA:%=--no-emit-package %) -o .ci/frameworks.txt

clean:
	rm -rf $(VENV) .venv-frameworks reports build dist .mypy_cache .ruff_cache .hypothesis
