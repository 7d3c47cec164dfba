#!/usr/bin/env bash
# Brings the browser in which packages/emulator tests its page, where it is missing and this machine lets us: as root, with
# apt-get. Never fails: without a browser those tests say so and count as skipped.
set -uo pipefail
export DEBIAN_FRONTEND=noninteractive

if [ -n "${CHROMIUM_PATH:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "No Chromium here, and no way to install it: tests in a browser will be skipped."
  exit 0
fi
# 16 s on a quick line; a mirror that hangs must not hold everything else up.
if ! { timeout 120 apt-get update && timeout 300 apt-get install -y --no-install-recommends chromium fonts-liberation; } >&2; then
  echo "Chromium could not be installed: tests in a browser will be skipped."
fi
exit 0
