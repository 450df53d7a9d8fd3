#!/usr/bin/env bash
# Compares our verdicts with those of HL7's Java validator; see README.md beside this file.
#   compare.sh           draw resources, judge them with both, compare
#   compare.sh build     only build and fetch what the Java validator needs
#   compare.sh LIST OUT  only have the Java validator judge the files of a list
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
repository="$(cd "$here/../../.." && pwd)"
work="$repository/target/peers/java-validator"
corpus="${PLUMBLINE_CORPUS:-$repository/target/corpus}"

fail() {
    echo "compare.sh: $*" >&2
    exit 1
}

# A package of definitions as the engine wants it, put together from HL7's package of examples, which holds them all.
package() {
    local name="$1" version="$2" from="$3" into
    into="$work/home/.fhir/packages/$name#$version/package"
    [ -f "$into/package.json" ] && return
    [ -d "$from" ] || fail "no $from; cargo xtask definitions --check fetches it"
    mkdir -p "$into"
    find "$from" -maxdepth 1 -type f -regextype posix-extended \
        -regex '.*/(StructureDefinition|ValueSet|CodeSystem|SearchParameter|ConceptMap|NamingSystem|OperationDefinition|CompartmentDefinition|StructureMap|CapabilityStatement)-[^/]*' \
        -exec cp -t "$into" {} +
    describe "$name" "$version" Core "$version" >"$into/package.json"
}

describe() {
    printf '{"name": "%s", "version": "%s", "type": "%s", "license": "CC0-1.0", "canonical": "http://hl7.org/fhir", "url": "http://hl7.org/fhir", "title": "%s", "description": "Put together for the Java validator", "author": "HL7 Inc", "fhirVersions": ["%s"]}\n' "$1" "$2" "$3" "$1" "$4"
}

build() {
    for tool in java mvn unshare; do
        command -v "$tool" >/dev/null || fail "$tool is missing; on Debian: apt-get install openjdk-17-jdk-headless maven util-linux"
    done
    mkdir -p "$work"
    if ! mvn -B -q -T1 -f "$here/pom.xml" \
        -Dpeer.directory="$work" -Dmaven.repo.local="$work/repository" \
        compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=runtime \
        >"$work/build.log" 2>&1; then
        tail -n 30 "$work/build.log" >&2
        fail "the build failed; its output is in $work/build.log"
    fi
    package hl7.fhir.r4.core 4.0.1 "$corpus/hl7.fhir.r4.examples-4.0.1/package"
    package hl7.fhir.r3.core 3.0.2 "$corpus/hl7.fhir.r3.examples-3.0.2/package"
    # The engine asks for this one by name; without its content no extension of another version is known.
    local none="$work/home/.fhir/packages/hl7.fhir.xver-extensions#0.1.0/package"
    mkdir -p "$none"
    describe hl7.fhir.xver-extensions 0.1.0 IG 4.0.1 >"$none/package.json"
}

# One list of files, in a process without any network.
judge() {
    unshare --net --map-root-user java -Xmx3g -XX:+UseSerialGC -Duser.home="$work/home" \
        -cp "$work/classes:$(cat "$work/classpath")" peer.Validate "$1" "$2" >"$2.log" 2>&1 ||
        fail "the Java validator failed; its output is in $2.log"
}

# How long a fresh process of ours takes, from its start to its end with the answer, on the first file of a list:
# the median of 11, with the definitions inside the program and with those of the list as well.
cold() {
    local version="$1" list="$2" with took
    local -a packages=() command
    mapfile -t packages < <(sed -n 's/^folder\t//p' "$list")
    local file
    file="$(sed -n 's/^file\t[^\t]*\t\([^\t]*\).*/\1/p;T;q' "$list")"
    for with in "definitions inside the program" "and those of the list"; do
        command=("$plumbline" validate --fhir "$version" "$file")
        [ "$with" = "and those of the list" ] && command+=("${packages[@]/#/--package=}")
        took="$(for _ in {1..11}; do time_of "${command[@]}"; done | sort -n | sed -n 6p)"
        printf 'cold start, %s, %s: %d.%d ms\n' "$version" "$with" $((took / 1000)) $((took % 1000 / 100))
    done
}

# Microseconds that a command takes, which may find errors but must not fail.
time_of() {
    local before="${EPOCHREALTIME//[!0-9]/}" code=0
    "$@" >/dev/null || code=$?
    [ "$code" -le 1 ] || fail "$* ended with $code"
    echo $((${EPOCHREALTIME//[!0-9]/} - before))
}

build
case "$#:${1:-}" in
    1:build) ;;
    2:*) judge "$1" "$2" ;;
    0:)
        differential="$work/differential"
        mkdir -p "$differential"
        cd "$repository"
        export PLUMBLINE_DIFFERENTIAL="$differential"
        cargo test --release -p plumbline-validator --test main -- --ignored writes_resources_and_our_verdicts
        cargo build --release -p plumbline-cli
        plumbline="${CARGO_TARGET_DIR:-$repository/target}/release/plumbline"
        for version in r4 stu3; do
            cold "$version" "$differential/$version.tsv"
        done | tee "$differential/cold.txt"
        for version in r4 stu3; do
            judge "$differential/$version.tsv" "$differential/$version.jsonl"
        done
        grep -h '_ms"' "$differential"/r4.jsonl "$differential"/stu3.jsonl | cut -c1-200
        cat "$differential/ours.txt" "$differential/cold.txt"
        cargo test --release -p plumbline-validator --test main -- --ignored agrees_with_the_other_validator_or_says_why
        ;;
    *) fail "usage: compare.sh [build | LIST OUT]" ;;
esac
