#!/bin/sh
# Starts a domain controller of Samba with the people of people.ldif on 127.77.0.1, until Ctrl-C. It keeps nothing.
# Needs root, since its port (389) cannot be chosen, and samba-ad-dc, samba-ad-provision, samba-dsdb-modules and ldap-utils
# (Debian: apt-get install samba-ad-dc samba-ad-provision samba-dsdb-modules ldap-utils).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
address=${1:-127.77.0.1}
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 0' INT TERM
samba-tool domain provision --server-role=dc --dns-backend=NONE --targetdir="$folder/dc" --realm=EXAMPLE.ORG \
  --domain=EXAMPLE --host-name=dc1 --adminpass=Example-1234 > "$folder/provision" 2>&1 || { cat "$folder/provision"; exit 1; }
# samba ends when its input does
mkfifo "$folder/input"
samba -F --no-process-group -M single -s "$folder/dc/etc/smb.conf" --option="interfaces=$address/8" \
  --option='bind interfaces only=yes' --option='server services=ldap' --option='ldap server require strong auth=no' \
  --option='tls enabled=no' --option="pid directory=$folder" --option="log file=$folder/log" < "$folder/input" &
server=$!
exec 3> "$folder/input"
until ldapsearch -x -H "ldap://$address" -s base -b '' 1.1 > "$folder/answer" 2>&1; do
  kill -0 "$server"
  sleep 0.2
done
ldapmodify -x -H "ldap://$address" -D administrator@example.org -w Example-1234 -f "$here/people.ldif" > "$folder/answer"
echo "Active Directory (Samba) answers at ldap://$address; Ctrl-C ends it."
wait "$server"
