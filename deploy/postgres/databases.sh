#!/bin/bash
# Runs once, when the volume is new: a role and its databases for Temporal, and for Syncline.
# Passwords go in as psql variables, so that any character may stand in them.
set -eo pipefail

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
  --set=temporal="$TEMPORAL_PASSWORD" --set=syncline="$SYNCLINE_PASSWORD" <<'SQL'
create role temporal login password :'temporal';
create role syncline login password :'syncline';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create database syncline owner syncline encoding 'UTF8' locale 'C.UTF-8' template template0;
revoke connect on database temporal, temporal_visibility, syncline from public;
SQL
