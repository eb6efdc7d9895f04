#!/bin/bash
# screens.sh BIN DIR: the pictures of docs/screens, taken from a real terminal (xterm on a
# screen of its own that nobody sees), with a small library that is made for them.
# Everything that it starts it ends, and what it makes besides the pictures it removes.
# Debian: xvfb xterm xdotool imagemagick flac fonts-jetbrains-mono fonts-noto-cjk
set -euo pipefail
[ $# = 2 ] || { echo "usage: $0 BIN DIR" >&2; exit 2; }
bin=$(realpath "$1") dir=$2
for p in Xvfb xterm xdotool import convert flac; do
	command -v $p >/dev/null || { echo "screens: $p is missing: apt-get install xvfb xterm xdotool imagemagick flac fonts-jetbrains-mono fonts-noto-cjk" >&2; exit 1; }
done
mkdir -p "$dir"
work=$(mktemp -d /tmp/segue-screens.XXXXXX)
pids=()
extra=() # more of the environment of Segue
end() {
	trap - EXIT
	[ ! -p "$work/stage/do" ] || timeout 2 sh -c "echo end >'$work/stage/do'" || :
	[ ! -d "$work/server" ] || sh scripts/supysonic.sh stop "$work/server" || :
	for p in "${pids[@]}"; do kill "$p" 2>/dev/null || :; done
	for p in "${pids[@]}"; do wait "$p" 2>/dev/null || :; done
	rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM HUP

# ---- a library

# disc FOLDER COLOURS ARTIST ALBUM YEAR GENRE, then "SECONDS TITLE" lines on stdin
disc() {
	local d="$work/music/$1" n=0 seconds title
	mkdir -p "$d"
	convert -size 600x600 -define gradient:angle=35 gradient:"$2" \
		-fill 'rgba(255,255,255,0.20)' -draw 'circle 420,180 420,60' \
		-fill 'rgba(0,0,0,0.28)' -draw 'polygon 0,600 230,290 380,440 600,230 600,600' \
		-quality 88 "$d/cover.jpg"
	while read -r seconds title; do
		n=$((n + 1))
		head -c $((seconds * 44100 * 4)) /dev/zero |
			flac -s -0 --endian=little --sign=signed --channels=2 --bps=16 --sample-rate=44100 --force-raw-format \
				-T "TITLE=$title" -T "ARTIST=$3" -T "ALBUMARTIST=$3" -T "ALBUM=$4" -T "DATE=$5" -T "GENRE=$6" \
				-T "TRACKNUMBER=$n" -T "REPLAYGAIN_TRACK_GAIN=-6.20 dB" -o "$d/$(printf %02d $n).flac" - 2>/dev/null
	done
}

library() {
	disc bach '#f0a868-#5b2333' 'Johann Sebastian Bach' 'Goldberg Variations' 1741 Baroque <<-'T'
		173 Aria
		69 Variatio 1. a 1 Clav.
		38 Variatio 2. a 1 Clav.
		116 Variatio 3. Canone all'Unisono
		66 Variatio 4. a 1 Clav.
		37 Variatio 5. a 1 ovvero 2 Clav.
		34 Variatio 6. Canone alla Seconda
		76 Variatio 7. al tempo di Giga
		45 Variatio 8. a 2 Clav.
		37 Variatio 9. Canone alla Terza
		43 Variatio 10. Fughetta
		53 Variatio 11. a 2 Clav.
		89 Variatio 12. Canone alla Quarta
		241 Variatio 13. a 2 Clav.
		58 Variatio 14. a 2 Clav.
	T
	disc satie '#9ad1c9-#22405c' 'Erik Satie' 'Gymnopédies' 1888 Impressionist <<-'T'
		205 Gymnopédie No. 1: Lent et douloureux
		168 Gymnopédie No. 2: Lent et triste
		151 Gymnopédie No. 3: Lent et grave
	T
	disc miyagi '#f7c6d0-#34496b' '宮城道雄' '春の海' 1929 邦楽 <<-'T'
		398 春の海
		284 水の変態
		455 さくら変奏曲
		312 瀬音
		247 夜の大工さんが窓の外で静かに口笛を吹きながら古い箪笥を直している、その音を聴きながら眠る
	T
	disc chopin '#8f84c9-#1d1a33' 'Frédéric Chopin' 'Nocturnes' 1832 Romantic <<-'T'
		342 Nocturne in B-flat minor, Op. 9 No. 1
		271 Nocturne in E-flat major, Op. 9 No. 2
		398 Nocturne in B major, Op. 9 No. 3
		263 Nocturne in F major, Op. 15 No. 1
	T
	disc long '#d9d36a-#5c3b1e' 'The Society for the Preservation of Very Long Names, with Guests and a Choir' \
		'An Album Whose Title Goes On and On, as Such Titles Did When Covers Were Large Enough' 1974 Progressive <<-'T'
		1267 A Suite in Seven Movements, Beginning with an Overture That Is Nearly as Long as Its Title and Ending Where It Began
		187 Ende
	T
	disc schubert '#b8d987-#27452f' 'Franz Schubert' 'Winterreise' 1828 Lied <<-'T'
		331 Gute Nacht
		107 Die Wetterfahne
		143 Gefrorne Tränen
		171 Erstarrung
		283 Der Lindenbaum
	T
	words >"$work/music/satie/01.lrc"
}

# words are ours: an invented text with times, for the lyrics.
words() {
	local i=0 l
	while read -r l; do
		printf '[%02d:%02d.00]%s\n' $((i * 6 / 60)) $((i * 6 % 60)) "$l"
		i=$((i + 1))
	done <<-'T'
		slowly the evening leans
		on the windowsill
		a chair, a glass, the piano
		and nobody plays
		still there is a measure
		walking through the room
		three beats and a shadow
		three beats and the moon
		do not hurry, says the lamp
		there is all the night
		slowly the evening leans
		and turns out the light
	T
}

# homes are made once and copied for each picture: "new" is a fresh machine's.
homes() {
	mkdir -p "$work/new" "$work/home/.config/segue"
	printf '[library]\nfolders = ["%s"]\n' "$work/music" >"$work/home/.config/segue/config.toml"
	segue home scan >/dev/null
	local t times
	while read -r times t; do
		while [ "$times" -gt 0 ]; do
			segue home play -o wav:/dev/null "$work/music/$t" "$work/music/satie/02.flac" >/dev/null 2>&1
			times=$((times - 1))
		done
	done <<-'T'
		6 satie/01.flac
		5 bach/01.flac
		4 miyagi/01.flac
		3 chopin/02.flac
		3 schubert/05.flac
		2 bach/14.flac
		2 miyagi/03.flac
		1 schubert/01.flac
	T
}

# themed THEME makes the home of somebody who likes another theme.
themed() {
	mkdir -p "$work/home-$1/.config/segue"
	printf '[screen]\ntheme = "%s"\n' "$1" >"$work/home-$1/.config/segue/config.toml"
}

# served is the home of somebody with the music of The Battle for Wesnoth and an account at
# a server with the same, where both are installed (Debian: wesnoth-1.16-music supysonic).
wesnoth=/usr/share/games/wesnoth/1.16/data/core/music
served() {
	[ -d "$wesnoth" ] && command -v supysonic-cli waitress-serve >/dev/null || return 1
	mkdir -p "$work/served/.config/segue" "$work/served/.local/share/segue/playlists/Evening"
	printf '[library]\nfolders = ["%s"]\n' "$wesnoth" >"$work/served/.config/segue/config.toml"
	sh scripts/supysonic.sh start "$work/server" "$wesnoth" 5733 >/dev/null
	segue served scan >/dev/null
	segue served playlist create Battles battle >/dev/null
	segue served playlist create 'Evening/By the fire' elvish love >/dev/null
	segue served playlist create --live 'time:>5m' 'Long ones' >/dev/null
	echo alicepw | segue served login subsonic --name home --server http://127.0.0.1:5733 --user alice --password-stdin >/dev/null 2>&1
}

# staged is the home of somebody with an account at the stand-in of Spotify that our tests
# have; it plays nothing, and nothing leaves this machine.
staged() {
	local i
	command -v "${GO:-go}" >/dev/null || return 1
	SEGUE_STAGE="$work/stage" "${GO:-go}" test -tags e2e -run AStageForWalking -timeout 0 ./internal/e2e >"$work/stage.log" 2>&1 &
	pids+=($!)
	for i in $(seq 600); do
		[ ! -s "$work/stage/env" ] || break
		kill -0 "${pids[-1]}" 2>/dev/null || return 1
		sleep .5
	done
	[ -p "$work/stage/do" ] || return 1
	cp -a "$work/stage/home" "$work/staged"
	mapfile -t extra < <(sed -n "s/^export \(SEGUE_SPOTIFY_[A-Z_]*\|SEGUE_CACHE_TOKENS\)='\(.*\)'\$/\1=\2/p" "$work/stage/env")
	extra+=(BROWSER=true)
}

segue() {
	local home=$1
	shift
	env -i PATH="$PATH" HOME="$work/$home" LANG=C.UTF-8 SEGUE_PLAYER_OUTPUT=null "$bin" "$@"
}

# ---- a terminal

display() {
	Xvfb -noreset -displayfd 3 -screen 0 2200x1400x24 -nolisten tcp 3>"$work/display" >"$work/xvfb.log" 2>&1 &
	pids+=($!)
	local i
	for i in $(seq 200); do
		[ -s "$work/display" ] && break
		sleep .05
	done
	[ -s "$work/display" ] || { echo "screens: Xvfb does not start: $(tail -1 "$work/xvfb.log")" >&2; exit 1; }
	DISPLAY=:$(cat "$work/display")
	export DISPLAY
	unset WAYLAND_DISPLAY
}

# still waits until two pictures in a row are the same, and keeps it.
still() {
	local i
	import -silent -window "$1" "$work/a.ppm"
	for i in $(seq 40); do
		sleep .12
		import -silent -window "$1" "$work/b.ppm"
		cmp -s "$work/a.ppm" "$work/b.ppm" && return
		mv "$work/b.ppm" "$work/a.ppm"
	done
}

# picture NAME COLSxROWS dark|light HOME ARGS -- KEYS...
#   KEYS: an xdotool key name, type:TEXT, wait:SECONDS (of music), still (until nothing moves)
picture() {
	local name=$1 size=$2 shade=$3 from=$4 args=() bg fg points=11 term w k i
	shift 4
	while [ "$1" != -- ]; do args+=("$1"); shift; done
	shift
	if [ "$shade" = light ]; then bg='#faf8f4' fg='#2b2926'; else bg='#14141a' fg='#dcd8d0'; fi
	[ "${size%x*}" -lt 150 ] || points=9
	rm -rf "$work/run"
	cp -a "$work/$from" "$work/run"
	# resources in a home of its own: those of the machine do not count
	env -u XENVIRONMENT HOME="$work" xterm -u8 -tn xterm-256color -fa 'JetBrains Mono' -fs $points -geometry "$size+0+0" \
		-bg "$bg" -fg "$fg" -b 6 +sb -bc -title "segue $name" \
		-xrm '*faceNameDoublesize: Noto Sans Mono CJK JP' -xrm '*boldMode: false' -xrm '*allowColorOps: true' \
		-e env -i PATH="$PATH" HOME="$work/run" LANG=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor \
		SEGUE_PLAYER_OUTPUT=null "${extra[@]}" "$bin" "${args[@]}" >"$work/xterm.log" 2>&1 &
	term=$!
	pids+=($term)
	w=
	for i in $(seq 200); do
		w=$(xdotool search --onlyvisible --class xterm 2>/dev/null | tail -1) || :
		[ -n "$w" ] && break
		sleep .05
	done
	[ -n "$w" ] || { echo "screens: no window for $name: $(tail -1 "$work/xterm.log")" >&2; exit 1; }
	xdotool windowfocus --sync "$w"
	xdotool mousemove 2199 1399
	sleep .4
	still "$w"
	for k in "$@"; do
		case $k in
		type:*) xdotool type --delay 25 -- "${k#type:}" ;;
		wait:*) sleep "${k#wait:}" ;;
		still) still "$w" ;;
		*) xdotool key -- "$k" ;;
		esac
		sleep .1
	done
	still "$w"
	convert "$work/a.ppm" +dither -colors 250 -define png:compression-level=9 -strip "PNG8:$dir/$name.png"
	kill "$term" 2>/dev/null || :
	wait "$term" 2>/dev/null || :
	unset 'pids[-1]'
	echo "$dir/$name.png $(($(stat -c %s "$dir/$name.png") / 1024)) kB"
}

