"""schema.py FOLDER NAME.N ...: are the lines of each file what NAME.json says?

Keys that the schema does not name are an error here, although it lets whoever
reads our lines ignore them: what we write, we describe.
"""

import decimal
import glob
import json
import sys

import jsonschema


def strict(schema):
    """The same schema, with no key but those it names."""
    if isinstance(schema, list):
        return [strict(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: strict(value) for key, value in schema.items()}
    if isinstance(out.get("properties"), dict) and out.get("type") == "object":
        out.setdefault("additionalProperties", False)
    return out


def once(pairs):
    """An object of which no key is repeated."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("repeated key")
    return dict(pairs)


def check(folder, path):
    """Print what is wrong with the lines of path; how much that is."""
    name = path.rsplit("/", 1)[-1].split(".")[0]
    with open(f"{folder}/{name}.json", encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(strict(json.load(file)))
    lines = findings = 0
    for line in open(path, encoding="utf-8"):
        lines += 1
        value = json.loads(
            line, parse_float=decimal.Decimal, object_pairs_hook=once
        )
        for error in validator.iter_errors(value):
            findings += 1
            print(line.strip())
            print(f"  {error.json_path}: {error.message[:300]}")
            for inner in error.context or []:
                print(f"    {inner.json_path}: {inner.message[:200]}")
    print(f"{path}: {lines} lines, {findings} findings")
    return findings + (lines == 0)


for schema in glob.glob(sys.argv[1] + "/*.json"):
    with open(schema, encoding="utf-8") as source:
        jsonschema.Draft202012Validator.check_schema(json.load(source))
sys.exit(sum([check(sys.argv[1], path) for path in sys.argv[2:]]) > 0)
