#!/bin/bash
# fuzz.sh: every fuzz target of the project for FUZZTIME each, as many at once as there are
# cores, one worker each, with one build a package.
set -euo pipefail
cd "$(dirname "$0")/.."
export GO=${GO:-go} FUZZTIME=${FUZZTIME:-5s}
FUZZ_BIN=$(mktemp -d) && export FUZZ_BIN
trap 'rm -rf "$FUZZ_BIN"' EXIT

# binary DIR is where the package's test program is.
binary() { echo "$FUZZ_BIN/${1//\//_}.test"; }

# fuzz DIR TARGET. A worker that is told to stop in the middle of an input makes go test
# say "context deadline exceeded" (a known fault of its own); with no failing input
# written, that is the end of the time and no finding.
fuzz() {
	local out cache
	cache=$($GO env GOCACHE)/fuzz/segue/${1#./} # go test's own place for what it found
	if out=$(cd "$1" && "$(binary "$1")" -test.run '^$' -test.fuzz "^$2\$" -test.fuzztime "$FUZZTIME" \
		-test.fuzzminimizetime 10x -test.fuzzcachedir "$cache" -test.parallel 1 2>&1); then
		local execs
		execs=$(grep -o 'execs: [0-9]*' <<<"$out" | tail -n 1 || true)
		echo "$1 $2: ${execs:-the time was enough for its corpus only}"
	elif grep -q 'context deadline exceeded' <<<"$out" && ! grep -q 'Failing input' <<<"$out"; then
		echo "$1 $2: its time ended in the middle of an input"
	else
		printf 'FAIL %s %s\n%s\n' "$1" "$2" "$out"
		return 1
	fi
}
export -f fuzz binary

targets=$(grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do
	sed -n "s|^func \(Fuzz[A-Za-z0-9_]*\).*|$(dirname "$file") \1|p" "$file"
done)
[ -n "$targets" ] || { echo "fuzz.sh: there are no targets"; exit 1; }
for dir in $(cut -d' ' -f1 <<<"$targets" | sort -u); do
	$GO test -c -fuzz . -o "$(binary "$dir")" "$dir"
done
xargs -P "$(nproc)" -L 1 bash -c 'fuzz "$1" "$2"' _ <<<"$targets"
echo "fuzz: $(wc -l <<<"$targets") targets, $FUZZTIME each"
