"""Reads exports with Python's own readers: OpenMetrics by Prometheus' client, XML, CSV. Prints what
it found as JSON. Usage: read.py <openmetrics> <junit> <csv>"""
import csv
import json
import sys
import xml.etree.ElementTree as xml

from prometheus_client.openmetrics.parser import text_string_to_metric_families

metrics, junit, table = sys.argv[1:]
with open(metrics, encoding="utf-8") as file:
    families = list(text_string_to_metric_families(file.read()))
with open(table, encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
suites = xml.parse(junit).getroot()
print(
    json.dumps(
        {
            "families": [family.name for family in families],
            "samples": sum(len(family.samples) for family in families),
            "histogram": [
                sample.value
                for family in families
                if family.type == "histogram"
                for sample in family.samples
                if sample.name.endswith("_count") and "page" not in sample.labels
            ],
            "cases": len(suites.findall(".//testcase")),
            "failures": len(suites.findall(".//failure")),
            "rows": len(rows),
            "sum": sum(float(row["value"]) for row in rows),
        }
    )
)
