#!/bin/sh
# Makes the namespace and the search attributes of Syncline where they are not there yet.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the temporal command itself.
set -eu

# a server that has just started, or a namespace that has just been made, takes a few seconds to be known everywhere
insist() {
  tries=30
  until "$@"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      echo "gave up: $*" >&2
      exit 1
    fi
    sleep 2
  done
}

insist temporal operator cluster health
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  insist temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
insist temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name Connector --type Keyword \
  --name SyncMode --type Keyword \
  --name SyncStatus --type Keyword \
  --name SyncedBy --type Keyword \
  --name Changes --type Int
