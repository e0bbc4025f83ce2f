#!/usr/bin/env bash
# `commonhold check`, the whole process, against a Python process that only parses the same files
# with PyYAML's C loader. They take turns, so that both meet the same machine. Needs cargo, python3
# with PyYAML, and GNU time; N is the number of rounds (5).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${N:-5}

need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }; }
need cargo 'see https://rustup.rs'
need python3 'apt install python3'
python3 -c 'import yaml' 2>/dev/null || { echo 'PyYAML is missing: apt install python3-yaml' >&2; exit 1; }
[ -x /usr/bin/time ] || { echo 'GNU time is missing: apt install time' >&2; exit 1; }

cargo build --quiet --release --package commonhold
cargo build --quiet --release --package testkit --example generate
built=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run NAME COMMAND...: a line `user+sys wall peak` in $work/NAME.
run() {
  local name=$1
  shift
  # Findings make `check` exit with 1; more than that is a fault.
  /usr/bin/time -f '%U %S %e %M' -o "$work/time" "$@" >"$work/said" 2>&1 || [ $? -le 1 ] || { cat "$work/said" >&2; exit 1; }
  tail -n 1 "$work/time" | awk '{ printf "%.2f %.2f %.0f\n", $1 + $2, $3, $4 / 1024 }' >>"$work/$name"
}

median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# compare TITLE ESTATE LIST: both programs over the estate whose files are listed.
compare() {
  local title=$1 estate=$2 list=$3
  rm -f "$work/ours" "$work/theirs"
  # Once each untimed, so that both find the files in memory.
  run warm "$built/commonhold" check "$estate"
  run warm python3 benches/pyyaml_parse.py <"$list"
  for _ in $(seq "$rounds"); do
    run ours "$built/commonhold" check "$estate"
    run theirs python3 benches/pyyaml_parse.py <"$list"
  done
  printf '\n%s: %s files, %s KiB, median of %s\n' "$title" "$(wc -l <"$list")" \
    "$(tr '\n' '\0' <"$list" | xargs -0 cat | wc -c | awk '{ printf "%.0f", $1 / 1024 }')" "$rounds"
  printf '%-34s %8s %8s %10s\n' '' 'CPU s' 'wall s' 'peak MiB'
  for who in ours theirs; do
    local what='commonhold check'
    [ $who = ours ] || what='PyYAML CSafeLoader, parsing only'
    printf '%-34s %8s %8s %10s\n' "$what" "$(cut -d' ' -f1 "$work/$who" | median)" \
      "$(cut -d' ' -f2 "$work/$who" | median)" "$(cut -d' ' -f3 "$work/$who" | median)"
  done
  awk -v ours="$(cut -d' ' -f1 "$work/ours" | median)" -v theirs="$(cut -d' ' -f1 "$work/theirs" | median)" \
    'BEGIN { if (ours > 0) printf "CPU: PyYAML takes %.1f times as much\n", theirs / ours }'
}

echo "$(nproc) cores; $(python3 -c 'import sys, yaml; print("Python", sys.version.split()[0], "PyYAML", yaml.__version__)'); $(rustc --version)"

adopted=tests/estates/kubernetes
shared=../shared/data/kubernetes
if [ -d "$shared" ]; then
  {
    ls "$adopted"/*.yaml "$shared/community/sigs.yaml"
    find "$shared/org/config" \( -name org.yaml -o -name teams.yaml -o -name restrictions.yaml \)
    find "$shared/k8s.io/groups" \( -name groups.yaml -o -name config.yaml -o -name restrictions.yaml \)
    find "$shared/community" "$shared/org" "$shared/k8s.io" "$shared/test-infra" \
      \( -name OWNERS -o -name OWNERS_ALIASES \)
  } >"$work/adopted.list"
  compare 'The adopted tree of the Kubernetes project' "$adopted" "$work/adopted.list"
else
  echo 'the adopted tree is left out: ../shared/data is not here'
fi

jobs=$shared/test-infra/config
if [ -d "$jobs" ]; then
  # All jobs with defaults, presets, patterns, dashboards, owners and every rule of the project.
  estate=$work/jobs
  mkdir -p "$estate/policies" "$estate/groups"
  cp examples/policies/kubernetes/*.yaml "$estate/policies"
  cp tests/estates/jobs/groups/*.yaml "$estate/groups"
  cp tests/estates/jobs/charter.yaml "$estate"
  ln -s "$(realpath "$jobs")" "$estate/config"
  cat >"$estate/commonhold.yaml" <<'END'
commonhold: 1
name: Jobs
sources:
  - {format: prow-jobs, path: config/prow/config.yaml}
  - {format: prow-jobs, path: config/jobs}
  - {format: testgrid, path: config/testgrids}
  - {format: owners, path: config, repository: kubernetes/test-infra}
END
  { find "$jobs/jobs" "$jobs/testgrids" -name '*.yaml'; echo "$jobs/prow/config.yaml"; } >"$work/jobs.list"
  compare 'The jobs of the Kubernetes project, with their dashboards and all rules' "$estate" "$work/jobs.list"
  find "$jobs/jobs" -name '*.yaml' >"$work/jobs.list"
  compare 'The same; PyYAML parses the jobs alone' "$estate" "$work/jobs.list"
else
  echo 'the jobs are left out: ../shared/data is not here'
fi

for size in real large; do
  "$built/examples/generate" --size $size "$work/$size" >/dev/null
  find "$work/$size" -name '*.yaml' >"$work/$size.list"
  compare "A generated estate, --size $size" "$work/$size" "$work/$size.list"
done
