#!/usr/bin/env python3
"""Hand-made rows of the old system, and what a plan says of them.

legacy-rows.py FILE ROWS
    make a database; ROWS are separated by ';', each is a kind (fill, bot, raw,
    name: a bot of that id) and column=value words.  What is not said is what
    the old system would have written.  without=COLUMN leaves a column of
    trades out.
legacy-rows.py --says PLAN.ndjson EXPECTED
    EXPECTED is separated by ';': a row's label (5, rowid:5, raw:5), its
    disposition, its reason where it has one, then +quirk, -quirk and key=value
    of the trade (or of merged_into).
"""

import ast
import json
import shlex
import sqlite3
import sys
from datetime import datetime, timedelta
from decimal import Decimal

TRADES = """id INTEGER NOT NULL, bot_id INTEGER, product_id VARCHAR(20),
side VARCHAR(10), size FLOAT, price FLOAT, fee FLOAT, order_id VARCHAR(100),
status VARCHAR(20), combined_signal_score FLOAT, signal_scores TEXT,
position_tranches TEXT, average_entry_price NUMERIC(20@ 8),
tranche_number INTEGER, position_status VARCHAR(20), size_usd FLOAT,
created_at DATETIME, filled_at DATETIME"""
BOTS = """CREATE TABLE bots (id INTEGER NOT NULL, name VARCHAR(100),
description TEXT, pair VARCHAR(20), status VARCHAR(20),
position_size_usd FLOAT, confirmation_minutes INTEGER,
cooldown_minutes INTEGER, signal_config TEXT, PRIMARY KEY (id))"""
RAW = """CREATE TABLE raw_trades (id INTEGER NOT NULL, fill_id VARCHAR(100),
order_id VARCHAR(100), product_id VARCHAR(20), side VARCHAR(10), size FLOAT,
size_in_quote BOOLEAN, price FLOAT, commission FLOAT, created_at VARCHAR(50),
PRIMARY KEY (id))"""


def value(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return float("inf") if text == "Inf" else text


def words(row):
    parts = shlex.split(row)
    kind = "fill"
    if parts and "=" not in parts[0]:
        kind = parts.pop(0)
    return kind, {k: value(v) for k, v in (p.split("=", 1) for p in parts)}


def defaults(kind, given, n):
    at = datetime(2025, 9, 6, 12) + timedelta(minutes=10 * n)
    at += timedelta(seconds=given.pop("after", 0))
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.%f")
    row = {"id": n, "product_id": "BTC-USD", "side": "BUY", "size": 0.001,
           "price": 100000.0}
    if kind == "raw":
        row.update(fill_id=f"f-{n}", order_id=f"v-{n}", size_in_quote=0,
                   commission=0.25, created_at=stamp.replace(" ", "T") + "Z")
    else:
        row.update(bot_id=1, order_id=f"f-{n}", fee=0.0, status="filled",
                   combined_signal_score=0.0, signal_scores="{}",
                   tranche_number=1, position_status="CLOSED",
                   created_at=stamp, filled_at=stamp)
    if kind == "bot":
        later = (at + timedelta(seconds=5)).strftime("%Y-%m-%d %H:%M:%S.%f")
        row.update(size=25.0, fee=None, order_id=f"o-{n}",
                   status="completed", combined_signal_score=-0.31,
                   signal_scores='{"rsi_enabled": false}', filled_at=later)
    row.update(given)
    if kind != "raw" and "size_usd" not in row:
        try:
            row["size_usd"] = (row["size"] if kind == "bot" else
                               row["size"] * row["price"])
        except TypeError:
            row["size_usd"] = 100.0
    return row


def insert(c, table, row):
    c.execute(f"INSERT INTO {table} ({','.join(row)}) VALUES"
              f" ({','.join('?' * len(row))})", list(row.values()))


def make(path, rows):
    c = sqlite3.connect(path)
    columns = {d.split()[0]: d.replace("@", ",")
               for d in TRADES.replace("\n", " ").split(", ")}
    keys = ["PRIMARY KEY (id)", "UNIQUE (order_id)"]
    parsed = [words(r) for r in rows.split(";") if r.strip()]
    if any("loose" in given for _, given in parsed):
        keys = []
    for _, given in parsed:
        given.pop("loose", None)
        columns.pop(given.pop("without", ""), None)
        for extra in ("commission FLOAT", "size_in_quote BOOLEAN",
                      "trading_mode TEXT"):
            if extra.split()[0] in given and "fill_id" not in given:
                columns[extra.split()[0]] = extra
    if any(kind == "raw" for kind, _ in parsed):
        c.execute(RAW)
    c.execute(f"CREATE TABLE trades ({', '.join(list(columns.values()) + keys)})")
    c.execute(BOTS)
    c.execute("INSERT INTO bots (id, name, pair) VALUES (1, 'one', 'BTC-USD')")
    for n, (kind, given) in enumerate(parsed, 1):
        if kind == "name":
            insert(c, "bots", given)
            continue
        row = defaults(kind, given, n)
        if kind != "raw":
            row = {k: v for k, v in row.items() if k in columns}
        insert(c, "raw_trades" if kind == "raw" else "trades", row)
    c.commit()


def same(got, want):
    try:
        return Decimal(str(got)) == Decimal(want)
    except ArithmeticError:
        return str(got) == want


def says(plan, expected):
    lines = {}
    for text in open(plan):
        line = json.loads(text, parse_float=Decimal)
        if line.get("source_table") in ("trades", "raw_trades"):
            raw = "raw:" if line["source_table"] == "raw_trades" else ""
            lines[raw + str(line["source_id"])] = line
    bad = []
    for row in expected.split(";"):
        label, disposition, *rest = shlex.split(row)
        line = lines.get(label)
        if line is None:
            bad.append(f"no row {label}")
            continue
        trade = dict(line["trade"] or {})
        trade["merged_into"] = json.dumps(line["merged_into"])
        reason = rest.pop(0) if rest and rest[0][0] not in "+-" and \
            "=" not in rest[0] else None
        if (line["disposition"], line["reason"]) != (disposition, reason):
            bad.append(f"{label} is {line['disposition']} {line['reason']}")
        for word in rest:
            if word[0] in "+-" and "=" not in word:
                if (word[1:] in line["quirks"]) != (word[0] == "+"):
                    bad.append(f"{label} {word}: {line['quirks']}")
                continue
            key, want = word.split("=", 1)
            if not same(trade.get(key), want):
                bad.append(f"{label} {key} is {trade.get(key)}, not {want}")
    print("\n".join(bad))
    return 1 if bad else 0


if sys.argv[1] == "--says":
    sys.exit(says(sys.argv[2], sys.argv[3]))
make(sys.argv[1], sys.argv[2])