library
homes
for t in plum moss dusk; do themed $t; done
display
music=$work/music
# the album that comes with Segue, on a new machine, reached by keys: its track with words,
# gone into by 20 seconds
album=(still Return still Down Return wait:1 Right Right Right Right still wait:4)

if [ -z "${ONLY:-}" ]; then ONLY=.; fi
shot() { [[ $1 =~ $ONLY ]] && picture "$@" || [[ ! $1 =~ $ONLY ]]; }

shot segue 140x36 dark new -- "${album[@]}"
shot segue-light 140x36 light new -- "${album[@]}"
shot first-run 120x36 dark new -- Return still Return wait:5
shot library 200x50 dark home "$music/miyagi" -- wait:5
shot album 120x36 dark new -- "${album[@]}"
shot album-light 120x36 light new -- "${album[@]}"
shot album-80x24 80x24 dark new -- "${album[@]}"
shot album-40x10 40x10 dark new -- "${album[@]}"
shot album-200x50 200x50 dark new -- "${album[@]}"
shot wide-characters 120x36 dark home "$music/miyagi" -- still End Return still Down Down
shot queue 120x36 dark home "$music/long" "$music/satie" "$music/schubert" -- 4 still Down Down Down x Down x Down
shot now-playing 120x36 dark new -- "${album[@]}" 7 wait:2
shot now-playing-light 120x36 light new -- "${album[@]}" 7 wait:2
shot toplists 120x36 dark home "$music/bach" -- 6 still
shot help 120x36 dark home "$music/bach" -- question still
shot search 120x36 dark home "$music/bach" -- 2 still "type:no" still
shot visualizer 120x36 dark new -- Return still Return wait:2 V wait:6
shot settings 120x36 dark home -- 9 still Down Down Down Down Down
shot log 120x36 dark home "$music/schubert" -- 4 still x Down x e still d still u still g exclam still
shot devices 120x36 dark home "$music/schubert" -- g o still
shot sign-in 120x36 dark home -- 8 still Down Return still Down Return still Return wait:2 still
shot theme-plum 120x36 dark home-plum -- "${album[@]}"
shot theme-moss 120x36 dark home-moss -- "${album[@]}"
shot theme-dusk-light 120x36 light home-dusk -- "${album[@]}"
shot actions 120x36 dark home "$music/bach" -- still Return still m still
if served; then
	shot wesnoth-albums 120x36 dark served -- still
	shot wesnoth-artists 120x36 dark served -- still j Return still
	shot wesnoth-files 120x36 dark served -- still type:':files' Return still
	shot playlists 120x36 dark served -- still 3 still
	shot accounts 120x36 dark served -- wait:2 8 still
	shot accounts-light 80x24 light served -- wait:2 8 still
	shot search-accounts 120x36 light served -- wait:2 2 still type:battle wait:2 still
else
	echo "screens: no pictures of Wesnoth's music and a server: apt-get install wesnoth-1.16-music supysonic python3-waitress" >&2
fi
if staged; then
	shot connect-devices 120x36 dark staged -- wait:2 g o still wait:1 still
	shot sign-in-qr 160x66 dark new -- 8 still Down Return still Down Return still Return wait:2 still
else
	echo "screens: no pictures of a Spotify account: its stand-in does not start: $(tail -1 "$work/stage.log" 2>/dev/null)" >&2
fi
