# The course's commands; `make` alone lists them. Each one first sets up what it needs.

PYTHON ?= python3
PORT ?= 8000
NOTEBOOKS ?= chapters
WORKERS ?= 2
# What belongs to a class: sheets, what was handed in, points. Its default is ignored by git.
CLASS ?= class

# What builds the pages: jupyter-book, or sphinx: its newest versions alone, from the same
# _config.yml and _toc.yml, in an environment of their own (_engines/sphinx).
ENGINE ?= jupyter-book
ENVIRONMENT.jupyter-book = .venv
ENVIRONMENT.sphinx = .venv-sphinx
BUILD.jupyter-book = .venv/bin/jupyter-book build -W --keep-going --all --quiet . > /dev/null
BUILD.sphinx = .venv-sphinx/bin/python -m sphinx -W --keep-going --fresh-env --write-all --quiet \
  -c _engines/sphinx -d _build/.sphinx . _build/html
BUILDER = $(or $(ENVIRONMENT.$(ENGINE)),$(error There is no engine $(ENGINE): choose jupyter-book \
  or sphinx))

VENV = .venv/bin/python
INSTALL = $(@D)/bin/python -m pip install -qq --constraint
PYTEST = $(VENV) -m pytest --quiet --numprocesses=$(WORKERS)

# Outputs depend on these settings, so they are the same for everyone: one thread (on shared
# cores, several also slow a run down), random hashes, and figures drawn by Jupyter's backend.
export OMP_NUM_THREADS := 1
unexport PYTHONHASHSEED MPLBACKEND VSCODE_PID
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help book lite zip pdf editor kernel links picture serve lab notebooks outputs robust sheets \
  grade report quizzes slides test test-all lint tests slow-tests sphinx-tests upgrade-check \
  platforms bench constraints clean
# Two recipes must not install into one environment at the same time.
.NOTPARALLEL:
# An environment that was only half created is created again by the next run.
.DELETE_ON_ERROR:

help:
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' Makefile

# ---- The environment -------------------------------------------------------------------

# Every Python must be able to run these lines, above all one that is too old.
OLD_ENOUGH = import sys; sys.version_info >= (3, 11) or sys.exit( \
  "The course needs Python 3.11 or later, but $(PYTHON) is Python %d.%d.%d: name a newer \
  one, as in make book PYTHON=python3.13." % sys.version_info[:3])
NO_VENV = $(PYTHON) cannot create environments: install its venv module \
  (Debian and Ubuntu: apt install python3-venv), then run make again.

.venv/bin/python .venv-sphinx/bin/python: | writable
	@"$(PYTHON)" -c pass 2> /dev/null || { echo "No working $(PYTHON) was found: install \
	Python 3.11 or later, or name yours, as in make book PYTHON=python3.13." >&2; exit 1; }
	@"$(PYTHON)" -c '$(OLD_ENOUGH)'
	@"$(PYTHON)" -c 'import ensurepip, venv' 2> /dev/null || { echo "$(NO_VENV)" >&2; exit 1; }
	@echo "Creating the environment in $(@:/bin/python=)"
	@"$(PYTHON)" -m venv --clear $(@:/bin/python=) || { echo "Creating the environment failed: check \
	the disk, then run make again." >&2; exit 1; }

# Without a network, pip repeats itself over some forty lines: they go into a file.
INSTALL_FAILED = { sed -n "s/^ *ERROR: /pip: /p" $(@D)/pip.log | sort -u >&2; echo "Installing failed: \
  check the network and the disk, then run make again. The full output of pip is in \
  $(@D)/pip.log." >&2; exit 1; }

.PHONY: writable ours
writable:
	@test -w . || { echo "The folder $(CURDIR) is not writable: copy the course into a folder \
	of your own, and run make there." >&2; exit 1; }

# An actlib from another folder may be older than the notebooks. -P: ignore the one in this folder.
OTHER_ACTLIB = import importlib.util as u, os, sys; s = u.find_spec("actlib"); \
  s and os.path.samefile(s.origin, "actlib/__init__.py") or sys.exit( \
  "The course would import actlib from %s, not from this folder: unset PYTHONPATH, or, if the \
  folder was moved, run make clean." % (s.origin if s else "nowhere"))
OURS = $(or $(1),$(VENV)) -P -c '$(OTHER_ACTLIB)'
ours: .venv/.course
	@$(OURS)

# The book is built without PyTorch: reading the course needs no large download.
.venv/.book: .venv/bin/python pyproject.toml constraints.txt | writable
	@echo "Installing what is needed to build the book (half a minute, longer on a slow connection)"
	@$(INSTALL) constraints.txt --editable '.[book]' 2> $(@D)/pip.log || $(INSTALL_FAILED)
	@touch $@

.venv-sphinx/.book: .venv-sphinx/bin/python pyproject.toml _engines/sphinx/constraints.txt | writable
	@echo "Installing Sphinx (half a minute, longer on a slow connection)"
	@$(INSTALL) _engines/sphinx/constraints.txt --editable '.[sphinx]' 2> $(@D)/pip.log \
	|| $(INSTALL_FAILED)
	@touch $@

