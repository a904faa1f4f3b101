#!/bin/sh
# Starts a PostgreSQL with the HR schema of schema.sql on port 5544 of this machine, until Ctrl-C. It keeps nothing.
# Needs the programs of PostgreSQL 15 or newer (Debian: apt-get install postgresql). Started by root, it runs as the user postgres.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
port=${1:-5544}
installed=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
PATH="$PATH${installed:+:$installed}"
folder=$(mktemp -d)
end() {
  # the number of the server itself: runuser hands no signal on
  kill -INT "$(head -n 1 "$folder/data/postmaster.pid")" 2>/dev/null && wait "$server" || true
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 0' INT TERM
cd "$folder"
as=
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as='runuser -u postgres --'
fi
$as "$(command -v initdb)" -D "$folder/data" --auth-local=trust --auth-host=scram-sha-256 --username=owner > "$folder/initdb"
$as "$(command -v postgres)" -D "$folder/data" -h 127.0.0.1 -p "$port" -k "$folder" 2> "$folder/log" &
server=$!
until psql -h "$folder" -p "$port" -U owner -d postgres -c 'create database hr' > "$folder/answer" 2>&1; do
  kill -0 "$server"
  sleep 0.2
done
psql -q -v ON_ERROR_STOP=1 -h "$folder" -p "$port" -U owner -d hr -f "$here/schema.sql" > "$folder/answer"
psql -q -h "$folder" -p "$port" -U owner -d hr -c "alter role syncline_reader password 'example'"
echo "PostgreSQL answers at 127.0.0.1:$port; Ctrl-C ends it."
wait "$server"
