"""Loads the files of a folder into Postgres with dlt's merge, as its documentation shows it for Arrow tables.

usage: dlt-load.py FOLDER POSTGRES_URL DATASET PIPELINES_FOLDER
"""

import sys

import dlt
import pyarrow as pa
import pyarrow.csv as csv

folder, url, dataset, pipelines = sys.argv[1:]
keys = {
    "users": ["employee_id"],
    "org-units": ["unit_id"],
    "groups": ["group_id"],
    "memberships": ["group_id", "employee_id"],
}


def read(table):
    path = f"{folder}/{table}.csv"
    with open(path, encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    # every column as text, which is what the others are given too
    convert = csv.ConvertOptions(column_types={column: pa.string() for column in columns})
    with csv.open_csv(path, convert_options=convert) as batches:
        for batch in batches:
            yield pa.Table.from_batches([batch])


resources = [
    dlt.resource(read, name=table.replace("-", "_"), primary_key=key, write_disposition="merge")(table)
    for table, key in keys.items()
]
pipeline = dlt.pipeline(
    "bench",
    pipelines_dir=pipelines,
    destination=dlt.destinations.postgres(url),
    dataset_name=dataset,
)
# csv is what its Postgres destination loads by COPY
pipeline.run(resources, loader_file_format="csv").raise_on_failed_jobs()
