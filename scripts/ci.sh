#!/bin/bash
# ci.sh: what `make ci` runs after the packages are there. Every step must pass, and no
# test may skip for want of a program: SEGUE_CI=1 turns such a skip into a failure.
# Lint and fuzz want the processor, the tests beside them mostly wait: they run together,
# the former with the lowest priority, and tell at the end of the step that they shared.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}
export LC_ALL=C.UTF-8 # a new machine has no locale, and tests are full of names
PATH=$("$GO" env GOROOT)/bin:$PATH # gofmt is there, and tests look for go
logs=$(mktemp -d)
aside= # the process group that runs beside
trap 'code=$?; [ -z "$aside" ] || kill -- -$aside 2>/dev/null || true; rm -rf "$logs"; exit $code' EXIT
step() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }
stop() { echo "ci: $*"; exit 1; }

# alone NAME COMMAND: runs a command again if it fails: what plays to real sound servers
# and in a real terminal in real time may stumble once on a machine that hiccups, and not
# twice. A race, a crash and a test that hung are no hiccups. What stumbled is told again
# at the end.
flaky=
alone() {
	local log=$logs/${1// /-}
	shift
	if "$@" 2>&1 | tee "$log"; then
		return
	fi
	local bad
	bad=$(grep -E '^ *--- FAIL|^FAIL.*segue|^FAIL.*\[' "$log" || true)
	if grep -qE 'WARNING: DATA RACE|^panic: |^fatal error: |^SIG[A-Z]+: |\[build failed\]' "$log"; then
		stop "a race, a crash or no build: not tried again"$'\n'"$bad"
	fi
	flaky+=$bad$'\n'
	printf '\n!! FAILED; once more, alone. It failed in:\n%s\n\n' "$bad"
	"$@" || stop "failed twice:"$'\n'"$bad"
}

# beside NAME COMMAND starts a command, together NAME ends the step with it.
beside() {
	set -m
	nice -n 19 "${@:2}" >"$logs/$1" 2>&1 </dev/null &
	aside=$!
	set +m
}
together() {
	local code=0
	wait "$aside" || code=$?
	aside=
	step "$1, which ran beside"
	cat "$logs/$1"
	[ "$code" = 0 ] || stop "$1 failed"
}

step "format"
bad=$(gofmt -l .)
[ -z "$bad" ] || stop "not formatted: $bad"
step "vet"
$GO vet ./...
$GO vet -tags e2e ./internal/e2e
step "go mod tidy"
$GO mod tidy -diff
step "keys and config"
$GO build -o "$logs/segue" .
for keymap in default vim spotify-player ncspot cmus; do "$logs/segue" keys --keymap "$keymap" --lint; done
step "PipeWire's plugin for ALSA"
scripts/sound/pipewire.sh plugin
export SEGUE_CI=1
step "tests, with the race detector, nothing skipped"
beside lint "$GO" run "$LINT" run --timeout 20m
# The longest first, so that none is left to run by itself at the end.
long="segue/player segue/player/decode segue/internal/service/subsonic segue/internal/service/spotify/engine segue/internal/service/spotify segue/cache"
rest=$($GO list ./... | grep -vxF -e segue/player/device -f <(tr ' ' '\n' <<<"$long"))
alone "tests" "$GO" test -race -timeout 25m $long $rest # the second time what passed is remembered
together lint
step "outputs: real sound servers, in real time"
beside fuzz scripts/fuzz.sh
alone "outputs" "$GO" test -count=1 -timeout 10m ./player/device
step "end to end, in a terminal"
alone "end to end" "$GO" test -count=1 -timeout 15m -tags e2e ./internal/e2e
together fuzz
step "done"
[ -z "$flaky" ] || printf 'flaky: these failed at first, and passed alone:\n%s' "$flaky"
