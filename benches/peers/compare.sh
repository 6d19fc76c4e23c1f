#!/usr/bin/env bash
# R1 as whole processes: riskband beside the same model written by hand (benches/by_hand), one after the other.
#
#   benches/peers/compare.sh                   five rounds at 1e6 and 1e7 runs, riskband also at 1e8; 1 and 2 threads
#   ROUNDS=9 RUNS="1e6" THREADS="1 2 4" benches/peers/compare.sh
#   BY_HAND_UP_TO=1e8 benches/peers/compare.sh the program by hand at 1e8 too: it stores every column, about 18 GB
#
# - Timed: wall seconds of the process from start to end, reading the model, simulation and figures included.
#   riskband is asked for summary.json alone (`--format json`), so that no chart is drawn; it writes that and
#   manifest.json, the program by hand prints its figures.
# - Memory: largest resident set of the process, from GNU time where it is installed, else from python3's getrusage,
#   which cannot tell less than python3 itself takes (about 13 MiB).
# - Both sides take turns within a round, the first one changing from round to round, and the ratio is taken within
#   the round: a machine that slows down in between slows both. Seconds say something of this machine only.
# - First both are held against the exact results of R1 (`cargo bench --bench r1 -- --test`); during the comparison
#   the program by hand checks itself each time, and every summary.json of a number of runs must be the same bytes.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../.."

ROUNDS=${ROUNDS:-5}
RUNS=${RUNS:-"1e6 1e7 1e8"}
THREADS=${THREADS:-"1 2"}
BY_HAND_UP_TO=${BY_HAND_UP_TO:-1e7}
scenario=tests/reference/r1.toml

fail() { printf '%s\n' "$1" >&2; exit 1; }

# Path of the program that cargo's messages on stdin name.
executable() { sed -n 's/.*"name":"'"$1"'".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1; }

# Runs a command; sets `seconds` and `mebibytes`.
measure() {
    local result=$scratch/measured
    if [ -n "$gnu_time" ]; then
        local start=$EPOCHREALTIME
        "$gnu_time" -f %M -o "$result" "$@" > "$scratch/stdout" 2> "$scratch/stderr" || failed "$@"
        local end=$EPOCHREALTIME
        seconds=$(awk "BEGIN { printf \"%.6f\", $end - $start }")
        mebibytes=$(awk 'END { printf "%.1f", $1 / 1024 }' "$result")
    else
        python3 - "$result" "$@" > "$scratch/stdout" 2> "$scratch/stderr" <<'PYTHON' || failed "$@"
import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
# Linux counts in KiB, macOS in bytes.
unit = 2**20 if sys.platform == "darwin" else 2**10
with open(sys.argv[1], "w") as result:
    result.write(f"{seconds:.6f} {usage.ru_maxrss / unit:.1f}\n")
sys.exit(os.waitstatus_to_exitcode(status) != 0)
PYTHON
        read -r seconds mebibytes < "$result"
    fi
}

failed() {
    cat "$scratch/stderr" >&2
    fail "this did not succeed: $*"
}

run_riskband() {
    local out=$scratch/riskband
    measure "$riskband" run "$scenario" --runs "$1" --threads "$2" --seed 1 --quiet --format json --out "$out"
    local first=$scratch/summary-$1.json
    if [ -e "$first" ]; then
        cmp -s "$first" "$out/summary.json" || fail "riskband gave two different summaries of $1 runs"
    else
        cp "$out/summary.json" "$first"
    fi
    record riskband "$1" "$2"
}

run_by_hand() {
    measure "$by_hand" --runs "$1" --threads "$2" --seed 1
    record by_hand "$1" "$2"
}

record() { printf '%s %s %s %s %s\n' "$1" "$2" "$3" "$seconds" "$mebibytes" >> "$scratch/record"; }

report() {
    awk '
        # Median, least and greatest of list[1 … n].
        function spread(list, n,    i, j, x, sorted) {
            for (i = 1; i <= n; i++) {
                x = list[i]
                for (j = i - 1; j >= 1 && sorted[j] > x; j--) sorted[j + 1] = sorted[j]
                sorted[j + 1] = x
            }
            middle = n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
            least = sorted[1]
            greatest = sorted[n]
        }
        {
            place = $2 " " $3
            if (!(place in known)) { known[place] = 1; order[++places] = place }
            n = ++count[place, $1]
            wall[place, $1, n] = $4
            peak[place, $1, n] = $5
        }
        END {
            print "  runs threads  program     seconds, median (least to greatest)   peak MiB, median"
            for (k = 1; k <= places; k++) {
                place = order[k]
                split(place, part, " ")
                for (side = 1; side <= 2; side++) {
                    who = side == 1 ? "riskband" : "by_hand"
                    n = count[place, who]
                    if (!n) continue
                    for (i = 1; i <= n; i++) list[i] = peak[place, who, i]
                    spread(list, n)
                    memory = middle
                    for (i = 1; i <= n; i++) list[i] = wall[place, who, i]
                    spread(list, n)
                    printf "%6s %7s  %-9s %10.3f (%.3f to %.3f) %20.1f\n", part[1], part[2], who, middle, least, greatest, memory
                }
                n = count[place, "by_hand"]
                if (!n) continue
                for (i = 1; i <= n; i++) list[i] = wall[place, "by_hand", i] / wall[place, "riskband", i]
                spread(list, n)
                printf "%6s %7s  by_hand / riskband, seconds: %.2f (%.2f to %.2f over %d rounds)\n", part[1], part[2], middle, least, greatest, n
                for (i = 1; i <= n; i++) list[i] = peak[place, "by_hand", i] / peak[place, "riskband", i]
                spread(list, n)
                printf "%6s %7s  by_hand / riskband, memory:  %.2f (%.2f to %.2f)\n", part[1], part[2], middle, least, greatest
            }
        }' "$scratch/record"
}

[ -n "${EPOCHREALTIME:-}" ] || fail "bash 5 or newer is needed: it tells the time in microseconds"
gnu_time=$(type -P time || true)
if [ -n "$gnu_time" ] && ! "$gnu_time" -f %M -o /dev/null true 2> /dev/null; then
    gnu_time=
fi
[ -n "$gnu_time" ] || type -P python3 > /dev/null || fail "GNU time or python3 is needed to read the memory of a process"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

echo "== the same answers"
cargo bench --locked --quiet --bench r1 -- --test
echo "== building"
riskband=$(cargo build --locked --release --message-format=json | executable riskband)
by_hand=$(cargo bench --locked --no-run --bench by_hand --message-format=json | executable by_hand)
[ -x "$riskband" ] && [ -x "$by_hand" ] || fail "cargo did not say where it put the programs"

echo "== comparing, $ROUNDS rounds"
for runs in $RUNS; do
    for threads in $THREADS; do
        for round in $(seq "$ROUNDS"); do
            if awk "BEGIN { exit !($runs > $BY_HAND_UP_TO) }"; then
                run_riskband "$runs" "$threads"
            elif [ $((round % 2)) -eq 1 ]; then
                run_riskband "$runs" "$threads"
                run_by_hand "$runs" "$threads"
            else
                run_by_hand "$runs" "$threads"
                run_riskband "$runs" "$threads"
            fi
        done
        printf 'runs %s, threads %s: done\n' "$runs" "$threads" >&2
    done
done

echo "== $(uname -sm), $(getconf _NPROCESSORS_ONLN) processors, $(rustc --version); memory by ${gnu_time:-python3}"
report