.venv/.course: .venv/bin/python pyproject.toml requirements.txt constraints.txt | writable
	@echo "Installing what the notebooks and tests need (a few minutes)"
	@$(INSTALL) constraints.txt --requirement requirements.txt \
	--editable '.[notebooks,book,test]' 2> $(@D)/pip.log || $(INSTALL_FAILED)
	@touch .venv/.book $@

# ---- Reading and running ---------------------------------------------------------------

book: $(BUILDER)/.book ## build the pages from the stored outputs (ENGINE=sphinx)
	@$(call OURS,$(BUILDER)/bin/python)
	@git ls-files --error-unmatch Makefile > /dev/null 2>&1 || echo "git is missing, or this copy \
	is not a git checkout: its pages offer no zip of the course, and no launch buttons unless \
	BOOK_REPOSITORY_URL names a repository."
	@$(BUILDER)/bin/python -m live.runtime
	@echo "Building the book"
	@$(BUILD.$(ENGINE)) \
	|| { echo "The book has errors or warnings: fix what is listed above." >&2; exit 1; }
	@echo "The book is built: open _build/html/index.html in a browser, or run make serve."

# JupyterLite has versions of its own, which the notebooks' outputs must not depend on.
.venv-lite/.ready: live/lite/requirements.txt | .venv/bin/python
	@echo "Installing JupyterLite into .venv-lite (half a minute)"
	@$(VENV) -m venv --clear .venv-lite && .venv-lite/bin/python -m pip install -qq \
	--requirement live/lite/requirements.txt 2> $(@D)/pip.log || $(INSTALL_FAILED)
	@touch $@

lite: export LITE = $(CURDIR)/.venv-lite/bin/python
lite: .venv-lite/.ready book ## build the pages with JupyterLite beside them, and buttons to it

serve: book ## build the book and show it on localhost (PORT=8000)
	@$(BUILDER)/bin/python tools/serve.py "$(PORT)"

zip: book ## pack the built book for reading offline, as activation-functions.zip
	@cd _build && rm -rf activation-functions activation-functions.zip \
	&& cp -R html activation-functions \
	&& "../$(BUILDER)/bin/python" -m zipfile -c activation-functions.zip activation-functions \
	&& rm -rf activation-functions
	@echo "Packed: _build/activation-functions.zip; unpack it anywhere and open index.html."

PAPER ?= a4
pdf: book .venv/.course ## print the book as one PDF, A4 (PAPER=letter; needs Chromium)
	@echo "Printing the book, twice: its contents need the numbers of the pages (some minutes)"
	@$(VENV) -m teach.paper _build/html _build --paper "$(PAPER)"

# Committed, so that the book is built without node; npm gives the same bytes again.
editor: ## bundle the pages' code editor again, from the versions in live/bundle (needs npm)
	@cd live/bundle && npm ci --silent --no-audit --no-fund && npm run --silent build

kernel: ## compile the playground's arithmetic again, from actlib/widgets/playground/kernel (needs npm)
	@cd actlib/widgets/playground/kernel && npm ci --silent --no-audit --no-fund \
	&& npm run --silent build

links: .venv/.book ## write the launch links into README.md from the repository's address
	@$(VENV) tools/readme_links.py

picture: book .venv/.course ## renew the README's picture from the built book
	@$(VENV) tools/readme_picture.py

# The whole folder, because chapters link to files outside chapters/, such as the glossary.
FIRST = $(shell awk '/file: chapters/ {print $$3 ".ipynb"; exit}' _toc.yml)

lab: ours ## open the notebooks in JupyterLab
	@echo "Starting JupyterLab with the first chapter: if no browser opens, open the last address \
	that it prints. Press Ctrl-C twice to stop it."
	@$(VENV) -m jupyterlab --notebook-dir=. --LabApp.default_url="/lab/tree/$(FIRST)" $(LAB_OPTIONS)

# ---- Stored outputs --------------------------------------------------------------------

notebooks: ours ## run notebooks and store their outputs (NOTEBOOKS=chapters/x.ipynb)
	@$(VENV) tools/run_notebooks.py $(NOTEBOOKS)

# Digit by digit on the kind of machine that made them, within tolerances elsewhere.
EXACTLY = $(if $(filter Linux-x86_64,$(shell uname -sm | tr ' ' -)),--stock-too)

outputs: ours ## check the stored outputs by running the notebooks (NOTEBOOKS=...)
	@ls -d $(NOTEBOOKS) > /dev/null 2>&1 || { echo "There is no notebook $(NOTEBOOKS): name one, \
	or a folder of notebooks." >&2; exit 1; }
	@echo "Comparing stored outputs with fresh ones: $(NOTEBOOKS)"
	@PYTHONPATH=tools $(PYTEST) --dist loadfile --nbval --nbval-current-env \
	--nbval-cell-timeout=120 -p strict_outputs $(EXACTLY) $(NOTEBOOKS) || { echo "Outputs \
	differ: if the new ones are right, make notebooks stores them." >&2; exit 1; }
	@echo "Every output agrees with the stored one."

robust: .venv/.course ## check that outputs do not depend on the processor (a quarter of an hour)
	@$(VENV) tools/robust.py $(NOTEBOOKS)

