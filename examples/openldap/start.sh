#!/bin/sh
# Starts an OpenLDAP with the people of people.ldif on port 3389 of this machine, until Ctrl-C. It keeps nothing.
# Needs slapd and ldap-utils (Debian: apt-get install slapd ldap-utils).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
port=${1:-3389}
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 0' INT TERM
mkdir "$folder/db"
cat > "$folder/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
database mdb
suffix "dc=example,dc=org"
rootdn "cn=reader,dc=example,dc=org"
rootpw example
directory $folder/db
index objectClass,entryUUID,entryCSN eq
overlay syncprov
syncprov-sessionlog 1000
CONF
slapadd -f "$folder/slapd.conf" -l "$here/people.ldif"
slapd -f "$folder/slapd.conf" -h "ldap://127.0.0.1:$port/" -d 0 &
server=$!
until ldapsearch -x -H "ldap://127.0.0.1:$port" -s base -b '' 1.1 > "$folder/answer" 2>&1; do
  kill -0 "$server"
  sleep 0.2
done
echo "OpenLDAP answers at ldap://127.0.0.1:$port; Ctrl-C ends it."
wait "$server"
