#!/usr/bin/env bash
# What a simulation of many shards costs beside its runs: start-up of a process, bytes of a tally, merging.
#
#     benches/cluster/shards.sh [SHARDS] [RUNS OF A SHARD]
#
# Prints one line a figure. The merged result is compared with the run in one piece, byte by byte.
set -euo pipefail
cd "$(dirname "$0")/../.."
shards=${1:-1000}
runs=${2:-100000}
scenario=tests/reference/r1.toml
cargo build --locked --release --quiet
riskband=${CARGO_TARGET_DIR:-target}/release/riskband
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.3f", b - a }'; }
peak() { awk '/Maximum resident/ { printf "%.1f MiB", $NF / 1024 }' "$1"; }

begun=$(now)
for _ in 1 2 3 4 5 6 7 8 9 10; do
    "$riskband" run "$scenario" --runs 512 --threads 1 --shard 1/1 --quiet --out "$folder/start" > /dev/null
done
echo "start-up, ten processes of one block each, threads 1: $(since "$begun") s"

for count in 1e5 1e6 1e7 1e8; do
    begun=$(now)
    "$riskband" run "$scenario" --runs "$count" --shard 1/1 --quiet --out "$folder/size" > /dev/null
    echo "a shard of $count runs: $(since "$begun") s, tally $(stat -c %s "$folder/size/shards/1-of-1/tally.bin") bytes"
done

total=$((shards * runs))
begun=$(now)
seq 1 "$shards" | xargs -P "$(nproc)" -I{} \
    "$riskband" run "$scenario" --runs "$total" --threads 1 --shard "{}/$shards" --quiet --out "$folder/all" > /dev/null
echo "$shards shards of $runs runs, $(nproc) at a time: $(since "$begun") s"
for part in 10 100 "$shards"; do
    tallies=("$folder"/all/shards/*/tally.bin)
    begun=$(now)
    /usr/bin/time -v -o "$folder/time" "$riskband" merge "${tallies[@]:0:part}" \
        --partial --quiet --format json --out "$folder/part" > /dev/null
    echo "merging $part tallies: $(since "$begun") s, peak memory $(peak "$folder/time")"
done
"$riskband" run "$scenario" --runs "$total" --quiet --format json --out "$folder/whole" > /dev/null
cmp "$folder/whole/summary.json" "$folder/part/summary.json"
cmp "$folder/whole/tally.bin" "$folder/part/tally.bin"
echo "summary.json and tally.bin are those of $total runs in one piece: $(sha256sum < "$folder/part/summary.json" | cut -c 1-16)"
