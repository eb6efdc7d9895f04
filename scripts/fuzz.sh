#!/bin/bash
# fuzz.sh: every fuzz target of the project for FUZZTIME each.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}

# fuzz DIR TARGET. A worker that is told to stop in the middle of an input makes go test
# say "context deadline exceeded" (a known fault of its own); with no failing input
# written, that is the end of the time and no finding.
fuzz() {
	local out
	if out=$($GO test -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZTIME:-5s}" -fuzzminimizetime 10x "$1" 2>&1); then
		tail -n 1 <<<"$out"
	elif grep -q 'context deadline exceeded' <<<"$out" && ! grep -q 'Failing input' <<<"$out"; then
		echo "$1 $2: its time ended in the middle of an input"
	else
		echo "$out"
		return 1
	fi
}

grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u | while read -r dir; do
	grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go | sed 's/func //' | while read -r target; do
		echo "$dir $target"
		fuzz "$dir" "$target"
	done
done
