#!/bin/sh
# Run every finding, and report what the world has changed. `sh findings/run_all.sh tract` runs
# those whose name begins so.
cd "$(dirname "$0")" || exit 2
same=0 changed="" untried=""
for finding in "${1:-}"*.sh; do
  case $finding in setup.sh | run_all.sh) continue ;; esac
  echo "== ${finding%.sh}: $(sed -n '2s/^# //p' "$finding")"
  code=0
  sh "$finding" || code=$?
  case $code in
    0) same=$((same + 1)) ;;
    1) changed="$changed ${finding%.sh}" ;;
    *) untried="$untried ${finding%.sh}" ;;
  esac
done
echo
echo "$same as seen before"
if [ -n "$untried" ]; then echo "could not be tried:$untried"; fi
if [ -n "$changed" ]; then echo "changed:$changed"; exit 1; fi
