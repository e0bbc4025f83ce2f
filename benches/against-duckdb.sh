#!/usr/bin/env bash
# Charges in FOCUS's columns, ROWS of them (10000000): `commonhold` beside DuckDB, in one run on the same Parquet
# file. Month by provider, service and owner, where the owner is a tag and else comes from the project; then the
# same rows as CSV imported, and the report of their 24 months. Each is run three times, and the least CPU time
# stands. Needs cargo and GNU time; DuckDB from the Python at COMMONHOLD_DUCKDB, or it makes one with python3 and
# pip. COMMONHOLD_BIN names a binary that is built already; CSV=no leaves out the import, which takes 7 GB of disk.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${ROWS:-10000000}

need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }; }
need cargo 'see https://rustup.rs'
need python3 'apt install python3'
[ -x /usr/bin/time ] || { echo 'GNU time is missing: apt install time' >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/against-duckdb.XXXXXX")
trap 'rm -rf "$work"' EXIT

python=${COMMONHOLD_DUCKDB:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet duckdb==2.0.0
  python=$work/venv/bin/python
fi

[ -n "${COMMONHOLD_BIN:-}" ] || cargo build --quiet --release --package commonhold
built=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release
commonhold=$(realpath "${COMMONHOLD_BIN:-$built/commonhold}")

# measure COMMAND...: least CPU seconds of three runs in $cpu, largest peak in MB in $peak, wall seconds of the run
# with the least CPU time in $wall.
measure() {
  : >"$work/runs"
  for _ in 1 2 3; do
    /usr/bin/time -f '%U %S %e %M' -o "$work/time" "$@" >"$work/said" 2>"$work/err" || { tail -n 20 "$work/err" >&2; exit 1; }
    cat "$work/time" >>"$work/runs"
  done
  read -r cpu wall peak < <(awk '{ c = $1 + $2; if (NR == 1 || c < least) { least = c; w = $3 } if ($4 > p) p = $4 }
    END { printf "%.2f %.2f %.0f\n", least, w, p / 1024 }' "$work/runs")
}

bars=0
# bar WHAT VALUE MOST: a line, and whether it is below the bar.
bar() {
  if awk -v v="$2" -v m="$3" 'BEGIN { exit !(v <= m) }'; then echo "  $1: $2 (at most $3)"; else
    echo "  $1: $2, MORE THAN $3"; bars=1
  fi
}

# The estate whose rules give what the other side joins: a tag, and else the project's group.
estate=$work/estate
mkdir -p "$estate/groups" "$estate/people"
printf 'commonhold: 1\nname: Bench\n' >"$estate/commonhold.yaml"
printf 'name: Ada\n' >"$estate/people/ada.yaml"
for at in $(seq 0 39); do printf 'members: [ada]\n' >"$estate/groups/group-$at.yaml"; done
{
  echo 'rules:'
  echo '  - {when: {tag: {owner: "*"}}, owner: {tag: owner}}'
  for at in $(seq 0 319); do
    [ $((at % 10)) = 0 ] || echo "  - {when: {sub_account: project-$at}, owner: group-$((at % 40))}"
  done
} >"$estate/spend.yaml"

# asked FILE NAME: the question to both sides, and whether they agree to the last digit.
asked() {
  measure "$python" benches/focus_rows.py ask "$1" "$work/theirs.csv"
  local theirs=$cpu
  echo "$2: DuckDB $cpu s of CPU, $wall s, $peak MB"
  measure "$commonhold" -C "$estate" spend query --file "$1" --by month,provider,vendor-service,owner --metric gross,net --output csv
  cp "$work/said" "$work/ours.csv"
  echo "$2: commonhold $cpu s of CPU, $wall s, $peak MB"
  bar 'CPU against DuckDB' "$(awk -v a="$cpu" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')" 1.00
  bar 'MB' "$peak" 300
  "$python" benches/focus_rows.py same "$work/ours.csv" "$work/theirs.csv"
}

"$python" benches/focus_rows.py write "$work/few.parquet" "$rows"
asked "$work/few.parquet" "$rows rows"
"$python" benches/focus_rows.py write "$work/many.parquet" $((rows * 3 / 10)) 0
asked "$work/many.parquet" "$((rows * 3 / 10)) rows, each with tags of its own"
rm "$work/many.parquet"

if [ "${CSV:-yes}" != no ]; then
  "$python" benches/focus_rows.py csv "$work/few.parquet" "$work/few.csv"
  /usr/bin/time -f '%U %S %e %M' -o "$work/time" "$commonhold" -C "$estate" spend import "$work/few.csv" >"$work/said"
  read -r user system wall peak <"$work/time"
  peak=$((peak / 1024))
  echo "import of $(du -m "$work/few.csv" | cut -f1) MB of CSV: $user + $system s of CPU, $wall s, $peak MB"
  bar 'MB' "$peak" 512
  rm "$work/few.csv"
  # The first makes the sums by day, and keeps them.
  "$commonhold" -C "$estate" spend report --out "$work/report.html" >/dev/null
  measure "$commonhold" -C "$estate" spend report --out "$work/report.html"
  echo "report of 24 months: $cpu s of CPU, $wall s, $peak MB"
  bar 'seconds' "$wall" 0.20
fi
exit $bars
