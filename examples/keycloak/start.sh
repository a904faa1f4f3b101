#!/bin/sh
# Starts a Keycloak with the realm of realm.json on port 8180 of this machine, until Ctrl-C. It keeps nothing but Keycloak itself.
# Needs Java 17, Maven and unzip (Debian: apt-get install maven unzip). Maven brings Keycloak, 177 MB, the first time.
# KEYCLOAK_HOME names a Keycloak 26.7 that is there already.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
port=${1:-8180}
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 0' INT TERM
if [ -n "${KEYCLOAK_HOME:-}" ]; then
  cp -r "$KEYCLOAK_HOME" "$folder/keycloak"
else
  artifact=org.keycloak:keycloak-quarkus-dist:26.7.3:zip
  mvn -q -B dependency:get -Dtransitive=false -Dartifact=$artifact >&2
  mvn -q -B dependency:copy -Dartifact=$artifact -DoutputDirectory="$folder" >&2
  unzip -q "$folder/keycloak-quarkus-dist-26.7.3.zip" -d "$folder"
  mv "$folder/keycloak-26.7.3" "$folder/keycloak"
fi
mkdir -p "$folder/keycloak/data/import"
# tokens are for one address of SCIM
sed "s/127.0.0.1:8180/127.0.0.1:$port/" "$here/realm.json" > "$folder/keycloak/data/import/realm.json"
sh "$folder/keycloak/bin/kc.sh" start-dev --features=scim-api --db=dev-mem --cache=local --import-realm \
  --http-host=127.0.0.1 --http-port="$port" --http-management-port="$((port + 1))" > "$folder/log" 2>&1 &
server=$!
until grep -q 'Listening on' "$folder/log"; do
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.5
done
echo "Keycloak answers at http://127.0.0.1:$port; Ctrl-C ends it."
wait "$server"
