#!/bin/sh
# The main job on real input: a release of this very project, made by a bamboo flow.
set -eu
: "${BAMBOO:=./bamboo}"
store=$(mktemp -d "${TMPDIR:-/tmp}/bamboo-demo.XXXXXX")
trap 'rm -rf "$store"' EXIT
export BAMBOO_STORE="$store/demo.db"
"$BAMBOO" run examples/release.bamboo -p approve=no
"$BAMBOO" show @last
