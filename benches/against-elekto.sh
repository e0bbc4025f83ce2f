#!/usr/bin/env bash
# An election of N ballots (100000) over C candidates (50), from Elekto's ballots.csv to the ranking:
# ours beside Elekto's algorithm in Python (elekto_core.py, written from its description), in one run
# on the same file. Counts CPU time, parsing included. Needs cargo, python3 and GNU time.
# COMMONHOLD_BIN names a binary whose `elect tally` is measured as well.
set -euo pipefail
cd "$(dirname "$0")/.."
ballots=${N:-100000}
candidates=${C:-50}

need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }; }
need cargo 'see https://rustup.rs'
need python3 'apt install python3'
[ -x /usr/bin/time ] || { echo 'GNU time is missing: apt install time' >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --quiet --release --package tally --example tally
built=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release
python3 benches/elekto_ballots.py "$ballots" "$candidates" >"$work/ballots.csv"

# measure WHO RUNS COMMAND...: a line `WHO user system wall peak` of the run with the median of the
# user times. The first run pays for what is not in memory yet.
measure() {
  local who=$1 runs=$2
  shift 2
  : >"$work/runs"
  while [ "$runs" -gt 0 ]; do
    /usr/bin/time -f '%U %S %e %M' -a -o "$work/runs" "$@" >"$work/$who.said"
    runs=$((runs - 1))
  done
  sort -n "$work/runs" | awk -v who="$who" '
    { line[NR] = $0 }
    END { split(line[int((NR + 1) / 2)], of); printf "%s %.2f %.2f %.2f %.0f\n", who, of[1], of[2], of[3], of[4] / 1024 }' >>"$work/table"
}

measure library 5 "$built/examples/tally" "$work/ballots.csv"
[ -z "${COMMONHOLD_BIN:-}" ] || measure commonhold 5 "$COMMONHOLD_BIN" elect tally --preset elekto "$work/ballots.csv"
measure elekto 1 python3 benches/elekto_core.py "$work/ballots.csv"
cmp "$work/library.said" "$work/elekto.said" || { echo 'the rankings differ' >&2; exit 1; }

echo "$(nproc) cores; $(python3 --version); $(rustc --version)"
printf '%s ballots of %s candidates, %s KiB; both give the same ranking\n\n' "$ballots" "$candidates" \
  "$(($(stat -c %s "$work/ballots.csv") / 1024))"
awk '
  { name[NR] = $1; user[NR] = $2; system_[NR] = $3; wall[NR] = $4; peak[NR] = $5; if ($1 == "elekto") other = $2 }
  END {
    printf "%-12s %8s %8s %8s %6s %14s\n", "", "user s", "system s", "wall s", "MiB", "times faster"
    for (row = 1; row <= NR; row++)
      printf "%-12s %8.2f %8.2f %8.2f %6d %14.0f\n", name[row], user[row], system_[row], wall[row], peak[row], other / (user[row] + 0.005)
  }' "$work/table"
