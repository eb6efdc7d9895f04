#!/bin/sh
# deps.sh build|ci: the system packages that building (or CI) needs. On Debian and Ubuntu
# they are installed where we may; elsewhere the one command to run is named.
# deps.sh go: whether Go is there, and new enough; deps.sh cc: whether a C compiler works.
set -eu
need=${1:-build}
GO=${GO:-go}

build_debian="gcc pkg-config libasound2-dev libflac-dev libvorbis-dev libopusfile-dev libmpg123-dev libsoxr-dev libc6-dev"
ci_debian="$build_debian dpkg-dev ffmpeg flac lame vorbis-tools opus-tools sox mpg123 fluidsynth fluid-soundfont-gm wesnoth-1.16-music \
 tmux dbus pulseaudio pulseaudio-utils libasound2-plugins pipewire pipewire-bin wireplumber procps redis-server redis-tools memcached gnome-keyring \
 chromium supysonic python3-waitress"
fedora="sudo dnf install gcc pkgconf alsa-lib-devel flac-devel libvorbis-devel opusfile-devel mpg123-devel soxr-devel"
arch="sudo pacman -S gcc pkgconf alsa-lib flac libvorbis opusfile mpg123 libsoxr"
macos="brew install pkgconf flac libvorbis opusfile mpg123 libsoxr"

# stop LINE...: says why, and ends.
stop() {
	printf 'segue: ' >&2
	printf '%s\n' "$@" >&2
	exit 1
}

# have_cc: a compiler that finds the C library's headers, with which Debian's gcc does not come.
have_cc() {
	cc=$(command -v gcc || command -v cc) && echo '#include <stdlib.h>' | "$cc" -E - >/dev/null 2>&1
}

have_build() {
	libs="flac vorbisfile opusfile libmpg123 soxr"
	[ "$(uname)" != Linux ] || libs="$libs alsa"
	have_cc && command -v pkg-config >/dev/null && pkg-config --exists $libs
}

# go_version stops where Go is too old to fetch the version that go.mod asks for by itself.
go_version() {
	where="Go 1.26 or newer is needed: https://go.dev/dl"
	command -v "$GO" >/dev/null || stop "$where"
	v=$("$GO" version | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
	[ -z "$v" ] || [ "$v" -ge 21 ] || stop "$where (this is 1.$v)"
}

missing_debian() {
	for p in $1; do
		dpkg-query -W -f='${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || printf '%s ' "$p"
	done
}

install_debian() {
	want=$(missing_debian "$1")
	[ -n "$want" ] || return 0
	sudo=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || stop "some packages are missing; run as root: apt-get install $want"
		sudo="sudo -n"
		if [ -t 0 ] && [ -t 2 ]; then # somebody is there to type the password
			sudo=sudo
			echo "segue: sudo is asked for, to install: $want" >&2
		fi
		$sudo true 2>/dev/null || stop "some packages are missing; run: sudo apt-get install $want"
	fi
	echo "segue: installing $want" >&2
	$sudo apt-get update -qq -o Acquire::Retries=5 &&
		$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Acquire::Retries=5 --no-install-recommends $want >/dev/null ||
		stop "apt-get could not install them; see above, then run: sudo apt-get install $want"
}

elsewhere() {
	what="the development files of FLAC, Vorbis, opusfile, mpg123 and soxr (and ALSA on Linux) are needed"
	if command -v apt-get; then
		stop "$what; run: sudo apt-get install $build_debian"
	elif command -v dnf; then
		stop "$what; run: $fedora"
	elif command -v pacman; then
		stop "$what; run: $arch"
	elif [ "$(uname)" = Darwin ]; then
		stop "$what; run: $macos"
	fi >/dev/null
	stop "$what:" "  Debian, Ubuntu: sudo apt-get install $build_debian" "  Fedora: $fedora" "  Arch: $arch" "  macOS: $macos"
}

[ "$need" = cc ] || go_version
case $need in
go) ;;
cc) have_cc ;;
build)
	have_build && exit 0
	if command -v apt-get >/dev/null; then
		install_debian "$build_debian"
	fi
	have_build || elsewhere
	;;
ci)
	command -v apt-get >/dev/null || stop "make ci needs Debian or Ubuntu: it installs the programs that tests use with apt-get"
	install_debian "$ci_debian"
	command -v node >/dev/null && command -v npm >/dev/null || install_debian "nodejs npm"
	"$(dirname "$0")/oauth/install.sh" >/dev/null
	have_build || elsewhere
	;;
*) echo "usage: deps.sh build|ci|go|cc" >&2; exit 2 ;;
esac
