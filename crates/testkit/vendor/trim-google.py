#!/usr/bin/env python3
"""Takes from Google's discovery documents what the stand-in needs.

    pip download google-api-python-client==2.202.0 --no-deps && unzip *.whl
    ./trim-google.py googleapiclient/discovery_cache/documents

Descriptions are left out, but for what they alone say and a machine can check: the values that a
property can have, and how long a text or how large a number can be.
"""

import json
import pathlib
import re
import sys

WANTED = {
    "admin.directory_v1": {
        "resources": ["groups", "members"],
        "schemas": ["ExternalId", "Group", "Groups", "Member", "Members", "MembersHasMember"],
    },
    "groupssettings.v1": {"resources": ["groups"], "schemas": ["Groups"]},
}
# Of every parameter, property and schema.
KEPT = ["$ref", "annotations", "default", "enum", "format", "items", "location", "minimum",
        "readOnly", "required", "type"]
VALUE = re.compile(r"(?:^|(?<=\s))- `?([A-Z][A-Z_]+|true|false)`? ?(?=:|\s*$)", re.MULTILINE)
LONGEST = re.compile(
    r"(?:maximum size of|Maximum length is|no more than|maximum number of characters is"
    r"|text size is) `?([\d,]+)`?(?= characters|\.)")
LARGEST = re.compile(r"Max allowed value is (\d+)")


def trimmed(node):
    """A parameter or property, with what its description alone says."""
    kept = {key: node[key] for key in KEPT if key in node}
    if "items" in kept:
        kept["items"] = trimmed(kept["items"])
    text = node.get("description", "")
    values = VALUE.findall(text)
    if values and "enum" not in kept:
        kept["enum"] = sorted(set(values))
    if (longest := LONGEST.search(text)) and kept.get("type") == "string":
        kept["maxLength"] = int(longest[1].replace(",", ""))
    if largest := LARGEST.search(text):
        kept["maximum"] = largest[1]
    return kept


def method(node):
    """A method without its words."""
    kept = {key: node[key] for key in ["httpMethod", "path", "request", "response", "scopes"]
            if key in node}
    parameters = node.get("parameters", {})
    return kept | {"parameters": {name: trimmed(each) for name, each in parameters.items()}}


def main(folder):
    for name, wanted in WANTED.items():
        document = json.loads((folder / f"{name}.json").read_text())
        extract = {key: document[key] for key in ["name", "version", "revision", "rootUrl",
                                                  "servicePath"]}
        extract["parameters"] = {key: trimmed(each)
                                 for key, each in document["parameters"].items()}
        extract["methods"] = {
            f"{resource}.{key}": method(each)
            for resource in wanted["resources"]
            for key, each in document["resources"][resource]["methods"].items()}
        extract["schemas"] = {
            key: {name: trimmed(each)
                  for name, each in document["schemas"][key]["properties"].items()}
            for key in wanted["schemas"]}
        target = pathlib.Path(__file__).parent / f"google-{name}.json"
        target.write_text(json.dumps(extract, indent=1, sort_keys=True) + "\n")


main(pathlib.Path(sys.argv[1]))
