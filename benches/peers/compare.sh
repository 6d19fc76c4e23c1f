#!/usr/bin/env bash
# R1 as whole processes: riskband beside other programs for the same model, one after the other.
#
#   benches/peers/compare.sh                   five rounds at 1e6 and 1e7 runs, riskband also at 1e8; 1 and 2 threads
#   ROUNDS=9 RUNS="1e6" THREADS="1 2 4" benches/peers/compare.sh
#   BY_HAND_UP_TO=1e8 benches/peers/compare.sh by_hand and numpy at 1e8 too: they store every column, about 18 GB
#   SIMD="avx512 avx2" benches/peers/compare.sh
#                                              all again for every instruction set; else the best of this machine
#
# | contender | is |
# |---|---|
# | riskband | `riskband run` of R1: figures with intervals, a tornado of all 30 inputs |
# | riskband, 12 inputs | the same of `r1_static.toml`, whose tornado is that of the programs below |
# | by_hand | the model written by hand in Rust, every column stored: `cargo bench --bench by_hand` |
# | floor | a program for R1 alone in vector code by hand: `cargo bench --bench floor`; left out where there is none |
# | numpy | the model written by hand in NumPy: `numpy_r1.py`; left out where NumPy or SciPy is missing |
#
# - Timed: wall seconds of the process from start to end, reading the model, simulation and figures included.
#   riskband is asked for summary.json alone (`--format json`), so that no chart is drawn; it writes that and
#   manifest.json, the others print their figures. How memory is read stands in `measure.sh`.
# - All take turns within a round, a different one first in each round, and ratios are taken within the round: a
#   machine that slows down in between slows all. Seconds say something of this machine only.
# - First riskband and by_hand are held against the exact results of R1 (`cargo bench --bench r1 -- --test`); during
#   the comparison the others check themselves each time, and every summary.json of a scenario and a number of runs
#   must be the same bytes.
set -euo pipefail
cd "$(dirname "$0")/../.."
. benches/peers/measure.sh

ROUNDS=${ROUNDS:-5}
RUNS=${RUNS:-"1e6 1e7 1e8"}
THREADS=${THREADS:-"1 2"}
BY_HAND_UP_TO=${BY_HAND_UP_TO:-1e7}
SIMD=${SIMD:-best}

# Simulates a scenario and compares its summary with the one before: contender, scenario, runs, threads.
run_scenario() {
    simulate "$2" "$3" "$4"
    local first=$scratch/summary-$1-$3.json
    if [ -e "$first" ]; then
        cmp -s "$first" "$scratch/riskband/summary.json" || fail "$1 gave two different summaries of $3 runs"
    else
        cp "$scratch/riskband/summary.json" "$first"
    fi
}

# Runs a contender and notes what it took: contender, runs, threads, instructions.
run_contender() {
    case $1 in
        riskband) run_scenario riskband tests/reference/r1.toml "$2" "$3" ;;
        static) run_scenario static benches/peers/r1_static.toml "$2" "$3" ;;
        by_hand) measure "$by_hand" --runs "$2" --threads "$3" --seed 1 ;;
        floor) measure "$floor" --runs "$2" --threads "$3" --seed 1 --simd "$4" ;;
        numpy) measure python3 benches/peers/numpy_r1.py --runs "$2" --threads "$3" --seed 1 ;;
    esac
    printf '%s %s %s %s %s %s\n' "$1" "$2" "$3" "$4" "$seconds" "$mebibytes" >> "$scratch/record"
}

# Whether a number of runs is within a limit.
within() { awk "BEGIN { exit !($1 <= $2) }"; }

