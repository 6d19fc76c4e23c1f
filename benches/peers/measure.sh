# What compare.sh and scale.sh share: sourced, not run. Times a process and reads its memory; medians in awk.
#
# - Seconds: wall time of the process from start to end.
# - Memory: largest resident set of the process, from GNU time where it is installed, else from python3's getrusage,
#   which cannot tell less than python3 itself takes (about 13 MiB).
#
# Works in the folder of the project; sets `scratch`, a folder that vanishes at the end.
export LC_ALL=C

fail() { printf '%s\n' "$1" >&2; exit 1; }

[ -n "${EPOCHREALTIME:-}" ] || fail "bash 5 or newer is needed: it tells the time in microseconds"
gnu_time=$(type -P time || true)
if [ -n "$gnu_time" ] && ! "$gnu_time" -f %M -o /dev/null true 2> /dev/null; then
    gnu_time=
fi
[ -n "$gnu_time" ] || type -P python3 > /dev/null ||
    fail "GNU time or python3 is needed to read the memory of a process"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Path of the program that cargo's messages on stdin name.
executable() { sed -n 's/.*"name":"'"$1"'".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1; }

# Builds riskband; sets `riskband`.
build_riskband() {
    riskband=$(cargo build --locked --release --message-format=json | executable riskband)
    [ -x "$riskband" ] || fail "cargo did not say where it put riskband"
}

# Measures a simulation: scenario, runs, threads, and the words of a command to run it under, if any. It leaves
# summary.json and manifest.json in $scratch/riskband; no chart is drawn.
simulate() {
    local scenario=$1 runs=$2 threads=$3
    shift 3
    measure "$@" "$riskband" run "$scenario" --runs "$runs" --threads "$threads" --seed 1 \
        --quiet --format json --out "$scratch/riskband"
}

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

# Instructions that riskband used in its last simulation, as the manifest names them.
level_used() { sed -n 's/.*"simd": "\([^"]*\)".*/\1/p' "$scratch/riskband/manifest.json"; }

machine() {
    printf '%s, %s processors, %s; memory by %s' "$(uname -sm)" "$(getconf _NPROCESSORS_ONLN)" \
        "$(rustc --version)" "${gnu_time:-python3}"
}

# An awk function: median, least and greatest of list[1 … n] into the variables of these names.
spread='
function spread(list, n,    i, j, x, sorted) {
    for (i = 1; i <= n; i++) {
        x = list[i]
        for (j = i - 1; j >= 1 && sorted[j] > x; j--) sorted[j + 1] = sorted[j]
        sorted[j + 1] = x
    }
    median = n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
    least = sorted[1]
    greatest = sorted[n]
}'
