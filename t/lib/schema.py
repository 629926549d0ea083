"""schema.py FILE.json: are the lines of standard input what the schema says?

Keys that the schema does not name are an error here, although it lets whoever
reads our lines ignore them: what we write, we describe.
"""

import decimal
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


with open(sys.argv[1], encoding="utf-8") as file:
    source = json.load(file)
jsonschema.Draft202012Validator.check_schema(source)
validator = jsonschema.Draft202012Validator(strict(source))

count = failed = 0
for line in sys.stdin:
    count += 1
    value = json.loads(
        line, parse_float=decimal.Decimal, object_pairs_hook=once
    )
    for error in validator.iter_errors(value):
        failed += 1
        print(line.strip())
        print(f"  {error.json_path}: {error.message[:300]}")
        for inner in error.context or []:
            print(f"    {inner.json_path}: {inner.message[:200]}")
print(f"{count} lines, {failed} findings")
sys.exit(0 if count > 0 and failed == 0 else 1)
