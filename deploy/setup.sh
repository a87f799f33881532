#!/bin/sh
# Makes .venv ready: Python, pinned packages, the hub command, translations, front-end files.
#
#   deploy/setup.sh         what running the hub needs
#   deploy/setup.sh ocr     the same, and the extra that recognises text in scans; it stays up to date
#   deploy/setup.sh test    all of it, and what the tests need
#
# Each step leaves a mark below .venv/ready, so that a second call costs milliseconds.
# PYTHON=/path/to/python3 chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
checkout=$PWD
wanted=${1:-run}
ready=.venv/ready

say() { printf '%s\n' "$*"; }
give_up() { printf '%s\n' "$*" >&2; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
can_make_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# All usable interpreters, newest first; python3 last, for versions that this list does not know yet.
interpreters() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else
        set -- python3.14 python3.13 python3.12 python3.11 python3
    fi
    for name; do
        if new_enough "$name"; then command -v "$name"; fi
    done
}

# Debian and Ubuntu ship Python without ensurepip, in a package of its own.
install_ensurepip() {
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root=
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root='sudo -n'
    fi
    say "Installing $package with apt-get, because this Python cannot make a virtual environment"
    for attempt in 1 2; do
        if $as_root apt-get update -qq >/dev/null &&
            $as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$package" >/dev/null; then
            can_make_venv "$1"
            return
        fi
        say "apt-get failed (attempt $attempt of 2)"
    done
    return 1
}

make_venv() {
    found=$(interpreters)
    if [ -z "$found" ] && [ -n "${PYTHON:-}" ]; then
        give_up "$PYTHON is not a Python of version 3.11 or newer: choose another with PYTHON=..."
    fi
    [ -n "$found" ] ||
        give_up "The hub needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3"
    newest=$(printf '%s\n' "$found" | head -n 1)
    rm -rf .venv
    while IFS= read -r python; do
        if can_make_venv "$python" && "$python" -m venv .venv </dev/null; then
            say "Made .venv with $(.venv/bin/python --version)"
            return
        fi
    done <<LIST
$found
LIST
    rm -rf .venv
    if command -v virtualenv >/dev/null 2>&1 && virtualenv --quiet --python "$newest" .venv; then
        say "Made .venv with virtualenv and $(.venv/bin/python --version)"
        return
    fi
    rm -rf .venv
    if install_ensurepip "$newest" && "$newest" -m venv .venv; then
        say "Made .venv with $(.venv/bin/python --version)"
        return
    fi
    rm -rf .venv
    give_up "This Python cannot make a virtual environment. Type: sudo apt-get install python3-venv   then: make setup"
}

# A virtual environment holds absolute paths, so a copied or moved checkout gets a new one.
venv_is_ours() {
    new_enough .venv/bin/python || return 1
    if [ -f "$ready/checkout" ]; then
        [ "$(cat "$ready/checkout")" = "$checkout" ]
    else
        .venv/bin/python -m pip --version >/dev/null 2>&1
    fi
}

# The mark is a copy of the list that was installed: nothing to do while both agree.
install_packages() {
    list=requirements/$1.txt
    if cmp -s "$list" "$ready/$1.txt"; then return; fi
    say "Installing $(grep -c '==' "$list") Python packages of $list; the first time this takes a minute or two"
    # Without --no-compile pip spends a third of its time on modules that the hub never imports.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-compile \
        --no-deps -r "$list" ||
        give_up "The packages could not be installed; pip says why above. When that is mended, type make setup again."
    cp "$list" "$ready/$1.txt"
}

# The checkout itself is the installed program: no build back-end is fetched, no copy grows stale.
install_command() {
    if [ -x .venv/bin/hub ] && [ deploy/setup.sh -ot .venv/bin/hub ]; then return; fi
    packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$checkout" >"$packages/resource-hub.pth"
    # The first two lines are shell and Python at once: a #! line could not hold a path with a blank.
    cat >.venv/bin/hub <<HUB
#!/bin/sh
'''exec' "$checkout/.venv/bin/python" "\$0" "\$@"
' '''
import sys

from resource_hub.entry import main

if __name__ == "__main__":
    sys.exit(main())
HUB
    chmod +x .venv/bin/hub
}

# What the hub imports is compiled once, now, also where Python is told not to keep bytecode:
# otherwise every start would compile it again and take twice as long.
keep_bytecode() {
    if cmp -s requirements/run.txt "$ready/bytecode.txt"; then return; fi
    env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -c \
        'import resource_hub.entry, gunicorn.app.base, gunicorn.workers.gthread, alembic.command' &&
        cp requirements/run.txt "$ready/bytecode.txt"
}

compile_translations() {
    for source in resource_hub/translations/*/LC_MESSAGES/*.po; do
        [ -f "$source" ] || continue
        compiled=${source%.po}.mo
        if [ -f "$compiled" ] && [ "$source" -ot "$compiled" ]; then continue; fi
        language=$(basename "$(dirname "$(dirname "$source")")")
        # pybabel reports each file on stderr even when all is well.
        report=$(.venv/bin/pybabel compile -i "$source" -o "$compiled" -l "$language" 2>&1) ||
            give_up "$report"
    done
}

venv_is_ours || make_venv
mkdir -p "$ready"
printf '%s\n' "$checkout" >"$ready/checkout"
# test.txt holds every line of the others (a test says so): where it is installed, nothing else is needed.
if [ "$wanted" = test ] || cmp -s requirements/test.txt "$ready/test.txt"; then
    install_packages test
else
    install_packages run
    if [ "$wanted" = ocr ] || [ -f "$ready/ocr.txt" ]; then install_packages ocr; fi
fi
install_command
keep_bytecode
compile_translations
sh deploy/frontend.sh
