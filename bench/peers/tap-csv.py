"""A Singer tap: writes the files of a folder as Singer messages. It reads whole tables, and says so with a new version of
each table at their ends, from which a target can tell what is gone.

usage: tap-csv.py FOLDER VERSION
"""

import csv
import json
import sys

folder, version = sys.argv[1], int(sys.argv[2])
keys = {
    "users": ["employee_id"],
    "org-units": ["unit_id"],
    "groups": ["group_id"],
    "memberships": ["group_id", "employee_id"],
}


def write(message):
    sys.stdout.write(json.dumps(message) + "\n")


for table, key in keys.items():
    stream = table.replace("-", "_")
    with open(f"{folder}/{table}.csv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        properties = {name: {"type": ["string"] if name in key else ["null", "string"]} for name in rows.fieldnames}
        schema = {"type": "object", "properties": properties}
        write({"type": "SCHEMA", "stream": stream, "schema": schema, "key_properties": key})
        for row in rows:
            record = {name: value or None for name, value in row.items()}
            write({"type": "RECORD", "stream": stream, "record": record, "version": version})
        write({"type": "ACTIVATE_VERSION", "stream": stream, "version": version})
