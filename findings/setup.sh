# Shared by the findings: a temporary folder that is removed at the end, public packages in it at
# exactly one version, and `seen`, which compares what was printed with what was seen.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1 TF_CPP_MIN_LOG_LEVEL=3 JAX_PLATFORMS=cpu KERAS_BACKEND=jax DEV=PYTHON
unset PYTHONPATH

failed() { echo "$1" >&2; exit 2; }  # 2: could not be tried; 1: the world has changed

python_packages() {  # with uv, which costs less, where it is there
  PIP_CONSTRAINT=/dev/null
  export PIP_CONSTRAINT
  if command -v uv > /dev/null; then
    uv venv --quiet --python "${PYTHON:-python3}" "$work/venv" || failed "no environment could be created"
    uv pip install --quiet --python "$work/venv/bin/python" --index-strategy unsafe-best-match "$@" \
      || failed "not installed: $*"
    return
  fi
  ${PYTHON:-python3} -m venv "$work/venv" || failed "no environment could be created"
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile "$@" \
    || failed "not installed: $*"
}

npm_packages() {
  (cd "$work" && echo '{}' > package.json \
    && npm install --silent --no-audit --no-fund --ignore-scripts "$@") || failed "not installed: $*"
}

debian_packages() {  # with what they need and is not there, unpacked and not installed
  command -v apt-get > /dev/null || failed "this needs apt-get"
  apt-get install --simulate --no-install-recommends "$@" > "$work/resolved" 2> "$work/messages" \
    || failed "not to be had: $*"
  others=$(sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$work/resolved")
  for package in "$@"; do others=$(echo "$others" | grep -vx "${package%%=*}" || true); done
  (cd "$work" && apt-get download -qq "$@" $others 2> messages && for file in *.deb; do dpkg -x "$file" root; done) \
    || failed "not downloaded: $*"
}

r_script() {  # R of the packages that were unpacked
  cat > "$work/script.R"
  libraries=$(find "$work/root" -name "*.so*" -printf "%h\n" | sort -u | tr "\n" ":")
  (cd "$work" && R_HOME=$work/root/usr/lib/R R_SHARE_DIR=$work/root/usr/share/R/share EDITOR=vi PAGER=cat \
    R_LIBS=$work/root/usr/lib/R/library LD_LIBRARY_PATH=$libraries \
    root/usr/lib/R/bin/exec/R --no-echo --no-restore --file=script.R 2> messages > output) \
    || { cat "$work/messages" >&2; exit 1; }
  sed -i "/Renviron/d" "$work/output"  # which an R that was not installed misses
}

python() { (cd "$work" && venv/bin/python - 2> messages > output) || { cat "$work/messages" >&2; exit 1; }; }
node_script() {
  cat > "$work/script.js"
  (cd "$work" && node script.js 2> messages > output) || { cat "$work/messages" >&2; exit 1; }
}

seen() {
  cat "$work/output"
  cat > "$work/expected"
  cmp -s "$work/expected" "$work/output" && return
  echo "This has changed. Seen before:" >&2
  cat "$work/expected" >&2
  exit 1
}
