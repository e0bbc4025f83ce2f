#!/usr/bin/env bash
# A zone of N record sets (100000), from its file to BIND and back: `commonhold` beside octoDNS, in
# one run on the same zone file, each with a BIND of its own. Counts the CPU time of the clients
# alone. Needs cargo, git, ssh-keygen, named and GNU time; octoDNS from the virtual environment at
# COMMONHOLD_OCTODNS, or it makes one with python3 and pip. COMMONHOLD_BIN names a binary that is
# built already.
set -euo pipefail
cd "$(dirname "$0")/.."
sets=${N:-100000}

need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }; }
need cargo 'see https://rustup.rs'
need git 'apt install git'
need ssh-keygen 'apt install openssh-client'
need named 'apt install bind9'
need python3 'apt install python3'
[ -x /usr/bin/time ] || { echo 'GNU time is missing: apt install time' >&2; exit 1; }

work=$(mktemp -d)
servers=()
stop() {
  for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap stop EXIT

octodns=${COMMONHOLD_OCTODNS:-}
if [ -z "$octodns" ]; then
  octodns=$work/venv
  python3 -m venv "$octodns"
  "$octodns/bin/pip" install --quiet octodns==1.22.0 octodns-bind==1.1.0
fi

[ -n "${COMMONHOLD_BIN:-}" ] || cargo build --quiet --release --package commonhold
cargo build --quiet --release --package testkit --example zone
built=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release
commonhold=$(realpath "${COMMONHOLD_BIN:-$built/commonhold}")

secret=b3Blbi1zZXNhbWUtb3Blbi1zZXNhbWUtb3Blbi0xMjM=

# bind NAME: a BIND that serves the zone with one name in it; its port is in $port.
bind() {
  local home=$work/$1
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mkdir "$home"
  cat >"$home/named.conf" <<CONFIGURATION
key "update" { algorithm hmac-sha256; secret "$secret"; };
options {
  directory "$home"; pid-file "$home/named.pid"; session-keyfile "$home/session.key";
  listen-on port $port { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; notify no; dnssec-validation no; allow-transfer { key "update"; };
};
controls { };
zone "example.org" { type primary; file "zone"; allow-update { key "update"; }; };
CONFIGURATION
  printf '$TTL 3600\n@ SOA ns1.servers.example.net. hostmaster 1 3600 600 86400 60\n@ NS ns1.servers.example.net.\nstart A 192.0.2.1\n' >"$home/zone"
  (cd "$home" && exec named -g -n 1 -c named.conf >log 2>&1) &
  servers+=($!)
  local tries=0
  until grep -q 'zone example.org/IN: loaded' "$home/log" && grep -q ' running$' "$home/log"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { cat "$home/log" >&2; exit 1; }
    sleep 0.1
  done
}

# measure WHO STEP COMMAND...: a line `STEP CPU wall peak` in $work/WHO.table. What changes nothing and
# takes less than five seconds is run three times, and the median stands: the first run pays for
# memory that the machine had given to others.
measure() {
  local who=$1 step=$2 failed runs=1
  shift 2
  : >"$work/runs"
  while [ "$runs" -gt 0 ]; do
    failed=0
    /usr/bin/time -f '%U %S %e %M' -o "$work/time" "$@" >"$work/said" 2>&1 || failed=$?
    # What `check` finds in an invented zone is no fault of it.
    if [ $failed -gt 0 ] && ! { [ $failed = 1 ] && [ "$step" = validate ]; }; then
      tail -n 20 "$work/said" >&2
      echo "$who, $step: exit code $failed" >&2
      exit 1
    fi
    tail -n 1 "$work/time" | awk -v step="$step" '{ printf "%s %.2f %.2f %.0f\n", step, $1 + $2, $3, $4 / 1024 }' >>"$work/runs"
    runs=$((runs - 1))
    case $step in
      validate | plan-*)
        [ "$(wc -l <"$work/runs")" -gt 1 ] || runs=$(awk '{ print ($3 < 5) ? 2 : 0 }' "$work/runs")
        ;;
    esac
  done
  sort -k2,2n "$work/runs" | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }' >>"$work/$who.table"
}

