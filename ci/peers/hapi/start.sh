#!/usr/bin/env bash
# Builds the HAPI peer with Maven and starts it on 127.0.0.1; see README.md beside this file.
#   start.sh PORT        build, start, wait until it answers, print the process id
#   start.sh stop PORT   stop the one that was started on that port
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(cd "$here/../../.." && pwd)/target/peers/hapi"
most_seconds=300

fail() {
    echo "start.sh: $*" >&2
    exit 1
}

# True if the process exists and is the peer, not another that got the same number.
is_peer() {
    tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q ' peer\.Server '
}

stop=no
if [ "${1:-}" = stop ]; then
    stop=yes
    shift
fi
port="${1:-}"
[[ $# -eq 1 && "$port" =~ ^[1-9][0-9]{0,4}$ && "$port" -le 65535 ]] || fail "usage: start.sh [stop] PORT"
pid_file="$work/$port.pid"
log="$work/$port.log"

if [ "$stop" = yes ]; then
    [ -f "$pid_file" ] || fail "nothing was started on port $port: $pid_file is missing"
    pid="$(cat "$pid_file")"
    if is_peer "$pid"; then
        kill "$pid"
        for _ in $(seq 20); do
            is_peer "$pid" || break
            sleep 1
        done
        is_peer "$pid" && fail "process $pid did not stop in 20 seconds"
    fi
    rm -f "$pid_file"
    echo "stopped $pid"
    exit 0
fi

for tool in java mvn curl; do
    command -v "$tool" >/dev/null || fail "$tool is missing; on Debian: apt-get install openjdk-17-jdk-headless maven curl"
done
if [ -f "$pid_file" ] && is_peer "$(cat "$pid_file")"; then
    fail "already running on port $port as process $(cat "$pid_file")"
fi
if curl -s --max-time 10 -o /dev/null "http://127.0.0.1:$port/"; then
    fail "something else listens on port $port"
fi

mkdir -p "$work"
if ! mvn -B -q -T1 -f "$here/pom.xml" \
    -Dpeer.directory="$work" -Dmaven.repo.local="$work/repository" \
    compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=runtime \
    >"$work/build.log" 2>&1; then
    tail -n 30 "$work/build.log" >&2
    fail "the build failed; its output is in $work/build.log"
fi

nohup java -Xmx2g -XX:+UseSerialGC -cp "$work/classes:$(cat "$work/classpath")" peer.Server "$port" \
    >"$log" 2>&1 </dev/null &
pid=$!
echo "$pid" >"$pid_file"

for _ in $(seq "$most_seconds"); do
    if ! kill -0 "$pid" 2>/dev/null; then
        tail -n 30 "$log" >&2
        fail "the server ended while it started; its output is in $log"
    fi
    if [ "$(curl -s --max-time 10 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/fhir/metadata")" = 200 ]; then
        echo "$pid"
        exit 0
    fi
    sleep 1
done
kill "$pid"
fail "no answer after $most_seconds seconds; its output is in $log"
