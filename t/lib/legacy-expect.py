#!/usr/bin/env python3
"""legacy-expect.py EXPECT.json PLAN.ndjson

Compare what tb-migrate plan says of a database with what is expected of it:
each row's disposition, reason, quirks, new values and where it was merged, the
sums of each product, the figures of the old formulas.  Prints the differences;
exits 1 where there is one that is not named below.
"""

import json
import sys
from decimal import Decimal as D, ROUND_HALF_EVEN

# Labels of who made the examples, of which the row itself tells nothing: what
# was put in a REAL column, or why a bot_id is NULL.
LABELS = {
    "integral_real", "size_as_text_number",
}
# The same of single rows, by file and row.
ROW_LABELS = {
    ("dirty_v6.db", "150"): {"filled_at_is_poll_time"},  # 18 s, as most are
    ("dirty_v6.db", "201"): {"bot_deleted_by_orm_null"},  # a fill: no bot
}
# Better than expected: the fee of a fill stands in raw_trades, and is taken.
FEE_FROM_RAW = {"v7b_raw_script.db"}

found = []


def differ(where, got, expected):
    found.append(f"{where}: got {got}, expected {expected}")


def same_amount(where, got, expected):
    if got is None or D(str(got)) != D(expected):
        differ(where, got, expected)


def check_row(name, key, line, want, raw_fee):
    where = f"{name} {key}"
    for word in ("disposition", "reason"):
        if line[word] != want.get(word):
            differ(f"{where} {word}", line[word], want.get(word))
    missing = set(want["quirks"]) - set(line["quirks"]) - LABELS
    missing -= ROW_LABELS.get((name, key), set())
    if raw_fee:
        missing -= {"fee_unknown"}
    if missing:
        differ(f"{where} quirks", line["quirks"], want["quirks"])
    if line["merged_into"] != want.get("merged_into"):
        differ(f"{where} merged_into", line["merged_into"],
               want.get("merged_into"))
    trade = line["trade"]
    if (trade is None) != ("size_usd" not in want):
        differ(f"{where} trade", trade, want)
    if trade is None or "size_usd" not in want:
        return
    for word in ("product_id", "side", "status", "created_at", "filled_at",
                 "triggered_by"):
        if trade[word] != want[word]:
            differ(f"{where} {word}", trade[word], want[word])
    for word in ("size_usd", "size_crypto", "price", "commission"):
        if not (raw_fee and word == "commission"):
            same_amount(f"{where} {word}", trade[word], want[word])
    if want.get("order_id", "(synth").startswith("(synth"):
        if not trade["order_id"].startswith("legacy:trades:"):
            differ(f"{where} order_id", trade["order_id"], "legacy:trades:N")
    elif trade["order_id"] != want["order_id"]:
        differ(f"{where} order_id", trade["order_id"], want["order_id"])
    if "score" in want:
        same_amount(f"{where} score",
                    trade["signal_context"].get("combined_score"),
                    str(want["score"]))
    if want.get("needs_reconcile") and not line["needs_reconcile"]:
        differ(f"{where} needs_reconcile", False, True)


def check_product(name, got, want, raw_fee):
    where = f"{name} {want and got['product_id']}"
    fees = {"commission", "cashflow_net", "net"} if raw_fee else set()
    for key, value in want.items():
        if key in fees:
            continue
        if isinstance(value, dict):
            for inner, amount in value.items():
                if amount is None:
                    continue
                if got[key][inner] is None and D(amount) == 0:
                    continue
                same_amount(f"{where} {key}.{inner}", got[key][inner], amount)
        elif isinstance(value, int):
            if got[key] != value:
                differ(f"{where} {key}", got[key], value)
        elif value is not None:
            same_amount(f"{where} {key}", got[key], value)


def check_old(name, total, want):
    """The old system summed doubles: twelve digits are those of both."""
    if total["old"]["rows"] != want["rows"]:
        differ(f"{name} old rows", total["old"]["rows"], want["rows"])
    for key in ("spent", "received", "net"):
        got, expected = D(str(total["old"][key])), D(repr(want[key]))
        if abs(got - expected) > abs(expected) * D("1e-12"):
            differ(f"{name} old {key}", got, expected)


def check_identity(name, p):
    """Old net and every cause come to the new net, to the last digit."""
    causes = sum(D(str(c["net"])) for c in p["because"])
    new = D(str(p["old"]["net"])) + causes
    if D(str(p["difference"])) != causes:
        differ(f"{name} {p.get('product_id')} causes", causes, p["difference"])
    rounded = new.quantize(D("1e-8"), ROUND_HALF_EVEN).normalize()
    if rounded != D(str(p["cashflow_net"])).normalize():
        differ(f"{name} {p.get('product_id')} net", p["cashflow_net"], rounded)


def main(expect, plan):
    with open(expect) as f:
        want = json.load(f, parse_constant=str)
    with open(plan) as f:
        lines = [json.loads(line, parse_float=D) for line in f]
    db = want["db"]
    name = db["file"]
    summary = lines.pop()
    raw_fee = name in FEE_FROM_RAW
    rows = {"trades": {}, "raw_trades": {}}
    counts = {}
    for line in lines:
        table = line["source_table"]
        counts[table] = counts.get(table, 0) + 1
        rows.setdefault(table, {})[str(line["source_id"])] = line

    for table, count in db["source_rows"].items():
        if counts.get(table, 0) != count:
            differ(f"{name} rows of {table}", counts.get(table, 0), count)
    for key, row in want.get("trades", {}).items():
        if key in rows["trades"]:
            check_row(name, key, rows["trades"][key], row, raw_fee)
        else:
            differ(f"{name} {key}", "no line", row["disposition"])
    if len(rows["trades"]) != len(want.get("trades", {})):
        differ(f"{name} rows", len(rows["trades"]), len(want["trades"]))
    for key, row in want.get("raw", {}).items():
        check_row(name, key, rows["raw_trades"][key[4:]], row, False)

    dispositions = {}
    for line in rows["trades"].values():
        word = line["disposition"]
        dispositions[word] = dispositions.get(word, 0) + 1
    if dispositions != db["dispositions"]:
        differ(f"{name} dispositions", dispositions, db["dispositions"])
    if summary["sources"][0]["variant"] != db["schema"]:
        differ(f"{name} variant", summary["sources"][0]["variant"],
               db["schema"])
    products = {p["product_id"]: p for p in summary["products"]}
    portfolio = want.get("expected_from_raw") or db.get("expected_from_raw")
    for product, figures in (portfolio or db["expected_portfolio"]).items():
        check_product(name, products[product], figures, raw_fee)
    if "old_formula_sep7" in db["legacy_view"]:
        check_old(name, summary["total"], db["legacy_view"]["old_formula_sep7"])
    for p in summary["products"] + [summary["total"]]:
        check_identity(name, p)
    for line in found:
        print(line)
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
