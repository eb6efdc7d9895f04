#!/bin/sh
# install.sh: fetches the modules of server.mjs, at the exact versions of package-lock.json,
# into a folder outside the tree, and prints that folder. What is there already stays.
set -eu
cd "$(dirname "$0")"
cache=${SEGUE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/segue-tools}/oauth
lock=$(sha256sum package-lock.json | cut -c1-16)
if [ "$(cat "$cache/.installed" 2>/dev/null || true)" != "$lock" ]; then
	mkdir -p "$cache"
	cp package.json package-lock.json "$cache/"
	(cd "$cache" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
	echo "$lock" >"$cache/.installed"
fi
echo "$cache/node_modules"
