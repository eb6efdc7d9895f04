#!/bin/sh
# test.sh: what `make test` runs: all tests. Where the C libraries are missing and may not be
# installed, deps.sh names them in a line, and what needs none of them is tested.
set -eu
cd "$(dirname "$0")/.."
export GO="${GO:-go}"
scripts/deps.sh go
if scripts/deps.sh build; then
	exec "$GO" test ./...
fi

# A program that has C in it is built with all that it asks pkg-config for, or not at all.
if scripts/deps.sh cc; then
	compiler=true
else
	compiler=false
fi
unbuilt=$(CGO_ENABLED=1 "$GO" list -deps -test -f '{{if and .CgoFiles (not .Standard)}}{{.ImportPath}} {{join .CgoPkgConfig " "}}{{end}}' ./... |
	while read -r package libs; do
		if ! $compiler || { [ -n "$libs" ] && ! pkg-config --exists $libs 2>/dev/null; }; then
			echo "$package"
		fi
	done | sort -u)
# Each line: a package's test program, and all that it is made of.
tests=$(CGO_ENABLED=1 "$GO" list -test -f '{{if .ForTest}}{{else}}{{.ImportPath}} {{join .Deps " "}}{{end}}' ./... | grep '\.test ' |
	awk -v unbuilt="$unbuilt" 'BEGIN { n = split(unbuilt, u, "\n"); for (i = 1; i <= n; i++) bad[u[i]] = 1 }
		{ name = $1; sub(/\.test$/, "", name); ok = !(name in bad); for (i = 2; i <= NF; i++) if ($i in bad) ok = 0; print (ok ? "test" : "leave"), name }')
can=$(echo "$tests" | sed -n 's/^test //p')
left=$(echo "$tests" | grep -c '^leave ' || true)
$compiler || export CGO_ENABLED=0 # a compiler that is there and does not work would be tried
code=0
"$GO" test $can || code=$?
echo "segue: $left packages were not tested, for want of what is named above; $(echo "$can" | wc -l) were" >&2
exit $code
