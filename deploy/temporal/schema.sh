#!/bin/sh
# Brings Temporal's databases to the schema of this version. Does nothing where they have it.
set -eu

for database in temporal temporal_visibility; do
  case $database in
    temporal) schema=postgresql/v12/temporal ;;
    *) schema=postgresql/v12/visibility ;;
  esac
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-name "$schema"
done