report() {
    awk -v static="riskband, $static_inputs inputs" "$spread"'
        function label(who) { return who == "static" ? static : who }
        # Spread of what `who` took, or of its ratio to what `other` took in the same rounds.
        function of(took, place, who, other,    i, n, list) {
            n = count[place, who]
            for (i = 1; i <= n; i++) list[i] = took[place, who, i] / (other == "" ? 1 : took[place, other, i])
            spread(list, n)
        }
        function ratio(place, who, other) {
            if (!count[place, who] || !count[place, other]) return
            of(wall, place, who, other)
            printf "  %-34s %8.2f (%.2f to %.2f)", label(who) " / " label(other), median, least, greatest
            of(peak, place, who, other)
            printf ", memory %.2f\n", median
        }
        {
            place = $2 " " $3 " " $4
            if (!(place in known)) { known[place] = 1; order[++places] = place }
            n = ++count[place, $1]
            wall[place, $1, n] = $5
            peak[place, $1, n] = $6
        }
        END {
            print "ratios: of seconds within a round, median (least to greatest); of peak memory, median"
            contenders = split("riskband static by_hand floor numpy", contender)
            for (k = 1; k <= places; k++) {
                place = order[k]
                split(place, part, " ")
                rounds = count[place, "riskband"]
                printf "\nruns %s, threads %s, %s, %d rounds\n", part[1], part[2], part[3], rounds
                heading = "seconds, median (least to greatest)"
                printf "  %-20s %38s %12s %10s\n", "program", heading, "ns a run", "peak MiB"
                for (c = 1; c <= contenders; c++) {
                    who = contender[c]
                    if (!count[place, who]) continue
                    of(peak, place, who)
                    memory = median
                    of(wall, place, who)
                    range = sprintf("%.3f (%.3f to %.3f)", median, least, greatest)
                    each = median / part[1] * 1e9
                    printf "  %-20s %38s %12.1f %10.1f\n", label(who), range, each, memory
                }
                for (side = 1; side <= 2; side++) {
                    mine = side == 1 ? "riskband" : "static"
                    ratio(place, "by_hand", mine)
                    ratio(place, "numpy", mine)
                    ratio(place, mine, "floor")
                }
            }
        }' "$scratch/record"
}

echo "== the same answers"
cargo bench --locked --quiet --bench r1 -- --test
echo "== building"
build_riskband
by_hand=$(cargo bench --locked --no-run --bench by_hand --message-format=json | executable by_hand)
[ -x "$by_hand" ] || fail "cargo did not say where it put by_hand"
floor=
if grep -q '^name = "floor"$' Cargo.toml; then
    floor=$(cargo bench --locked --no-run --bench floor --message-format=json | executable floor)
    [ -x "$floor" ] || fail "cargo did not say where it put floor"
else
    echo "floor is left out: there is no such bench"
fi
stored=(by_hand)
if python3 -c 'import numpy, scipy' 2> /dev/null; then
    stored+=(numpy)
else
    echo "numpy is left out: python3 has no NumPy or no SciPy"
fi
run_scenario warm_up benches/peers/r1_static.toml 1e4 1
static_inputs=$(grep -c '"spearman":' "$scratch/riskband/summary.json")

for level in $SIMD; do
    [ "$level" = best ] || export RISKBAND_SIMD=$level
    run_scenario warm_up benches/peers/r1_static.toml 1e4 1
    used=$(level_used)
    if [ "$level" != best ] && [ "$used" != "$level" ]; then
        echo "$level is left out: this processor has $used at best"
        continue
    fi
    always=(riskband static)
    if [ -n "$floor" ]; then
        if "$floor" --runs 1e5 --threads 1 --seed 1 --simd "$used" > "$scratch/stdout" 2> "$scratch/stderr"; then
            always+=(floor)
        else
            echo "floor is left out with $used: $(tail -n 1 "$scratch/stderr")"
        fi
    fi
    echo "== comparing with $used, $ROUNDS rounds"
    for runs in $RUNS; do
        contenders=("${always[@]}")
        within "$runs" "$BY_HAND_UP_TO" && contenders+=("${stored[@]}")
        for threads in $THREADS; do
            for ((round = 0; round < ROUNDS; round++)); do
                for ((turn = 0; turn < ${#contenders[@]}; turn++)); do
                    run_contender "${contenders[(round + turn) % ${#contenders[@]}]}" "$runs" "$threads" "$used"
                done
            done
            printf 'runs %s, threads %s: done\n' "$runs" "$threads" >&2
        done
    done
done

[ -e "$scratch/record" ] || fail "nothing was compared"
echo "== $(machine)"
report
