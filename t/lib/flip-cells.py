"""flip-cells: flip bits of a database file, and see whether verify says no.

    flip-cells.py DATABASE SEED N TABLE ...

N times, one bit of one cell of a leaf page of one of the tables: its length,
its rowid, its header or its columns.  tb-portfolio verify must not exit 0;
unless nobody who reads the table can tell (a rowid stands in its cell twice).
"""

import random
import sqlite3
import subprocess
import sys


def varint(page, at):
    """The number at a place, and the place behind it."""
    n = 0
    for i in range(9):
        byte = page[at + i]
        n = n << 7 | byte & 127
        if byte < 128:
            break
    return n, at + i + 1


def cells(data, size, number, has_rowid):
    """First and last byte of every cell below a page, as places in the file."""
    base = (number - 1) * size
    page = data[base:base + size]
    head = 100 if number == 1 else 0
    kind, count = page[head], int.from_bytes(page[head + 3:head + 5], "big")
    inner = kind in (2, 5)
    for i in range(count):
        at = head + (12 if inner else 8) + 2 * i
        start = int.from_bytes(page[at:at + 2], "big")
        if inner:
            below = int.from_bytes(page[start:start + 4], "big")
            yield from cells(data, size, below, has_rowid)
        if kind == 5:
            continue
        length, end = varint(page, start + (4 if inner else 0))
        if has_rowid:
            _, end = varint(page, end)
        yield base + start, base + min(end + length, size)
    if inner:
        right = int.from_bytes(page[head + 8:head + 12], "big")
        yield from cells(data, size, right, has_rowid)


def rows(path, tables):
    """All that a reader sees of the tables."""
    db = sqlite3.connect(path)
    seen = [db.execute("SELECT * FROM " + t).fetchall() for t in tables]
    db.close()
    return seen


def main():
    path, seed, count, *tables = sys.argv[1:]
    rng = random.Random(int(seed))
    db = sqlite3.connect(path)
    size = db.execute("PRAGMA page_size").fetchone()[0]
    roots = [db.execute("SELECT rootpage, sql NOT LIKE '%WITHOUT ROWID%'"
                        " FROM sqlite_schema WHERE name = ?",
                        (table,)).fetchone() for table in tables]
    db.close()
    data = open(path, "rb").read()
    spans = [list(cells(data, size, *root)) for root in roots]
    missed, whole = 0, rows(path, tables)
    for _ in range(int(count)):
        first, end = rng.choice(rng.choice(spans))
        at, bit = rng.randrange(first, end), rng.randrange(8)
        changed = bytearray(data)
        changed[at] ^= 1 << bit
        with open("flipped.db", "wb") as f:
            f.write(changed)
        run = subprocess.run(["tb-portfolio", "-d", "flipped.db", "verify"],
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        if run.returncode == 0 and rows("flipped.db", tables) != whole:
            print("not found: byte %d, bit %d" % (at, bit))
            missed += 1
    print("%d of %s" % (int(count) - missed, count))
    return missed > 0


sys.exit(main())
