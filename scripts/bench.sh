#!/bin/bash
# bench.sh [PART...]   measures Segue beside mpd and moc and prints Markdown tables
# Parts: cpu screen pulse start idle library server; none = all. What it starts has private
# sockets and folders, and ends with it. A program that is not installed is skipped with
# a line. BENCH_SECONDS (30) is the length of a measuring window, BENCH_TRACKS (100000)
# the size of the library, BENCH_MORE (0) that of a second one, BENCH_DIR a folder that
# keeps the files for the next run. A quiet machine gives true numbers: the last column
# of a table tells how many cores others kept busy meanwhile.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
seconds=${BENCH_SECONDS:-30}
tracks=${BENCH_TRACKS:-100000}
more=${BENCH_MORE:-0}
work=$(mktemp -d /tmp/segue-bench.XXXXXX)
keep=${BENCH_DIR:-$work/files}
mkdir -p "$keep" "$work/home"
# shellcheck source=scripts/bench/peers.sh
. "$here/bench/peers.sh"

finish() {
	trap - EXIT
	stop_peers
	stop_server
	"$here/sound/pulse.sh" stop "$work/pulse" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

have() {
	command -v "$1" >/dev/null && return
	echo "($1 is not installed: skipped)"
	return 1
}

bench() { "$work/bench" "$@"; }

# segue HOME ENV... -- ARGS...: Segue with nothing of the user's. The words are for exec.
segue() {
	local home=$1
	shift
	env -i PATH="$PATH" HOME="$home" LANG=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor "$@"
}

build() {
	"${GO:-go}" build -trimpath -o "$work/segue" .
	"${GO:-go}" build -o "$work/bench" ./internal/bench
}

# music makes ten minutes of real music, or of generated tones where there is none, in four codecs.
music() {
	local album=/usr/share/games/wesnoth/1.16/data/core/music
	[ -f "$keep/music.flac" ] || {
		have sox && have flac || exit 1
		if [ -d $album ]; then
			sox $album/battle-epic.ogg $album/knolls.ogg $album/heroes_rite.ogg -r 44100 -c 2 -b 16 "$work/music.wav" trim 0 600 2>/dev/null
		else
			sox -n -r 44100 -c 2 -b 16 "$work/music.wav" synth 600 pluck 220 pluck 330 vol 0.5 2>/dev/null
		fi
		flac -s -f -o "$keep/music.flac" "$work/music.wav"
		! have oggenc >&2 || oggenc -Q -q 5 -o "$keep/music.ogg" "$work/music.wav"
		! have lame >&2 || lame --quiet -V0 "$work/music.wav" "$keep/music.mp3"
		! have opusenc >&2 || opusenc --quiet "$work/music.wav" "$keep/music.opus"
		rm "$work/music.wav"
	}
}

load_head() {
	printf '\n### %s\n\n| | CPU s per hour of music | switches/s | resident MB | PSS MB | threads | others, cores |\n|---|---|---|---|---|---|---|\n' "$1"
}

# load LABEL FLAGS... -- COMMAND: a row; a silence when the command cannot be measured.
load() {
	local label=$1
	shift
	bench load -label "$label" -for "${seconds}s" "$@" || echo "| $label | failed | | | | | |"
}

cpu() {
	load_head "Playing without a screen, silent clock, ${seconds} s windows"
	for f in flac ogg mp3 opus; do
		[ -f "$keep/music.$f" ] || continue
		load "segue play, $f" -- env -i HOME="$work/home" LANG=C.UTF-8 "$work/segue" play --output null "$keep/music.$f"
		with_mpd null "$keep/music.$f" load "mpd, null with sync, $f"
		with_moc null "$keep/music.$f" load "moc server, null, $f"
	done
}

screen() {
	load_head "Playing with the screen shown, 200x60, silent clock"
	for f in flac ogg; do
		[ -f "$keep/music.$f" ] || continue
		new_home
		load "segue, $f" -screen -until music -- env -i HOME="$home" LANG=C.UTF-8 "$work/segue" --output null "$keep/music.$f"
		with_mpd null "$keep/music.$f" load "mpd, which has no screen, $f"
		with_moc null "$keep/music.$f" moc_screen "moc, its server and its screen, $f"
	done
}

pulse() {
	have pulseaudio && have pactl || return 0
	local env
	env=$("$here/sound/pulse.sh" start "$work/pulse")
	load_head "Playing to PulseAudio's null sink"
	for f in flac ogg; do
		[ -f "$keep/music.$f" ] || continue
		new_home
		load "segue play, $f" -- env -i $env HOME="$home" LANG=C.UTF-8 "$work/segue" play --output oto "$keep/music.$f"
		load "segue with its screen, $f" -screen -until music -- env -i $env HOME="$home" LANG=C.UTF-8 "$work/segue" --output oto "$keep/music.$f"
		(export $env && with_mpd pulse "$keep/music.$f" load "mpd, $f")
		(export $env && with_moc pulse "$keep/music.$f" load "moc server, $f")
	done
	"$here/sound/pulse.sh" stop "$work/pulse"
}

start() {
	printf '\n### Start: exec to the first frame, a key to the first sound\n\n| | median ms | least | most |\n|---|---|---|---|\n'
	new_home
	bench first -label "first frame, no library" -until Library -- env -i HOME="$home" LANG=C.UTF-8 "$work/segue" --output null
	indexed "$tracks"
	local with=(env -i HOME="$home" LANG=C.UTF-8 SEGUE_LIBRARY_FOLDERS="$tree" SEGUE_LIBRARY_WATCH=false "$work/segue" --output null)
	bench first -label "first frame, $tracks tracks" -until Library -- "${with[@]}"
	bench first -label "rows of $tracks tracks on the screen" -until "of the " -- "${with[@]}"
	new_home
	mkdir "$work/few"
	cp "$keep"/music.* "$work/few/"
	segue "$home" SEGUE_LIBRARY_FOLDERS="$work/few" "$work/segue" scan >/dev/null
	# 5 = Files: the cursor stands on the first of four files of ten minutes
	bench sound -label "Enter on a track, to the first frames in a pipe" -pipe "$work/sound.pipe" -until Library -before 5 -- \
		env -i HOME="$home" LANG=C.UTF-8 SEGUE_LIBRARY_FOLDERS="$work/few" "$work/segue" --output "pipe:$work/sound.pipe"
	mpd_sound "$keep/music.flac"
	moc_start "$work/few"
}

idle() {
	printf '\n### Paused with the screen up, 60 s\n\n| | CPU s per hour | switches in 60 s | resident MB | PSS MB | threads | others, cores |\n|---|---|---|---|---|---|---|\n'
	new_home
	bench load -wakes -for 60s -label "segue, paused, silent clock" -screen -until music -keys ' ' -then '(paused)' -- \
		env -i HOME="$home" LANG=C.UTF-8 "$work/segue" --output null "$keep/music.flac"
	if have pulseaudio; then
		local env
		env=$("$here/sound/pulse.sh" start "$work/pulse")
		new_home
		# after a minute the device is let go: threads end, and a window around it would count less than nothing
		bench load -wakes -for 60s -warm 70s -label "segue, paused for more than a minute, PulseAudio" -screen -until music -keys ' ' -then '(paused)' -- \
			env -i $env HOME="$home" LANG=C.UTF-8 "$work/segue" --output oto "$keep/music.flac"
		"$here/sound/pulse.sh" stop "$work/pulse"
	fi
	indexed "$tracks"
	bench load -wakes -for 60s -warm 15s -label "segue, $tracks tracks, watched, nothing plays" -screen -until "of the " -- \
		env -i HOME="$home" LANG=C.UTF-8 SEGUE_LIBRARY_FOLDERS="$tree" "$work/segue" --output null
	with_mpd null "$keep/music.flac" paused_mpd
	with_moc null "$keep/music.flac" paused_moc
}

paused_mpd() {
	mpc -q --host "$mpd_socket" pause
	bench load -wakes -for 60s -label "mpd, paused" "$@"
}

paused_moc() {
	mocp -M "$moc_dir" -C "$moc_dir/config" -P >/dev/null 2>&1
	bench load -wakes -for 60s -label "moc server, paused" "$@"
}

moc_screen() {
	load "$1" -screen -until music -beside "$moc_pid" -- mocp -M "$moc_dir" -C "$moc_dir/config"
}

library() {
	local n=$1
	files "$n"
	new_home
	local run=(env -i HOME="$home" LANG=C.UTF-8 SEGUE_LIBRARY_FOLDERS="$tree" "$work/segue" scan --json)
	find "$tree" -type f -print0 | xargs -0 cat >/dev/null # into the page cache
	printf '\n### Library of %s tracks\n\n| | seconds | CPU s | most resident MB | others, cores |\n|---|---|---|---|---|\n' "$n"
	bench time -label "segue scan, cold" -- "${run[@]}"
	mpd_update "$tree"
	rm -rf "$home"
	mkdir -p "$home"
	bench time -label "segue scan, cold, again" -- "${run[@]}"
	bench time -label "segue scan, nothing changed" -- "${run[@]}"
	bench time -label "segue scan, nothing changed, again" -- "${run[@]}"
	echo "$n" >"$work/indexed"
	echo "$home" >>"$work/indexed"
	printf '\n### Searches of %s tracks, the first 60 rows\n\n| | hits | segue: first ms | median | least | most | mpd: median ms | least | most |\n|---|---|---|---|---|---|---|---|---|\n' "$n"
	local socket=()
	[ -z "$mpd_pid" ] || socket=(-mpd "$mpd_socket")
	bench search -folder "$tree" -data "$home/.local/share/segue" -tracks "$n" "${socket[@]}"
	printf '\n### Memory with %s tracks\n\n| | CPU s per hour | switches/s | resident MB | PSS MB | threads | others, cores |\n|---|---|---|---|---|---|---|\n' "$n"
	[ -z "$mpd_pid" ] || bench load -label "mpd, after update and searches" -pid "$mpd_pid" -for 5s -warm 1s
	stop_peers
	bench load -label "segue, screen up, nothing plays" -screen -until "of the " -warm 15s -for 10s -- \
		env -i HOME="$home" LANG=C.UTF-8 SEGUE_LIBRARY_FOLDERS="$tree" "$work/segue" --output null
	bench load -label "segue, screen up, playing" -screen -until "of the " -warm 15s -for 10s -- \
		env -i HOME="$home" LANG=C.UTF-8 SEGUE_LIBRARY_FOLDERS="$tree" "$work/segue" --output null "$keep/music.flac"
}

# files makes a library of N tracks, or takes it as it was left. It sets tree.
files() {
	tree=$keep/library-$1
	[ -f "$tree.done" ] && return
	bench library "$tree" "$1"
	touch "$tree.done"
}

# indexed sets home and tree to a library of N tracks that is scanned.
indexed() {
	files "$1"
	if [ -f "$work/indexed" ] && [ "$(head -1 "$work/indexed")" = "$1" ]; then
		home=$(tail -1 "$work/indexed")
		return
	fi
	new_home
	segue "$home" SEGUE_LIBRARY_FOLDERS="$tree" "$work/segue" scan >/dev/null
	printf '%s\n%s\n' "$1" "$home" >"$work/indexed"
}

# served signs alice in at URL, in a new home.
served() {
	new_home
	printf 'alicepw\n' | segue "$home" "$work/segue" login subsonic --name home --server "$1" --user alice --password-stdin >/dev/null
}

stop_server() {
	[ ! -d "$work/supysonic" ] || sh "$here/supysonic.sh" stop "$work/supysonic"
	[ -z "${standin_pid:-}" ] || kill "$standin_pid" 2>/dev/null || true
	standin_pid=
}

# server measures what comes from a Subsonic server over loopback: Debian's supysonic with
# ten minutes and an hour of FLAC, and a stand-in with 10,000 albums and nothing else.
server() {
	have supysonic-cli && have waitress-serve && have sox && have metaflac || return 0
	mkdir -p "$work/served" "$work/few"
	cp "$keep/music.flac" "$work/served/ten.flac"
	metaflac --remove-all-tags --set-tag=TITLE=Tenner --set-tag=ARTIST=Bench --set-tag=ALBUM=Bench "$work/served/ten.flac"
	[ -f "$keep/hour.flac" ] || {
		sox "$keep/music.flac" "$keep/music.flac" "$keep/music.flac" "$keep/music.flac" "$keep/music.flac" "$keep/music.flac" "$work/hour.flac" 2>/dev/null
		mv "$work/hour.flac" "$keep/hour.flac"
	}
	cp "$keep/hour.flac" "$work/served/hour.flac"
	metaflac --remove-all-tags --set-tag=TITLE=Hourlong --set-tag=ARTIST=Bench --set-tag=ALBUM=Bench "$work/served/hour.flac"
	local url
	url=$(sh "$here/supysonic.sh" start "$work/supysonic" "$work/served" $((20000 + RANDOM % 20000)))
	served "$url"
	printf '\n### A server, over loopback: times\n\n| | median ms | least | most |\n|---|---|---|---|\n'
	local pipe=$work/server.pipe
	local play=(env -i HOME="$home" LANG=C.UTF-8 "$work/segue" --output "pipe:$pipe")
	# 2 = Search: the words, then Enter into the rows, and Enter plays. What the run before
	# left on the screen and in the queue would be there again.
	local anew='rm -f "$0"/.local/state/segue/state.json "$0"/.local/state/segue/position.json; exec "$@"'
	bench sound -label "Enter on a FLAC of ten minutes on supysonic, to the first frames in a pipe, nothing cached" -pipe "$pipe" \
		-until "Internet radio" -before $'2tenner\r' -- sh -c "rm -rf \"\$0/.cache/segue\"; $anew" "$home" "${play[@]}"
	bench sound -label "the same from the media cache" -pipe "$pipe" -until "Internet radio" -before $'2tenner\r' -- \
		sh -c "$anew" "$home" "${play[@]}"
	cp "$work/served/ten.flac" "$work/few/"
	new_home
	segue "$home" SEGUE_LIBRARY_FOLDERS="$work/few" "$work/segue" scan >/dev/null
	bench sound -label "the same file from the disk, account local" -pipe "$pipe" -until Library -before $'2tenner\r' -- \
		sh -c "$anew" "$home" env -i HOME="$home" LANG=C.UTF-8 SEGUE_LIBRARY_FOLDERS="$work/few" SEGUE_LIBRARY_WATCH=false "$work/segue" --output "pipe:$pipe"
	"$work/bench" standin -albums 10000 >"$work/standin" &
	standin_pid=$!
	until [ -s "$work/standin" ]; do sleep 0.1; done
	local albums
	albums=$(cat "$work/standin")
	served "$albums"
	# h and twelve times j: from the list to the first section of the server in the sidebar
	local list=(env -i HOME="$home" LANG=C.UTF-8 "$work/segue" --output null)
	bench shown -label "a list of 10,000 albums, from the key to its first rows, nothing remembered" -until "Highest rated" -before hjjjjjjjjjjjj -then "Album 00007" -- \
		sh -c 'rm -f "$0"/.local/share/segue/accounts/*.db*; '"$anew" "$home" "${list[@]}"
	served "$url"
	load_head "A server: an hour of FLAC, $(($(stat -c %s "$keep/hour.flac") / 1000000)) MB, while it plays"
	local hour=(env -i HOME="$home" LANG=C.UTF-8 "$work/segue" play --output null --account home title:hourlong)
	load "segue play, from supysonic, while it comes" -warm 3s -- "${hour[@]}"
	rm -rf "$home/.cache/segue"
	load "segue play, from supysonic, a minute later" -warm 60s -- "${hour[@]}"
	stop_server
}

new_home() { home=$(mktemp -d "$work/home.XXXX"); }

machine() {
	printf '## Measured %s\n\n%s, %s cores, %s, %s; segue %s; %s\n' "$(date -u +'%Y-%m-%d %H:%M UTC')" \
		"$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(uname -sr)" "$("${GO:-go}" env GOVERSION)" \
		"$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" "$(mpd --version 2>/dev/null | head -1 || true)"
	printf 'Load when it began: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
}

parts=("$@")
[ $# -gt 0 ] || parts=(cpu screen pulse library start idle server)
build
music
machine
for p in "${parts[@]}"; do
	case $p in
	cpu | screen | pulse | start | idle | server) $p ;;
	library)
		library "$tracks"
		[ "$more" = 0 ] || library "$more"
		;;
	*) sed -n '2,8s/^# //p' "$0" >&2 && exit 2 ;;
	esac
done
