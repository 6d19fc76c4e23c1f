#!/usr/bin/env bash
# R1 by riskband alone: how time and memory grow with runs and threads, and that neither changes a byte of the result.
#
#   benches/peers/scale.sh                     1e5 to 1e8 runs, 1 and 2 threads, median of three rounds each
#   UP_TO=1e9 ROUNDS=1 THREADS="1 2 4" benches/peers/scale.sh
#
# - A line a number of runs and of threads: seconds of the whole process, ns a run, peak memory (see `measure.sh`).
#   The rounds go through all lines, so that a machine that slows down in between slows all of them.
# - Start-up and ns a run: the straight line seconds = start-up + runs * ns whose relative residuals have the least sum
#   of squares, so that 1e5 runs count as much as 1e8.
# - Efficiency: seconds of the first number of threads over those of k times as many, times k.
# - The same bytes: hash of summary.json for every number of threads and every set of instructions at 1e6 runs.
# - Instructions a run, where valgrind is installed: the difference between 1e5 and 2e5 runs, so that start-up drops
#   out; of the avx2 code, because valgrind knows no wider one.
set -euo pipefail
cd "$(dirname "$0")/../.."
. benches/peers/measure.sh

UP_TO=${UP_TO:-1e8}
ROUNDS=${ROUNDS:-3}
THREADS=${THREADS:-"1 2"}
scenario=tests/reference/r1.toml
all_runs=$(awk "BEGIN { for (e = 5; 10 ^ e <= $UP_TO; e++) printf \"1e%d \", e }")
[ -n "$all_runs" ] || fail "UP_TO must be at least 1e5"

report() {
    awk -v runs_in_order="$all_runs" -v threads_in_order="$THREADS" "$spread"'
        { n = ++count[$1, $2]; wall[$1, $2, n] = $3; peak[$1, $2, n] = $4 }
        # Least squares with weights 1 / seconds²: start-up and slope of one number of threads.
        function fit(threads,    k, x, y, w, sw, sx, sy, sxx, sxy) {
            sw = sx = sy = sxx = sxy = 0
            for (k = 1; k <= sizes; k++) {
                x = size[k]; y = seconds[size[k], threads]; w = 1 / (y * y)
                sw += w; sx += w * x; sy += w * y; sxx += w * x * x; sxy += w * x * y
            }
            slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx)
            start_up = (sy - slope * sx) / sw
        }
        END {
            sizes = split(runs_in_order, size)
            kinds = split(threads_in_order, kind)
            print "  runs threads   seconds, median (least to greatest)     ns a run   peak MiB"
            for (k = 1; k <= sizes; k++) for (t = 1; t <= kinds; t++) {
                runs = size[k]; threads = kind[t]; n = count[runs, threads]
                for (i = 1; i <= n; i++) list[i] = peak[runs, threads, i]
                spread(list, n)
                memory[runs, threads] = median
                for (i = 1; i <= n; i++) list[i] = wall[runs, threads, i]
                spread(list, n)
                seconds[runs, threads] = median
                range = sprintf("%.3f (%.3f to %.3f)", median, least, greatest)
                printf "%6s %7s %37s %12.1f %10.1f\n", runs, threads, range, median / runs * 1e9, memory[runs, threads]
            }
            if (sizes > 1) {
                print "\nseconds = start-up + runs * ns a run"
                print "threads  start-up, ms   ns a run   residuals, % of the seconds"
                for (t = 1; t <= kinds; t++) {
                    fit(kind[t])
                    printf "%7s %13.1f %10.2f  ", kind[t], start_up * 1e3, slope * 1e9
                    for (k = 1; k <= sizes; k++) {
                        residual = 1 - (start_up + slope * size[k]) / seconds[size[k], kind[t]]
                        printf " %s: %+.1f", size[k], 100 * residual
                    }
                    print ""
                }
            }
            for (k = 1; k <= sizes; k++) for (t = 2; t <= kinds; t++) {
                if (size[k] < 1e7) continue
                if (!said++) print "\nefficiency of threads"
                times = kind[t] / kind[1]
                share = seconds[size[k], kind[1]] / times / seconds[size[k], kind[t]]
                printf "%6s runs: seconds of %d / (%g * seconds of %d) = %.3f\n", \
                    size[k], kind[1], times, kind[t], share
            }
            if (size[sizes] > 1e6) {
                print ""
                for (t = 1; t <= kinds; t++) {
                    small = memory["1e6", kind[t]]; large = memory[size[sizes], kind[t]]
                    printf "memory from 1e6 to %s runs, threads %s: %+.1f MiB (%.1f to %.1f)\n", \
                        size[sizes], kind[t], large - small, small, large
                }
            }
        }' "$scratch/record"
}

# Hash of a file.
hash_of() { if type -P sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

# The summary of 1e6 runs by threads and instructions.
same_bytes() {
    local level threads hash used first= all=equal
    for level in base avx2 avx512; do
        for threads in $THREADS; do
            RISKBAND_SIMD=$level simulate "$scenario" 1e6 "$threads"
            used=$(level_used)
            hash=$(hash_of "$scratch/riskband/summary.json")
            first=${first:-$hash}
            [ "$hash" = "$first" ] || all=different
            [ "$used" = "$level" ] || used="$used, this processor has no $level"
            printf '%s  threads %s, %s\n' "$hash" "$threads" "$used"
        done
    done
    echo "summary.json: $all"
    [ "$all" = equal ]
}

# Instructions of the avx2 code for a number of runs, start-up included.
instructions() {
    RISKBAND_SIMD=avx2 simulate "$scenario" "$1" 1 valgrind --tool=callgrind --callgrind-out-file=/dev/null
    sed -n 's/^==[0-9]*== Collected *: *\([0-9]*\).*/\1/p' "$scratch/stderr"
}

instructions_a_run() {
    if ! type -P valgrind > /dev/null; then
        echo "instructions a run: left out, valgrind is not installed"
        return
    fi
    local fewer more
    fewer=$(instructions 1e5)
    more=$(instructions 2e5)
    [ -n "$fewer" ] && [ -n "$more" ] || fail "valgrind did not say how many instructions it saw"
    awk "BEGIN { printf \"instructions a run, avx2, 1 thread: %.0f; start-up: %.0f million\n\",
        ($more - $fewer) / 1e5, (2 * $fewer - $more) / 1e6 }"
}

build_riskband
simulate "$scenario" 1e4 1
echo "== $(machine); $(level_used)"
for ((round = 1; round <= ROUNDS; round++)); do
    for runs in $all_runs; do
        for threads in $THREADS; do
            simulate "$scenario" "$runs" "$threads"
            printf '%s %s %s %s\n' "$runs" "$threads" "$seconds" "$mebibytes" >> "$scratch/record"
        done
    done
    printf 'round %s of %s: done\n' "$round" "$ROUNDS" >&2
done
report
echo
echo "== the same bytes, 1e6 runs"
same_bytes
echo
instructions_a_run
