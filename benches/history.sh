#!/usr/bin/env bash
# `commonhold migration history` over a clone of kubernetes/test-infra, bare or not, against a
# census of the same trees that PyYAML made: each row must come out. Then what samples a month and
# a week apart cost. A clone that lacks large objects says so and goes on.
# Needs cargo, git and GNU time. BIN is a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
repo=${1:?usage: benches/history.sh REPO}
[ -x /usr/bin/time ] || { echo 'GNU time is missing: apt install time' >&2; exit 1; }
if [ -z "${BIN:-}" ]; then
  cargo build --quiet --release --package commonhold
  BIN=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/commonhold
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
goal='cluster ~ "k8s-infra-*" or cluster == "eks-prow-build-cluster"'

# run NAME ARGUMENT...: the answer in $work/NAME.csv, a line of costs on standard output.
run() {
  local name=$1
  shift
  /usr/bin/time -f '%U %S %e %M' -o "$work/time" "$BIN" migration history --repo "$repo" \
    --tree config/jobs --goal "$goal" --output csv "$@" >"$work/$name.csv"
  tail -n 1 "$work/time" | awk -v name="$name" -v rows="$(wc -l <"$work/$name.csv")" \
    '{ printf "%-22s %5d samples  CPU %6.2f s  wall %6.2f s  peak %4.0f MiB\n", name, rows - 1, $1 + $2, $3, $4 / 1024 }'
}

echo "$(nproc) cores; $(git --version); $(git -C "$repo" rev-parse --short HEAD)"
run 'months to the end' --events 0 --since 2020-06-01 --until 2024-09-01
run 'a week of days' --every day --events 0 --since 2020-11-19 --until 2020-11-26
run 'one day' --every day --events 0 --since 2024-08-09 --until 2024-08-09
printf '%-12s %21s %21s\n' '' 'total moved left' 'theirs'
wrong=0
while read -r day total moved left; do
  ours=$(awk -F, -v day="$day" '$1 == day { print $3, $4, $5; exit }' "$work"/*.csv)
  [ "$ours" = "$total $moved $left" ] && verdict= || { verdict='  differs'; wrong=1; }
  printf '%-12s %21s %21s%s\n' "$day" "$ours" "$total $moved $left" "$verdict"
done <<'ROWS'
2020-06-01 1512 132 1380
2020-11-19 1858 282 1576
2020-11-26 1888 312 1576
2021-01-01 2203 328 1875
2023-01-01 2875 629 2246
2023-06-01 2864 787 2077
2023-10-01 3027 1666 1361
2024-04-01 3225 2699 526
2024-08-01 3721 3428 293
2024-08-09 3510 3504 6
2024-09-01 3531 3531 0
ROWS
run 'months' --events 0 --since 2020-06-01
run 'months, 6 events' --since 2020-06-01
run 'weeks' --every week --events 0 --since 2020-06-01
run 'months since 2018' --events 0
exit $wrong
