#!/bin/sh
# need.sh COMMAND:PACKAGE ...: make sure that commands are there, by apt where this user may; otherwise say what to do.
set -eu

missing=""
for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -z "$missing" ] && exit 0

become=""
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then become="sudo -n"; else become="no"; fi
fi
if command -v apt-get >/dev/null 2>&1 && [ "$become" != no ]; then
    echo "Installing$missing"
    # shellcheck disable=SC2086 # both are lists of words
    $become apt-get update -qq && $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
else
    echo "This needs programs that are not installed, and may not install them. Please run:" >&2
    echo "    sudo apt-get install$missing" >&2
    exit 1
fi