# ---- Teaching --------------------------------------------------------------------------

sheets: ours ## write the chapters' sheets, for students and for grading (CLASS=class EDITION=2027)
	@$(VENV) -m teach.sheets "$(CLASS)" $(if $(EDITION),--edition "$(EDITION)")

# nbgrader has versions of its own, which the notebooks' outputs must not depend on.
.venv-grading/.ready: teach/requirements.txt | .venv/bin/python
	@echo "Installing nbgrader into .venv-grading (a minute)"
	@$(VENV) -m venv --clear .venv-grading && .venv-grading/bin/python -m pip install -qq \
	--requirement teach/requirements.txt 2> $(@D)/pip.log || $(INSTALL_FAILED)
	@touch $@

grade: ours .venv-grading/.ready ## grade what was handed in, with nbgrader (CLASS=class)
	@.venv-grading/bin/python -m teach.grade "$(CLASS)" --python $(VENV) --workers $(WORKERS)

report: ours ## show what the class misunderstood (CLASS=class, or any folder of notebooks)
	@$(VENV) -m teach.report "$(CLASS)"

quizzes: ours ## write the questions for Moodle, Canvas and QTI 2.1 (CLASS=class)
	@$(VENV) -m teach.quizzes "$(CLASS)"

slides: ours ## write a deck of slides for each chapter (CLASS=class)
	@$(VENV) -m teach.slides "$(CLASS)"

# ---- Checking --------------------------------------------------------------------------

# The tests of the pages then open the book that was just built.
test: export BOOK_HTML = _build/html
test: .venv/.course lint book tests outputs ## run the checks: style, book, tests, outputs
	@echo "All checks passed."

test-all: test slow-tests robust sphinx-tests ## run everything: slow tests, robust, the next engine
	@echo "All checks passed, the slow ones too."

RUFF = $(VENV) -m ruff
lint: .venv/.course
	@echo "Checking the style of the code"
	@$(RUFF) check --quiet --output-format concise . \
	&& $(RUFF) format --check --quiet --output-format concise . \
	|| { echo "Style: fix what is listed above, or let $(RUFF) check --fix and $(RUFF) format \
	do most of it." >&2; exit 1; }

tests: .venv/.course
	@echo "Testing the package, its examples and the project's files"
	@$(PYTEST) || { echo "Tests fail: fix what is listed above." >&2; exit 1; }

slow-tests: .venv/.course
	@echo "Running the slow tests"
	@$(PYTEST) -m slow || { echo "Slow tests fail: fix what is listed above." >&2; exit 1; }

# The switch to the next engine has to be one line on the day that it is needed.
sphinx-tests: export BOOK_HTML = _build/html
sphinx-tests: export BOOK_ENVIRONMENT = .venv-sphinx
sphinx-tests: .venv/.course
	@$(MAKE) --no-print-directory book ENGINE=sphinx
	@echo "Testing the pages that plain Sphinx has built"
	@$(PYTEST) tests/book tests/live tests/figures/test_figures_in_pages.py || { echo "Tests \
	fail on the pages of ENGINE=sphinx: fix what is listed above." >&2; exit 1; }

# ---- Looking after the project ---------------------------------------------------------

upgrade-check: .venv/.course ## report what the newest versions would change (KEEP=torch keeps a pin)
	@$(VENV) tools/upgrade_check.py $(if $(KEEP),--keep $(KEEP))

platforms: .venv/.course ## test actlib on each Python found, with oldest and newest versions
	@$(VENV) tools/platforms.py $(PYTHONS)

# Pages show the dated files that this writes; no test depends on a time.
bench: .venv/.course ## compare accuracy and speed with other libraries (a quarter of an hour)
	@$(VENV) benchmarks/accuracy.py && $(VENV) benchmarks/speed.py && $(VENV) benchmarks/comparisons.py

# A comma, where it would end an argument.
, := ,

# A file of pins keeps its comments; $(1) is the file, $(2) what pip is to install.
define renewed
scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT \
&& "$(PYTHON)" -m venv "$$scratch/env" && sed -n '/^#/p' $(1) > "$$scratch/new" \
&& "$$scratch/env/bin/python" -m pip install -qq $(2) \
&& "$$scratch/env/bin/python" -m pip freeze --exclude-editable | sed 's/+.*//' >> "$$scratch/new" \
&& cp "$$scratch/new" $(1) \
|| { echo "Installing failed, see pip above: $(1) is unchanged." >&2; exit 1; }
endef

constraints: ## renew constraints.txt and the one of _engines/sphinx (see CONTRIBUTING.md)
	@echo "Resolving all versions in an environment of their own (a few minutes)"
	@$(call renewed,constraints.txt,--requirement requirements.txt --editable '.[notebooks$(,)book$(,)test]')
	@$(call renewed,_engines/sphinx/constraints.txt,--editable '.[sphinx]')
	@echo "The pins are renewed: run make notebooks and make test before you commit them."

clean: ## remove the built book and the environments
	@rm -rf _build .venv .venv-grading .venv-lite .venv-sphinx
	@echo "Removed _build and the environments."
