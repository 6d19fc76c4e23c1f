#!/usr/bin/env bash
# What a simulation of many shards costs beside its runs: start-up of a process, bytes of a tally, merging; a model of the
# time fitted to that, and what it says of 1e12 runs on many nodes.
#
#     benches/cluster/shards.sh [MOST SHARDS]
#
# The merged result is compared with the run in one piece, byte by byte. Takes a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
most=${1:-1000}
scenario=tests/reference/r1.toml
processors=$(nproc)
cargo build --locked --release --quiet
riskband=${CARGO_TARGET_DIR:-target}/release/riskband
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.3f", b - a }'; }
peak() { awk '/Maximum resident/ { printf "%.1f", $NF / 1024 }' "$1"; }

echo "== bytes of a tally"
for count in 1e5 1e6 1e7 1e8; do
    "$riskband" run "$scenario" --runs "$count" --shard 1/1 --quiet --out "$folder/size" > /dev/null
    echo "$count runs: $(stat -c %s "$folder/size/shards/1-of-1/tally.bin") bytes"
done

echo "== shards of one thread, $processors at a time"
# Few long ones, many short ones.
while read -r shards runs; do
    total=$((shards * runs))
    begun=$(now)
    seq 1 "$shards" | xargs -P "$processors" -I{} "$riskband" run "$scenario" --runs "$total" --threads 1 \
        --shard "{}/$shards" --quiet --out "$folder/$shards" > /dev/null
    seconds=$(since "$begun")
    echo "shards $shards runs $runs seconds $seconds" | tee -a "$folder/figures"
done <<< "8 25000000
40 5000000
200 200000
$most 20000"

echo "== merging"
tallies=("$folder/$most"/shards/*/tally.bin)
for part in 10 $((most / 10)) "$most"; do
    begun=$(now)
    /usr/bin/time -v -o "$folder/time" "$riskband" merge "${tallies[@]:0:part}" \
        --partial --quiet --format json --out "$folder/part" > /dev/null
    echo "merged $part seconds $(since "$begun") MiB $(peak "$folder/time")" | tee -a "$folder/figures"
done
"$riskband" run "$scenario" --runs $((most * 20000)) --quiet --format json --out "$folder/whole" > /dev/null
cmp "$folder/whole/summary.json" "$folder/part/summary.json"
cmp "$folder/whole/tally.bin" "$folder/part/tally.bin"
echo "summary.json and tally.bin as in one piece: $(sha256sum < "$folder/part/summary.json" | cut -c 1-16)"

echo "== model: ⌈shards / processors⌉ · (start + runs · run) + merge + shards · tally"
awk -v processors="$processors" '
    # Straight lines by least squares of relative residuals.
    function line(n, x, y,    k, w, sw, sx, sy, sxx, sxy) {
        for (k = 1; k <= n; k++) {
            w = 1 / y[k] ^ 2
            sw += w; sx += w * x[k]; sy += w * y[k]; sxx += w * x[k] ^ 2; sxy += w * x[k] * y[k]
        }
        slope = (sw * sxy - sx * sy) / (sw * sxx - sx ^ 2)
        base = (sy - slope * sx) / sw
        worst = 0
        for (k = 1; k <= n; k++) {
            w = (base + slope * x[k]) / y[k] - 1
            if (w < 0) w = -w
            if (w > worst) worst = w
        }
    }
    $1 == "shards" { n++; x[n] = $4; y[n] = $6 * processors / $2 }
    $1 == "merged" { m++; u[m] = $2; v[m] = $4 }
    END {
        line(n, x, y); start = base; run = slope
        printf "start %.1f ms, run %.1f ns, largest residual %.1f %%\n", 1e3 * start, 1e9 * run, 100 * worst
        line(m, u, v); merge = base; tally = slope
        printf "merge %.1f ms, tally %.3f ms, largest residual %.1f %%\n", 1e3 * merge, 1e3 * tally, 100 * worst
        print "== 1e12 runs by that model, a shard a node, seconds"
        print "nodes  threads  compute  merge"
        split("1 2 64", threads); split("1 10 100 1000 10000", nodes)
        for (t = 1; t <= 3; t++)
            for (k = 1; k <= 5; k++)
                printf "%5d  %7d  %10.1f  %6.2f\n", nodes[k], threads[t], start + 1e12 * run / nodes[k] / threads[t],
                    merge + tally * nodes[k]
    }' "$folder/figures"
