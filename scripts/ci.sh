#!/bin/bash
# ci.sh: what `make ci` runs after the packages are there. Every step must pass, and no
# test may skip for want of a program: SEGUE_CI=1 turns such a skip into a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}
step() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }

# alone runs a command again if it fails: what plays to real sound servers and in a real
# terminal in real time may stumble once on a machine that hiccups, and not twice.
alone() { "$@" || { echo "-- once more, alone"; "$@"; }; }

step "format"
bad=$(gofmt -l .)
[ -z "$bad" ] || { echo "not formatted: $bad"; exit 1; }
step "vet"
$GO vet ./...
$GO vet -tags e2e ./internal/e2e
step "go mod tidy"
$GO mod tidy -diff
step "lint"
$GO run "$LINT" run --timeout 20m
step "keys and config"
for keymap in default vim spotify-player ncspot cmus; do $GO run . keys --keymap "$keymap" --lint; done
step "PipeWire's plugin for ALSA"
scripts/sound/pipewire.sh plugin
export SEGUE_CI=1
step "tests, with the race detector, nothing skipped"
packages=$($GO list ./... | grep -v "^segue/player/device$")
alone $GO test -race -timeout 25m $packages # the second time what passed is remembered
step "outputs: real sound servers, in real time"
alone $GO test -count=1 -timeout 10m ./player/device
step "end to end, in a terminal"
alone $GO test -count=1 -timeout 15m -tags e2e ./internal/e2e
step "fuzz, a little of each"
scripts/fuzz.sh
step "done"
