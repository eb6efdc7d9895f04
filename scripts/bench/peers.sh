# peers.sh: mpd and moc for scripts/bench.sh, which sources it. Each has its folder and
# socket below $work; stop_peers ends what runs.
mpd_pid= mpd_socket= moc_pid= moc_dir=

stop_peers() {
	if [ -n "$mpd_pid" ]; then
		kill "$mpd_pid" 2>/dev/null || true
		wait "$mpd_pid" 2>/dev/null || true
		mpd_pid=
	fi
	if [ -n "$moc_pid" ]; then
		mocp -M "$moc_dir" -C "$moc_dir/config" -x >/dev/null 2>&1 || kill "$moc_pid" 2>/dev/null || true
		moc_pid=
	fi
}

# start_mpd FOLDER OUTPUT: an mpd with an empty database; OUTPUT is null, pulse or fifo.
start_mpd() {
	local dir output
	dir=$(mktemp -d "$work/mpd.XXXX")
	mpd_socket=$dir/socket
	case $2 in
	pulse) output='type "pulse"
 name "pulse"' ;;
	fifo) output="type \"fifo\"
 name \"fifo\"
 path \"$work/mpd.pipe\"
 format \"44100:16:2\"" ;;
	*) output='type "null"
 name "null"
 sync "yes"' ;;
	esac
	cat >"$dir/mpd.conf" <<E
music_directory "$1"
db_file "$dir/db"
state_file "$dir/state"
bind_to_address "$mpd_socket"
log_file "$dir/log"
auto_update "no"
max_output_buffer_size "262144"
audio_output {
 $output
}
E
	mpd --no-daemon "$dir/mpd.conf" </dev/null >"$dir/out" 2>&1 &
	mpd_pid=$!
	for _ in $(seq 100); do
		! mpc -q --host "$mpd_socket" status >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	echo "(mpd did not start: skipped)"
	stop_peers
	return 1
}

# with_mpd OUTPUT FILE COMMAND...: COMMAND ... -pid PID while mpd plays FILE.
with_mpd() {
	have mpd && have mpc || return 0
	local out=$1 file=$2 dir
	shift 2
	dir=$(mktemp -d "$work/mpdmusic.XXXX")
	ln -s "$file" "$dir/"
	start_mpd "$dir" "$out" || return 0
	mpc -q --host "$mpd_socket" update --wait >/dev/null
	mpc -q --host "$mpd_socket" add "$(basename "$file")"
	mpc -q --host "$mpd_socket" play
	"$@" -pid "$mpd_pid"
	stop_peers
}

# with_moc OUTPUT FILE COMMAND...: the same with moc's server.
with_moc() {
	have mocp || return 0
	local driver=NULL file=$2 alsa=${ALSA_CONFIG_PATH:-/usr/share/alsa/alsa.conf}
	[ "$1" = null ] || driver=ALSA
	shift 2
	moc_dir=$(mktemp -d "$work/moc.XXXX")
	printf 'SoundDriver = %s\nMOCDir = %s\n' $driver "$moc_dir" >"$moc_dir/config"
	ALSA_CONFIG_PATH=$alsa mocp -M "$moc_dir" -C "$moc_dir/config" -S >/dev/null 2>&1 || true
	sleep 1
	moc_pid=$(cat "$moc_dir/pid" 2>/dev/null || true)
	if [ -z "$moc_pid" ]; then
		echo "(moc's server did not start: skipped)"
		return 0
	fi
	mocp -M "$moc_dir" -C "$moc_dir/config" -l "$file" >/dev/null 2>&1 || true
	sleep 1
	"$@" -pid "$moc_pid"
	stop_peers
}

# mpd_update FOLDER: a row for a cold update and one for an update without changes; mpd
# goes on running.
mpd_update() {
	have mpd && have mpc || return 0
	start_mpd "$1" null || return 0
	bench time -label "mpd update, cold (the client's CPU and memory)" -- mpc -q --host "$mpd_socket" update --wait
	bench time -label "mpd update, nothing changed" -- mpc -q --host "$mpd_socket" update --wait
}

# mpd_sound FILE: a row for the time from mpd's "play" to the first frames in a pipe.
mpd_sound() {
	have mpd && have mpc || return 0
	local dir
	dir=$(mktemp -d "$work/mpdmusic.XXXX")
	ln -s "$1" "$dir/"
	start_mpd "$dir" fifo || return 0
	mpc -q --host "$mpd_socket" update --wait >/dev/null
	mpc -q --host "$mpd_socket" add "$(basename "$1")"
	bench sound -label "mpd: \"play\" on its socket, to the first frames in a pipe" -pipe "$work/mpd.pipe" -mpd "$mpd_socket"
	stop_peers
}

# moc_start FOLDER: rows for the first frame of moc's screen, with its server started by it,
# and for Enter in it to the first frames in a pipe. Each start has a new server: the one
# before ended with its pipe. PulseAudio is there for the mixer that moc insists on.
moc_start() {
	have mocp && have pulseaudio || return 0
	local dir env moc
	dir=$(mktemp -d "$work/moc.XXXX")
	mkfifo "$dir/pipe"
	env=$("$here/sound/pulse.sh" start "$work/pulse")
	printf 'pcm.topipe { type file slave.pcm "null" file "%s" format "raw" }\nctl.topipe { type pulse }\n' "$dir/pipe" >"$dir/asound.conf"
	printf 'SoundDriver = ALSA\nALSADevice = topipe\nMOCDir = %s\nMusicDir = %s\nStartInMusicDir = yes\n' "$dir" "$1" >"$dir/config"
	printf '#!/bin/sh\nmocp -M %s -C %s/config -x >/dev/null 2>&1\nsleep 0.3; rm -f %s/pid %s/socket2\nexec mocp -M %s -C %s/config\n' "$dir" "$dir" "$dir" "$dir" "$dir" "$dir" >"$dir/run"
	moc=(env $env ALSA_CONFIG_PATH="/usr/share/alsa/alsa.conf:$dir/asound.conf" sh "$dir/run")
	bench sound -label "moc: Enter on a track, to the first frames in a pipe" -pipe "$dir/pipe" -until music.mp3 -before gmp3 -- "${moc[@]}" ||
		echo "| moc: Enter on a track | failed | | |"
	mocp -M "$dir" -C "$dir/config" -x >/dev/null 2>&1 || true
	sleep 0.3
	rm -f "$dir/pid" "$dir/socket2"
	printf 'SoundDriver = NULL\nMOCDir = %s\nMusicDir = %s\nStartInMusicDir = yes\n' "$dir" "$1" >"$dir/config"
	mocp -M "$dir" -C "$dir/config" -S >/dev/null 2>&1 || true
	bench first -label "moc: first frame of its screen, its server runs" -until music.mp3 -- mocp -M "$dir" -C "$dir/config" ||
		echo "| moc: first frame | failed | | |"
	mocp -M "$dir" -C "$dir/config" -x >/dev/null 2>&1 || true
	"$here/sound/pulse.sh" stop "$work/pulse"
}
