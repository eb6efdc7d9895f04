#!/bin/sh
# deps.sh build|ci: the system packages that building (or CI) needs. On Debian and Ubuntu
# they are installed where we may; elsewhere one command is named.
set -eu
need=${1:-build}

build_debian="gcc pkg-config libasound2-dev libflac-dev libvorbis-dev libopusfile-dev libmpg123-dev libsoxr-dev"
ci_debian="$build_debian dpkg-dev ffmpeg flac lame vorbis-tools opus-tools sox mpg123 fluidsynth fluid-soundfont-gm wesnoth-1.16-music \
 tmux dbus pulseaudio pulseaudio-utils libasound2-plugins pipewire pipewire-bin wireplumber procps redis-server redis-tools memcached gnome-keyring \
 chromium supysonic python3-waitress zbar-tools"

have_build() {
	command -v gcc >/dev/null && command -v pkg-config >/dev/null &&
		pkg-config --exists alsa flac vorbisfile opusfile libmpg123 soxr
}

go_version() {
	command -v go >/dev/null || { echo "segue needs Go 1.26 or newer: https://go.dev/dl" >&2; exit 1; }
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
		sudo -n true 2>/dev/null || { echo "segue needs some packages; run: sudo apt-get install $want" >&2; exit 1; }
		sudo="sudo -n"
	fi
	echo "installing: $want" >&2
	$sudo apt-get update -qq -o Acquire::Retries=5
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Acquire::Retries=5 --no-install-recommends $want >/dev/null
}

elsewhere() {
	echo "segue needs the development files of ALSA, FLAC, Vorbis, opusfile, mpg123 and soxr. Install them with one of:" >&2
	echo "  Debian, Ubuntu: sudo apt-get install $build_debian" >&2
	echo "  Fedora: sudo dnf install gcc pkgconf alsa-lib-devel flac-devel libvorbis-devel opusfile-devel mpg123-devel soxr-devel" >&2
	echo "  Arch: sudo pacman -S gcc pkgconf alsa-lib flac libvorbis opusfile mpg123 libsoxr" >&2
	echo "  macOS: brew install pkgconf flac libvorbis opusfile mpg123 libsoxr" >&2
	exit 1
}

go_version
case $need in
build)
	have_build && exit 0
	if command -v apt-get >/dev/null; then
		install_debian "$build_debian"
	fi
	have_build || elsewhere
	;;
ci)
	command -v apt-get >/dev/null || { echo "make ci needs Debian or Ubuntu: it installs the programs that tests use with apt-get" >&2; exit 1; }
	install_debian "$ci_debian"
	command -v node >/dev/null && command -v npm >/dev/null || install_debian "nodejs npm"
	"$(dirname "$0")/oauth/install.sh" >/dev/null
	have_build || elsewhere
	;;
*) echo "usage: deps.sh build|ci" >&2; exit 2 ;;
esac
