#!/bin/bash
# pipewire.sh start DIR   starts a private PipeWire with a null sink, and prints the
#                         environment, a variable a line, in which programs find it;
#                         SEGUE_TEST_QUANTUM is its quantum in frames, 1024 if it is not set
# pipewire.sh stop DIR    ends it
# pipewire.sh plugin      prints where ALSA's plug-in for PipeWire is, fetching it if need be
# Debian: pipewire wireplumber dbus. The plug-in is in pipewire-alsa, which excludes
# pulseaudio: so its package is only unpacked, into the user's cache, and not installed.
# The pids are in DIR/{bus,pipewire,wireplumber}.pid.
set -eu

usage() { sed -n '2,9s/^# //p' "$0" >&2; exit 2; }

plugin() {
	local name=libasound_module_pcm_pipewire.so cache found
	cache=${SEGUE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/segue-test}/pipewire-alsa
	for d in /usr/lib/*/alsa-lib /usr/lib/alsa-lib /usr/lib64/alsa-lib "$cache"/usr/lib/*/alsa-lib; do
		if [ -f "$d/$name" ]; then
			echo "$d/$name"
			return
		fi
	done
	mkdir -p "$cache"
	if ! (cd "$cache" && apt-get -o Acquire::Retries=5 download pipewire-alsa && dpkg -x pipewire-alsa_*.deb . && rm pipewire-alsa_*.deb) >"$cache/log" 2>&1; then
		echo "pipewire.sh: pipewire-alsa cannot be fetched; see $cache/log" >&2
		exit 1
	fi
	found=$(find "$cache/usr" -name "$name")
	[ -n "$found" ] && echo "$found"
}

configure() {
	cat >"$dir/pipewire.conf" <<X
context.properties = { core.daemon = true core.name = pipewire-0 default.clock.rate = 44100 default.clock.quantum = $quantum default.clock.min-quantum = $quantum default.clock.max-quantum = $quantum log.level = 1 }
context.spa-libs = { audio.convert.* = audioconvert/libspa-audioconvert support.* = support/libspa-support }
context.modules = [
  { name = libpipewire-module-protocol-native } { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory } { name = libpipewire-module-client-node }
  { name = libpipewire-module-access } { name = libpipewire-module-adapter }
  { name = libpipewire-module-link-factory } { name = libpipewire-module-session-manager }
]
context.objects = [
  { factory = spa-node-factory args = { factory.name = support.node.driver node.name = Dummy-Driver node.group = pipewire.dummy priority.driver = 20000 } }
  { factory = adapter args = { factory.name = support.null-audio-sink node.name = nullsink media.class = "Audio/Sink" audio.position = "FL,FR" object.linger = true } }
]
X
	printf 'pcm_type.pipewire { lib "%s" }\npcm.!default { type pipewire }\n' "$1" >"$dir/asound.conf"
}

environment() {
	echo "XDG_RUNTIME_DIR=$dir"
	echo "PIPEWIRE_RUNTIME_DIR=$dir"
	echo "DBUS_SESSION_BUS_ADDRESS=unix:path=$dir/bus"
	echo "ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:$dir/asound.conf"
}

# background NAME COMMAND... starts a server of which we know the pid.
background() {
	local name=$1
	shift
	setsid "$@" </dev/null >"$dir/$name.log" 2>&1 &
	echo $! >"$dir/$name.pid"
}

# await COMMAND... until it succeeds, 30 s at the most.
await() {
	for _ in $(seq 600); do
		if "$@" >/dev/null 2>&1; then return; fi
		sleep 0.05
	done
	echo "pipewire.sh: the servers did not start; see $dir/*.log" >&2
	stop
	exit 1
}

# ready: the sink is the default, and streams can be linked to it.
ready() { wpctl inspect @DEFAULT_AUDIO_SINK@ | grep -q nullsink && pw-link -io | grep -q nullsink:monitor; }

# first lets what is started here go before other work, where that is allowed: sound is in real
# time, and what tests do beside it is not.
first() { renice -n -15 -p $$ >/dev/null 2>&1 || true; }

start() {
	local lib
	lib=$(plugin)
	first
	mkdir -p "$dir" && chmod 700 "$dir"
	configure "$lib"
	# shellcheck disable=SC2046
	export $(environment) HOME="$dir" XDG_STATE_HOME="$dir/state"
	background bus dbus-daemon --session --nofork --nopidfile --address="unix:path=$dir/bus"
	await test -S "$dir/bus"
	background pipewire pipewire -c "$dir/pipewire.conf"
	await test -S "$dir/pipewire-0"
	background wireplumber wireplumber
	await ready
	environment
}

stop() {
	local name
	for name in wireplumber pipewire bus; do
		[ -f "$dir/$name.pid" ] || continue
		kill -CONT "$(cat "$dir/$name.pid")" 2>/dev/null || true
		kill "$(cat "$dir/$name.pid")" 2>/dev/null || true
		gone "$(cat "$dir/$name.pid")"
		rm -f "$dir/$name.pid"
	done
	rm -f "$dir/bus" "$dir"/pipewire-0* # or a start would take them for its own
}

# gone PID: waits until a process has ended, or ends it.
gone() {
	for _ in $(seq 100); do
		grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null || return 0 # nobody may reap it
		sleep 0.02
	done
	kill -KILL "$1" 2>/dev/null || true
}

case ${1-} in
plugin) plugin; exit ;;
start | stop) [ $# = 2 ] || usage ;;
*) usage ;;
esac
quantum=${SEGUE_TEST_QUANTUM:-1024}
dir=$(readlink -m "$2")
"$1"
