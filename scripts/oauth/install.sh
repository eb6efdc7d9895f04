#!/bin/sh
# install.sh: fetches the modules of server.mjs, at the exact versions of package-lock.json,
# into a folder outside the tree, and prints that folder. What is there already stays.
# Where node is too old for them (Debian 12's own, 18, is), a newer one comes beside them.
set -eu
cd "$(dirname "$0")"
cache=${SEGUE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/segue-tools}/oauth
npm="npm --ignore-scripts --no-audit --no-fund --fetch-retries=5 --loglevel=error"
lock=$(sha256sum package-lock.json | cut -c1-16)
if [ "$(cat "$cache/.installed" 2>/dev/null || true)" != "$lock" ]; then
	mkdir -p "$cache"
	cp package.json package-lock.json "$cache/"
	(cd "$cache" && $npm ci >&2)
	echo "$lock" >"$cache/.installed"
fi
new_enough='process.exit(URL.parse && require("crypto").hash ? 0 : 1)'
if ! node -e "$new_enough" && ! "$cache/node" -e "$new_enough" 2>/dev/null; then
	arch=$(node -p process.arch)
	$npm install --prefix "$cache/newer" "node-linux-$arch@22.23.3" >&2
	ln -sf "newer/node_modules/node-linux-$arch/bin/node" "$cache/node"
fi
echo "$cache/node_modules"
