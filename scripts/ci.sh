#!/bin/bash
# ci.sh: what `make ci` runs after the packages are there. Every step must pass, and no
# test may skip for want of a program: SEGUE_CI=1 turns such a skip into a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}
step() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }

step "format"
bad=$(gofmt -l .)
[ -z "$bad" ] || { echo "not formatted: $bad"; exit 1; }
step "vet"
$GO vet ./...
step "go mod tidy"
$GO mod tidy -diff
step "lint"
$GO run "$LINT" run --timeout 20m
step "keys and config"
$GO run . keys --lint
$GO run . keys --keymap vim --lint
step "PipeWire's plugin for ALSA"
scripts/sound/pipewire.sh plugin
step "tests, with the race detector, nothing skipped"
export SEGUE_CI=1
$GO test -race -timeout 20m ./... 2>&1 | tee /tmp/segue-ci-test.log
if grep -q -- '^--- SKIP.*needs' /tmp/segue-ci-test.log; then echo "a test skipped"; exit 1; fi
step "end to end, in a terminal"
$GO test -timeout 10m -tags e2e ./internal/e2e
step "fuzz, a little of each"
FUZZTIME=${FUZZTIME:-5s} scripts/fuzz.sh
step "done"
