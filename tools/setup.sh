#!/usr/bin/env bash
# Installs the C libraries that Sentio links, where one is missing. Changes nothing on a machine that has them.
set -euo pipefail

# header, Debian/Ubuntu package, what it is for
libraries=(
    "cblas.h libopenblas-openmp-dev matrices"
    "dnnl.h libdnnl-dev convolutions"
    "fftw3.h libfftw3-dev Fourier-transforms"
    "mpg123.h libmpg123-dev reading-MP3"
    "sndfile.h libsndfile1-dev reading-WAV-and-FLAC"
    "soxr.h libsoxr-dev resampling"
    "lame/lame.h libmp3lame-dev writing-the-demo's-MP3"
    "zlib.h zlib1g-dev unpacking-pretrained-models"
    "openssl/evp.h libssl-dev SHA-256"
    "sqlite3.h libsqlite3-dev history"
)

command -v swift >/dev/null || {
    echo "Sentio is built with Swift 6.2 or later, and \`swift\` is not in PATH. See https://www.swift.org/install." >&2
    exit 1
}

compiler=$(command -v clang || command -v cc || true)
has_header() {
    if [ -n "$compiler" ]; then
        echo "#include <$1>" | "$compiler" -E -x c - >/dev/null 2>&1 || { # headers that need others before them
            printf '#include <stdio.h>\n#include <%s>\n' "$1" | "$compiler" -E -x c - >/dev/null 2>&1
        }
    else
        [ -n "$(find /usr/include /usr/local/include -path "*/$1" -print -quit 2>/dev/null)" ]
    fi
}

missing=()
for line in "${libraries[@]}"; do
    read -r header package purpose <<<"$line"
    has_header "$header" || missing+=("$package")
done
command -v pkg-config >/dev/null || missing+=(pkg-config)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "These libraries and their headers are missing (Debian's names): ${missing[*]}." >&2
    echo "Install OpenBLAS, oneDNN, FFTW (single and double precision), libmpg123, libsndfile, libsoxr, LAME, OpenSSL and SQLite" >&2
    echo "with your system's package manager, then run \`make setup\` again." >&2
    exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "These packages are missing: ${missing[*]}. Ask someone who may run apt-get to install them." >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
for line in "${libraries[@]}"; do
    read -r header package purpose <<<"$line"
    has_header "$header" || {
        echo "$package was installed but its header $header is not found by $compiler." >&2
        exit 1
    }
done
