#!/bin/sh
# run_conformance.sh RUNNER CHECKOUT: the reference's cases, where they are (see CONTRIBUTING.md).
data="${LAMPLIGHTER_CONFORMANCE:-$2/../shared/conformance}/jsonata"
if [ ! -f "$data/cases.json" ]; then
  echo "not run: no data in $data"
  exit 0
fi
exec "$1" "$data/cases.json" "$data/datasets.json"
