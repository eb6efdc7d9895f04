#!/bin/bash
# pulse.sh start DIR   starts a private PulseAudio whose null sink keeps time, and prints the
#                      environment, a variable a line, in which programs find it
# pulse.sh stop DIR    ends it
# Debian: pulseaudio pulseaudio-utils libasound2-plugins. The server's pid is in DIR/pulse.pid.
set -eu

usage() { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }

environment() {
	echo "XDG_RUNTIME_DIR=$dir"
	echo "PULSE_SERVER=unix:$dir/pulse/native"
	echo "PULSE_COOKIE=$dir/cookie"
	echo "ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:$dir/asound.conf"
}

# first lets what is started here go before other work, where that is allowed: sound is in real
# time, and what tests do beside it is not.
first() { renice -n -15 -p $$ >/dev/null 2>&1 || true; }

start() {
	first
	mkdir -p "$dir/pulse" && chmod 700 "$dir"
	printf 'pcm.!default { type pulse }\nctl.!default { type pulse }\n' >"$dir/asound.conf"
	XDG_RUNTIME_DIR=$dir PULSE_RUNTIME_PATH=$dir/pulse PULSE_STATE_PATH=$dir PULSE_COOKIE=$dir/cookie \
		setsid pulseaudio -n --daemonize=no --exit-idle-time=-1 --log-target="file:$dir/pulse.log" \
		-L "module-native-protocol-unix auth-anonymous=1 socket=$dir/pulse/native" \
		-L "module-null-sink sink_name=nul format=float32le rate=44100 norewinds=1" </dev/null >/dev/null 2>&1 &
	echo $! >"$dir/pulse.pid"
	for _ in $(seq 600); do
		if PULSE_SERVER=unix:$dir/pulse/native PULSE_COOKIE=$dir/cookie pactl info >/dev/null 2>&1; then
			environment
			return
		fi
		sleep 0.05
	done
	echo "pulse.sh: the server did not start; see $dir/pulse.log" >&2
	stop
	exit 1
}

stop() {
	[ -f "$dir/pulse.pid" ] || return 0
	kill -CONT "$(cat "$dir/pulse.pid")" 2>/dev/null || true
	kill "$(cat "$dir/pulse.pid")" 2>/dev/null || true
	gone "$(cat "$dir/pulse.pid")"
	rm -f "$dir/pulse.pid" "$dir/pulse/native" # or a start would take it for its own
}

# gone PID: waits until a process has ended, or ends it.
gone() {
	for _ in $(seq 100); do
		grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null || return 0 # nobody may reap it
		sleep 0.02
	done
	kill -KILL "$1" 2>/dev/null || true
}

[ $# = 2 ] || usage
dir=$(readlink -m "$2")
case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
