# Shared by the findings: a temporary folder that is removed at the end, public packages in it at
# exactly one version, and `seen`, which compares what was printed with what was seen.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1 TF_CPP_MIN_LOG_LEVEL=3 JAX_PLATFORMS=cpu KERAS_BACKEND=jax DEV=PYTHON
unset PYTHONPATH

failed() { echo "$1" >&2; exit 2; }  # 2: could not be tried; 1: the world has changed

python_packages() {
  PIP_CONSTRAINT=/dev/null
  export PIP_CONSTRAINT
  ${PYTHON:-python3} -m venv "$work/venv" || failed "no environment could be created"
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile "$@" \
    || failed "not installed: $*"
}

npm_packages() {
  (cd "$work" && echo '{}' > package.json \
    && npm install --silent --no-audit --no-fund --ignore-scripts "$@") || failed "not installed: $*"
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
