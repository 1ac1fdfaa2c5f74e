#!/bin/sh
# Checks esphome/vedette-cam.yaml with `esphome config`, in a folder of its own and with the example's secrets.
# $1: the command, $2: the folder. Ends with 0 where ESPHome is not installed, and says that nothing was checked.
set -eu

command=$1
folder=$2
source=$(dirname "$0")/../esphome

if ! command -v "$command" >/dev/null; then
    echo "== ESPHome is not installed: esphome/vedette-cam.yaml was not checked (pip install esphome)"
    exit 0
fi

mkdir -p "$folder"
cp "$source/vedette-cam.yaml" "$folder/vedette-cam.yaml"
cp "$source/secrets.yaml.example" "$folder/secrets.yaml"
echo "== esphome/vedette-cam.yaml, $("$command" version)"
if ! "$command" config "$folder/vedette-cam.yaml" >"$folder/config.log" 2>&1; then
    cat "$folder/config.log"
    exit 1
fi
grep -E '^(WARNING|INFO Configuration)' "$folder/config.log"
