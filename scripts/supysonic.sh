#!/bin/sh
# supysonic.sh start DIR MUSIC [PORT] | stop DIR: Debian's Subsonic server on 127.0.0.1 over
# a folder of music, for tests and for trying things. Users: alice (alicepw) and bob, whose
# password is full of odd characters. Everything it writes is in DIR.
# It needs supysonic and python3-waitress (scripts/deps.sh ci installs them).
set -eu
export LC_ALL=C.UTF-8 # names are UTF-8, whatever the machine speaks
usage() { echo "usage: supysonic.sh start DIR MUSIC [PORT] | stop DIR" >&2; exit 2; }
[ $# -ge 2 ] || usage
dir=$(readlink -m "$2")

end() {
	[ -f "$dir/$1.pid" ] || return 0
	kill "$(cat "$dir/$1.pid")" 2>/dev/null || true
	gone "$(cat "$dir/$1.pid")" # who removes the folder next must not meet what it still writes
	rm -f "$dir/$1.pid"
}

# gone PID: waits until a process has ended, or ends it.
gone() {
	for _ in $(seq 250); do
		grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null || return 0 # nobody may reap it
		sleep 0.02
	done
	kill -KILL "$1" 2>/dev/null || true
}

case $1 in
start)
	[ $# -ge 3 ] || usage
	music=$(readlink -f "$3")
	port=${4:-5722}
	mkdir -p "$dir/cache"
	end web # of before
	end daemon
	cd "$dir" # it looks for supysonic.conf there
	cat >supysonic.conf <<C
[base]
database_uri = sqlite:///$dir/supysonic.db
[webapp]
cache_dir = $dir/cache
log_file = $dir/web.log
log_level = INFO
[daemon]
socket = $dir/supysonic.sock
run_watcher = no
log_file = $dir/daemon.log
log_level = INFO
[transcoding]
transcoder = ffmpeg -i %srcpath -ab %outratek -v 0 -f %outfmt -
default_transcode_target = mp3
[mimetypes]
opus = audio/ogg
flac = audio/flac
C
	supysonic-cli user list >/dev/null # makes the tables
	supysonic-cli user add alice -p alicepw >/dev/null 2>&1 || true
	supysonic-cli user setroles -A alice >/dev/null
	supysonic-cli user add bob -p 'b0b pÄss&=+%' >/dev/null 2>&1 || true
	supysonic-cli folder add Music "$music" >/dev/null 2>&1 || true
	supysonic-cli folder scan Music >/dev/null
	supysonic-daemon >daemon.out 2>&1 &
	echo $! >daemon.pid
	waitress-serve --listen=127.0.0.1:"$port" --threads=8 --call supysonic.web:create_application >web.out 2>&1 &
	echo $! >web.pid
	for _ in $(seq 600); do
		if python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null; then
			echo "http://127.0.0.1:$port"
			exit 0
		fi
		sleep 0.1
	done
	echo "supysonic does not answer, see $dir/web.out" >&2
	exit 1
	;;
stop)
	end web
	end daemon
	;;
*) usage ;;
esac
