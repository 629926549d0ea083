#!/usr/bin/env python3
"""legacy-check.py expect NEW.db EXPECT.json ...: is it what was expected?
legacy-check.py whole NEW.db OLD.db ...: is every row of OLD in one place?

expect compares every row's end, the figures of its trade, merges, sums and
P&L with .expect.json files, one for each file that was imported, in order.
"""

import json
import sqlite3
import subprocess
import sys
from decimal import ROUND_HALF_EVEN, Decimal

bad = 0


def complain(*words):
    global bad
    bad += 1
    if bad < 20:
        print(*words)


def known(new, source, table):
    return {row[0]: row[1:] for row in new.execute(
        "SELECT row_id, disposition, reason, became FROM legacy_rows"
        " WHERE source_id = ? AND source_table = ?", (source, table))}


def rowid_of(key):
    return int(key.split(":")[-1])


def check_trade(new, where, became, want):
    names = ("product_id side size_usd size_crypto price commission status"
             " created_at filled_at triggered_by order_id").split()
    row = new.execute(f"SELECT {', '.join(names)}, signal_context FROM trades"
                      " WHERE order_id = ?", (became,)).fetchone()
    if row is None:
        complain(where, "has no trade", became)
        return
    got = dict(zip(names, row))
    for name in names:
        expected = want.get(name)
        if name in ("size_usd", "size_crypto", "price", "commission"):
            same = Decimal(got[name]) == Decimal(expected)
            # better than the expectation: raw_trades knows what was paid
            if name == "commission" and "raw" in where and not same:
                same = Decimal(expected) == 0
        elif name == "order_id" and (expected or "(").startswith("("):
            same = got[name].startswith("legacy:")  # "(synthesised ...)"
        else:
            same = got[name] == expected
        if not same:
            complain(where, name, got[name], "expected", expected)
    if want.get("score") is not None:
        context = json.loads(row[-1], parse_float=Decimal)
        if context.get("combined_score") != Decimal(str(want["score"])):
            complain(where, "score", context.get("combined_score"),
                     "expected", want["score"])


def check_file(new, source, expect, united=False):
    for table, rows in (("trades", expect.get("trades", {})),
                        ("raw_trades", expect.get("raw", {}))):
        ends = known(new, source, table)
        has_raw = "raw_trades" in expect["db"]["source_rows"]
        for key, want in rows.items():
            where = f"{'raw' if has_raw else ''} {table} {key}:"
            end = ends.get(rowid_of(key))
            if end is None:
                complain(where, "is not recorded")
                continue
            if united and end[1] == "duplicate_order_id":
                check_trade(new, where, end[2], want)  # of the other file
                continue
            if end[0] != want["disposition"] or (
                    end[1] or None) != want.get("reason"):
                complain(where, "is", end[:2], "expected",
                         want["disposition"], want.get("reason"))
                continue
            if want["disposition"] in ("keep", "convert"):
                check_trade(new, where, end[2], want)
            elif want["disposition"] == "merge":
                into = [ends[rowid_of(str(i))][2]
                        for i in want["merged_into"]]
                if end[2] not in into:
                    complain(where, "became", end[2], "expected", into)


def q8(text):
    return Decimal(text).quantize(Decimal("1e-8"), ROUND_HALF_EVEN)


def check_money(path, expect):
    wants = dict(expect["db"].get("expected_from_raw")
                 or expect["db"]["expected_portfolio"])
    has_raw = "raw_trades" in expect["db"]["source_rows"]
    for method, fees, side, prefix in (
            ("fifo", "included", "net", "fifo"),
            ("fifo", "separate", "gross", "fifo"),
            ("average", "included", "net", "avg"),
            ("average", "separate", "gross", "avg")):
        command = ["tb-portfolio", "-d", path, "--numbers=string", "-o",
                   "ndjson", "pnl", "--method", method]
        if fees == "separate":
            command += ["--fees", fees]
        elif has_raw and not expect.get("raw"):
            continue  # the expectation knows no fee, we know what was paid
        out = subprocess.run(command, capture_output=True, text=True)
        if out.returncode not in (0, 1):
            complain(out.stderr)
            return
        got = {row["product_id"]: row for row in map(
            json.loads, out.stdout.splitlines())}
        for product, want in wants.items():
            row = got.get(product)
            if row is None:
                if want["filled_trades"]:
                    complain(product, "is not in pnl")
                continue
            if q8(row["realized"]) != q8(want[side][prefix + "_realized"]):
                complain(product, method, side, "realized", row["realized"],
                         "expected", want[side][prefix + "_realized"])
            if q8(row["uncovered_proceeds"]) != q8(
                    want[side]["uncovered_sell_proceeds"]):
                complain(product, method, side, "uncovered",
                         row["uncovered_proceeds"])
            if Decimal(row["residue"]) != 0:
                complain(product, method, "residue", row["residue"])


def expect(path, *files):
    new = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    expects = [json.load(open(f)) for f in files]
    for source, one in enumerate(expects, 1):
        check_file(new, source, one, len(expects) > 1)
    if len(expects) == 1:
        check_money(path, expects[0])


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def whole(path, *files):
    """Every row once; filled sums by product and side are the fills' sums."""
    new = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for source, old_path in enumerate(files, 1):
        old = sqlite3.connect(f"file:{old_path}?mode=ro", uri=True)
        old.text_factory = bytes
        for (name,) in old.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND name NOT LIKE 'sqlite_%'"):
            name = name.decode()
            rows = {r[0] for r in old.execute(
                f"SELECT rowid FROM {quoted(name)}")}
            ends = known(new, source, name)
            if rows != set(ends):
                complain(old_path, name, len(rows), "rows,", len(ends),
                         "recorded")
            check_places(new, source, name, ends)
    check_sums(new)


def check_places(new, source, table, ends):
    file = new.execute("SELECT file FROM legacy_sources WHERE id = ?",
                       (source,)).fetchone()[0]
    for row_id, (disposition, reason, became) in ends.items():
        kept = new.execute(
            "SELECT count(*) FROM quarantine WHERE source_file = ?"
            " AND source_table = ? AND source_id = ?",
            (file, table, str(row_id))).fetchone()[0]
        if kept != (disposition == "quarantine"):
            complain(table, row_id, disposition, "in quarantine", kept)
        if table in ("trades", "raw_trades") and disposition in (
                "keep", "convert", "merge"):
            n = new.execute("SELECT count(*) FROM trades WHERE order_id = ?",
                            (became,)).fetchone()[0]
            if n != 1:
                complain(table, row_id, disposition, became, n, "trades")


def check_sums(new):
    sums = {}
    for product, side, size, value, fee in new.execute(
            "SELECT product_id, side, size_crypto, size_usd, commission"
            " FROM trades WHERE status = 'filled'"):
        total = sums.setdefault((product, side), [Decimal(0)] * 3)
        for i, text in enumerate((size, value, fee)):
            total[i] += Decimal(text)
    for product, side, kind, size, value, fee, reversed_ in new.execute(
            "SELECT product_id, side, kind, size, value, fee, EXISTS (SELECT 1"
            " FROM fills r WHERE r.reverses = f.entry_id) FROM fills f"):
        if kind == "reversal" or reversed_:
            continue
        total = sums.setdefault((product, side), [Decimal(0)] * 3)
        for i, text in enumerate((size, value, fee)):
            total[i] -= Decimal(text)
    for key, total in sums.items():
        if any(total):
            complain(key, "trades less fills:", total)


if __name__ == "__main__":
    {"expect": expect, "whole": whole}[sys.argv[1]](*sys.argv[2:])
    sys.exit(bad > 0)
