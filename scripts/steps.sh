# For `. scripts/steps.sh`: how our scripts show what they do and why they stop.
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() { printf '\n%s\n' "$1" >&2; exit 1; }

# step "what is done" command…: a line with its seconds; the command's output only when it fails
step() {
    label=$1; shift
    printf '  %-44s' "$label"
    from=$(date +%s)
    if "$@" >"$log" 2>&1; then
        printf '%4s s\n' "$(($(date +%s) - from))"
    else
        printf 'failed\n\n' ; tail -n 25 "$log" >&2
        return 1
    fi
}

# environment NAME [PYTHON]: .venv-NAME with requirements/NAME.txt, made when it is missing or out of date; python3.13 if
# no other is named
environment() {
    if [ ".venv-$1/ready" -nt "requirements/$1.txt" ]; then return 0; fi
    python=${2:-$(scripts/python313)} || exit 1
    step "virtual environment .venv-$1" "$python" -m venv --clear ".venv-$1" ||
        fail "No virtual environment could be made with $python. On Debian or Ubuntu: sudo apt install python3.13-venv."
    step "packages ($1, pinned with hashes)" ".venv-$1/bin/python" -m pip install --no-compile --require-hashes --no-deps \
        --requirement "requirements/$1.txt" ||
        fail "The packages could not be installed. Check that pip reaches its package index, then run the same command again."
    touch ".venv-$1/ready"
}