# One record set in a hundred gets another TTL.
update() {
  awk '
    /^[^ #-]/ { names++; due = names % 100 == 0 }
    due && $1 == "ttl:" { next }
    due && $1 == "type:" { print "  ttl: 900"; due = 0 }
    { print }' "$1" >"$1.new"
  mv "$1.new" "$1"
}

printf 'start:\n  type: A\n  value: 192.0.2.1\n' >"$work/start.yaml"
{ cat "$work/start.yaml"; "$built/examples/zone" "$sets" | tail -n +2; } >"$work/first.yaml"
cp "$work/first.yaml" "$work/second.yaml"
update "$work/second.yaml"

# octoDNS
bind theirs-bind
mkdir "$work/theirs"
cat >"$work/theirs/config.yaml" <<CONFIGURATION
providers:
  files:
    class: octodns.provider.yaml.YamlProvider
    directory: $work/theirs
    default_ttl: 3600
    enforce_order: false
  bind:
    class: octodns_bind.Rfc2136Provider
    host: 127.0.0.1
    port: $port
    timeout: 120
    key_name: update
    key_secret: $secret
    key_algorithm: hmac-sha256
zones:
  example.org.:
    sources: [files]
    targets: [bind]
CONFIGURATION
theirs() { measure theirs "$1" "$octodns/bin/octodns-$2" --quiet --config-file "$work/theirs/config.yaml" "${@:3}"; }
cp "$work/first.yaml" "$work/theirs/example.org.yaml"
theirs validate validate
theirs plan-creates sync
theirs apply-creates sync --doit
theirs plan-nothing sync
cp "$work/second.yaml" "$work/theirs/example.org.yaml"
theirs plan-updates sync
theirs apply-updates sync --doit

# Commonhold: an estate of two people, of whom one writes and the other approves.
bind ours-bind
estate=$work/ours
mkdir -p "$estate"/{people,groups,zones,dns-servers,dns}
git() { command git -C "$estate" -c user.name=ada -c user.email=ada@example.org -c commit.gpgsign=false -c gc.auto=0 "$@" >/dev/null; }
git init --initial-branch main
for person in ada bob; do
  ssh-keygen -q -t ed25519 -N '' -C "$person" -f "$work/$person.key"
  printf 'name: %s\nemail: %s@example.org\nemployers: [{company: %s Ltd}]\nkeys: ["%s"]\n' \
    "$person" "$person" "$person" "$(cut -d' ' -f1,2 "$work/$person.key.pub")" >"$estate/people/$person.yaml"
done
printf 'commonhold: 1\nname: Example\n' >"$estate/commonhold.yaml"
cat >"$estate/charter.yaml" <<'CHARTER'
infrastructure: infra
decisions:
  low: {review: {count: 1, by: [infrastructure]}}
  medium: {review: {count: 1, by: [infrastructure]}}
  high: {review: {count: 1, by: [infrastructure]}}
CHARTER
printf 'title: Infrastructure\nmembers: [ada, bob]\n' >"$estate/groups/infra.yaml"
printf 'owner: infra\nrecords: [dns/example.org.yaml]\nservers: [primary]\n' >"$estate/zones/example.org.yaml"
printf 'kind: rfc2136\naddress: 127.0.0.1:%s\ntsig: {name: update, secret: env/KEY}\n' "$port" >"$estate/dns-servers/primary.yaml"
export KEY=$secret
cd "$estate"
ours() { measure ours "$1" "$commonhold" "${@:2}"; }
commit() {
  cp "$1" dns/example.org.yaml
  git add .
  git commit --message "$2"
}
decide() {
  ours "approve-$1" approve "$work/$1.json" --key "$work/bob.key"
  git add .
  git commit --message Approved
  ours "apply-$1" apply "$work/$1.json"
}
commit "$work/start.yaml" 'An estate with a zone'
"$commonhold" ledger init
commit "$work/first.yaml" 'Many names'
ours validate check .
ours plan-creates plan --out "$work/creates.json"
decide creates
ours plan-nothing plan
commit "$work/second.yaml" 'Other times'
ours plan-updates plan --out "$work/updates.json"
decide updates
cd - >/dev/null

echo "$(nproc) cores; $("$octodns/bin/python" -c 'import sys, octodns; print("Python", sys.version.split()[0], "octoDNS", octodns.__version__)'); $(named -v | cut -d' ' -f1,2); $(rustc --version)"
printf '%s record sets, %s KiB of YAML; a plan with all creates has %s KiB\n\n' "$sets" \
  "$(($(stat -c %s "$work/first.yaml") / 1024))" "$(($(stat -c %s "$work/creates.json") / 1024))"
awk -v ours="$work/ours.table" -v theirs="$work/theirs.table" '
  function row(what, mine, other) {
    printf "%-44s %8.2f %8.2f %6d %8.2f %8.2f %6d %7.1f\n", what, cpu[ours, mine], wall[ours, mine],
      peak[ours, mine], cpu[theirs, other], wall[theirs, other], peak[theirs, other], cpu[theirs, other] / (cpu[ours, mine] + 0.005)
  }
  function sum(to, a, b, c) {
    cpu[ours, to] = cpu[ours, a] + cpu[ours, b] + cpu[ours, c]
    wall[ours, to] = wall[ours, a] + wall[ours, b] + wall[ours, c]
    peak[ours, to] = peak[ours, a]
    if (peak[ours, b] > peak[ours, to]) peak[ours, to] = peak[ours, b]
    if (peak[ours, c] > peak[ours, to]) peak[ours, to] = peak[ours, c]
  }
  { cpu[FILENAME, $1] = $2; wall[FILENAME, $1] = $3; peak[FILENAME, $1] = $4 }
  END {
    sum("way-creates", "plan-creates", "approve-creates", "apply-creates")
    sum("way-updates", "plan-updates", "approve-updates", "apply-updates")
    printf "%-44s %24s %24s\n", "", "commonhold", "octoDNS"
    printf "%-44s %8s %8s %6s %8s %8s %6s %7s\n", "", "CPU s", "wall s", "MiB", "CPU s", "wall s", "MiB", "times"
    row("check / validate", "validate", "validate")
    row("plan, all creates / sync", "plan-creates", "plan-creates")
    row("apply all creates / sync --doit", "apply-creates", "apply-creates")
    row("  with its plan and approval", "way-creates", "apply-creates")
    row("plan, nothing to do / sync", "plan-nothing", "plan-nothing")
    row("plan, 1 % updates / sync", "plan-updates", "plan-updates")
    row("apply 1 % updates / sync --doit", "apply-updates", "apply-updates")
    row("  with its plan and approval", "way-updates", "apply-updates")
  }' "$work/ours.table" "$work/theirs.table"
