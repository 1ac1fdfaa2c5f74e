#!/bin/sh
# need.sh COMMAND:PACKAGE[,PACKAGE...] ...: make sure that commands are there, by apt where this user may; otherwise say
# what to do. The first package brings the command; that the others (plugins) are there, Debian's own list must say.
set -eu

is_there() {
    ! command -v dpkg-query >/dev/null 2>&1 || dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q " installed$"
}

missing=""
for pair in "$@"; do
    packages=${pair#*:}
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${packages%%,*}"
    for plugin in $(echo "$packages" | tr ',' '\n' | tail -n +2); do
        is_there "$plugin" || missing="$missing $plugin"
    done
done
[ -z "$missing" ] && exit 0

become=""
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then become="sudo -n"; else become="no"; fi
fi
if command -v apt-get >/dev/null 2>&1 && [ "$become" != no ]; then
    echo "Installing$missing"
    $become apt-get update -qq
    # shellcheck disable=SC2086 # both are lists of words
    $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "This needs programs that are not installed, and may not install them. Please run:" >&2
    echo "    sudo apt-get install$missing" >&2
    exit 1
fi
