# Both commands of the README do all their own set-up: .venv, its packages, and what the system must have.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CLIENTS := curl:curl wget:wget ffmpeg:ffmpeg ffprobe:ffmpeg mpv:mpv cvlc:vlc-bin,vlc-plugin-base motion:motion \
	gst-launch-1.0:gstreamer1.0-tools,gstreamer1.0-plugins-base,gstreamer1.0-plugins-good

LOOPS := tests/hub/test_engine.py tests/hub/test_watchdog.py tests/hub/test_checks.py tests/live tests/sources tests/test_run.py \
	tests/end_to_end/test_viewers.py tests/end_to_end/test_wall.py tests/end_to_end/test_newsfeed.py

# End-to-end tests wait a good part of their time: one more than there are cores.
WORKERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

.PHONY: demo test check unit coverage end-to-end without-uvloop firmware format clean

demo: $(VENV)/.runs
	$(BIN)/vedette demo $(ARGS)

# The first two have one core's work each, and do not mind each other.
test: $(VENV)/.develops
	$(MAKE) -j2 check firmware
	$(MAKE) unit
	$(MAKE) end-to-end
	$(MAKE) without-uvloop

check: $(VENV)/.develops
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.develops
	sh scripts/need.sh tjbench:libjpeg-turbo-progs g++:g++
	$(BIN)/python -m pytest --ignore tests/end_to_end -n auto

# Which lines of the product the unit tests reach; a minute longer than without.
coverage: $(VENV)/.develops
	$(BIN)/python -m pytest --ignore tests/end_to_end -n auto --cov --cov-report=term

end-to-end: $(VENV)/.develops
	sh scripts/need.sh chromium:chromium psql:postgresql-client,postgresql $(CLIENTS)
	$(BIN)/python -m pytest tests/end_to_end -m once
	$(BIN)/python -m pytest tests/end_to_end -m "not once" -n $(WORKERS)

# What has to do with a loop, with asyncio's own: a package of that name that refuses to be imported stands in front of uvloop.
without-uvloop: $(VENV)/.develops
	PYTHONPATH=$(CURDIR)/tests/without_uvloop $(BIN)/python -m pytest $(LOOPS) -m "not browser and not clients and not postgresql and not once" -n auto

# The boards' own firmware: its tests on this machine, with both compilers and their sanitizers. Where Debian keeps
# clang's apart, their package has clang's version in its name.
firmware: $(VENV)/.develops
	sh scripts/need.sh g++:g++ clang++:clang
	ls $$(clang++ -print-resource-dir)/lib/*/libclang_rt.asan* >/dev/null 2>&1 || \
		sh scripts/need.sh clang++:clang,libclang-rt-$$(clang++ -dumpversion | cut -d. -f1)-dev
	$(MAKE) -C firmware -j2 PYTHON=$(CURDIR)/$(BIN)/python test coverage

format: $(VENV)/.develops
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	PYTHON="$(PYTHON)" sh scripts/venv.sh $(VENV)

$(VENV)/.runs: $(VENV)/bin/python pyproject.toml
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) install --editable .
	@touch $@

$(VENV)/.develops: $(VENV)/.runs
	$(PIP) install --group dev
	@touch $@
