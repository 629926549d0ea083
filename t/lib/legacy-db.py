#!/usr/bin/env python3
"""legacy-db.py SEED OUT.db [VARIANT [TRADES]]: a dirty database of the old system.

The same seed gives the same rows.  VARIANT is one of VARIANTS; without it the
seed chooses.  Rows have every kind of dirt that the old system left: spellings,
units, times of many forms, mock and test rows, orders beside their fills,
doubles, foreign columns and tables.
"""

import random
import sqlite3
import sys
import uuid

VARIANTS = ("V0 V1 V2 V3 V4a V4b V5a V5b V6 V6g V7a V7b V8a V8b V9 V10 V11"
            " V12 V13 Vx Vy").split()
PAIRS = {"BTC-USD": 111000.0, "ETH-USD": 4300.0, "SOL-USD": 210.0,
         "DOGE-USD": 0.24, "BONK-USD": 0.0000234567891, "AERO-USD": 1.05,
         "BTC-USDC": 111000.0}
CONFIGS = [
    '{"rsi": {"enabled": true, "weight": 0.4, "period": 14,'
    ' "buy_threshold": 30.0, "sell_threshold": 70.0}, "moving_average":'
    ' {"enabled": true, "weight": 0.35, "fast_period": 12,'
    ' "slow_period": 26}, "macd": {"enabled": true, "weight": 0.25}}',
    '{"RSI": {"enabled": true, "weight": 0.5, "period": 14, "oversold": 30,'
    ' "overbought": 70}, "MA": {"enabled": true, "weight": 0.5}}',
    '{"rsi": {"enabled": true, "weight": 0.9}, "macd": {"enabled": true,'
    ' "weight": 0.6}}',
    '{"trading_thresholds": {"buy_threshold": -0.05,'
    ' "sell_threshold": 0.05}}',
    '{}', '', None, '{"rsi": {"enabled": true', '[]', 'NaN']

BOTS = ("id INTEGER NOT NULL, name VARCHAR(100), description TEXT,"
        " pair VARCHAR(20), status VARCHAR(20), position_size_usd FLOAT,"
        " max_positions INTEGER, stop_loss_pct FLOAT, take_profit_pct FLOAT,"
        " confirmation_minutes INTEGER, {timers}signal_config TEXT,"
        " current_position_size FLOAT, current_position_entry_price FLOAT,"
        " current_combined_score FLOAT, signal_confirmation_start DATETIME,"
        " created_at DATETIME DEFAULT (CURRENT_TIMESTAMP),"
        " updated_at DATETIME{more}, PRIMARY KEY (id)")
MARKET = ("id INTEGER NOT NULL, product_id VARCHAR(20), timestamp DATETIME,"
          " timeframe VARCHAR(10), open_price FLOAT, high_price FLOAT,"
          " low_price FLOAT, close_price FLOAT, volume FLOAT,"
          " PRIMARY KEY (id)")
TRADES = ("id INTEGER NOT NULL, {bot}product_id VARCHAR(20), side VARCHAR(10),"
          " size FLOAT, price FLOAT, fee FLOAT,{commission}"
          " order_id VARCHAR(100), status VARCHAR(20),{score}"
          " signal_scores TEXT,{tranches}"
          " created_at DATETIME DEFAULT (CURRENT_TIMESTAMP),"
          " filled_at DATETIME, PRIMARY KEY (id), UNIQUE (order_id)")
TRANCHES = (" position_tranches TEXT, average_entry_price NUMERIC(20, 8),"
            " tranche_number INTEGER, position_status VARCHAR(20),"
            " size_usd FLOAT,")
RAW_A = ("id INTEGER NOT NULL, fill_id VARCHAR(100) NOT NULL,"
         " order_id VARCHAR(100), product_id VARCHAR(20), side VARCHAR(10),"
         " size FLOAT, size_in_quote BOOLEAN, price FLOAT NOT NULL,"
         " commission FLOAT, created_at VARCHAR(50) NOT NULL,"
         " synced_at DATETIME DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (id)")
RAW_B = ("id INTEGER PRIMARY KEY AUTOINCREMENT, fill_id TEXT UNIQUE NOT NULL,"
         " order_id TEXT, product_id TEXT, side TEXT, size REAL,"
         " size_in_quote BOOLEAN, price REAL, size_usd REAL, commission REAL,"
         " created_at TEXT, synced_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP")


class Maker:
    def __init__(self, seed, path, variant, trades):
        self.r = random.Random(seed)
        self.variant = variant or VARIANTS[seed % len(VARIANTS)]
        self.level = int("".join(c for c in self.variant if c.isdigit())
                         or 13)
        self.count = trades or self.r.randint(20, 90)
        self.db = sqlite3.connect(path)
        self.clock = 1756684800 + self.r.randint(0, 86400)
        self.ids = []

    def table(self, name, columns):
        if self.variant == "Vy":
            # CREATE TABLE AS keeps no constraint
            columns = columns.split(", PRIMARY KEY (id)")[0]
            columns = columns.replace(" UNIQUE NOT NULL", "").replace(
                " PRIMARY KEY AUTOINCREMENT", "")
        self.db.execute(f"CREATE TABLE {name} ({columns})")

    def insert(self, table, **row):
        have = [c[1] for c in self.db.execute(f"PRAGMA table_info({table})")]
        row = {k: v for k, v in row.items() if k in have}
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        self.db.execute(f"INSERT OR IGNORE INTO {table} ({names})"
                        f" VALUES ({marks})", list(row.values()))

    def uuid(self):
        return str(uuid.UUID(int=self.r.getrandbits(128), version=4))

    def now(self, step=900):
        self.clock += self.r.randint(1, step)
        return self.clock + self.r.randint(0, 999999) / 1e6

    def stamp(self, t, dirt=0.06):
        whole, micro = int(t), round((t - int(t)) * 1e6) % 1000000
        text = self.db.execute("SELECT datetime(?, 'unixepoch')",
                               (whole,)).fetchone()[0]
        usual = f"{text}.{micro:06d}"
        if self.r.random() >= dirt:
            return usual
        iso = text.replace(" ", "T")
        return self.r.choice([text, iso + "Z", f"{iso}.{micro:06d}Z",
                              usual.replace(" ", "T"), iso + "+00:00",
                              iso + "-04:00", whole, t, None, "yesterday",
                              "", "2031-01-01 00:00:00.000000"])

    # ---------------------------------------------------------- schema --

    def schema(self):
        n = self.level
        if self.variant in ("V0", "Vx"):
            self.db.execute("CREATE TABLE signals (id INTEGER NOT NULL,"
                            " name VARCHAR, PRIMARY KEY (id))")
            self.db.execute("INSERT INTO signals (name) VALUES ('RSI'),"
                            " (NULL)")
        if n >= 1:
            more = ""
            if n >= 9:
                more += ", skip_signals_on_low_balance BOOLEAN DEFAULT 1"
            if n >= 12:
                more += ", use_trend_detection BOOLEAN"
            timers = ("trade_step_pct FLOAT, cooldown_minutes INTEGER, "
                      if n >= 2 else "")
            self.table("bots", BOTS.format(timers=timers, more=more))
            action = (" action VARCHAR(10), confidence FLOAT,"
                      " evaluation_metadata TEXT," if n >= 3 else "")
            self.table("bot_signal_history", "id INTEGER NOT NULL, bot_id"
                       " INTEGER, timestamp DATETIME, combined_score FLOAT,"
                       f"{action} signal_scores TEXT, price FLOAT,"
                       " PRIMARY KEY (id)")
        self.table("market_data", MARKET)
        if self.variant != "V8a":
            late = self.variant in ("V4b", "V5b", "V7b", "Vx")
            self.table("trades", TRADES.format(
                bot="bot_id INTEGER, " if n >= 1 else "",
                score=" combined_signal_score FLOAT," if n >= 1 else "",
                commission=" commission FLOAT, size_in_quote BOOLEAN,"
                if n >= 7 and not late else "",
                tranches=TRANCHES if n >= 4 and not late else ""))
            if late:
                self.alter(n)
            if self.variant in ("V5a", "V6g"):
                self.db.execute("ALTER TABLE trades ADD COLUMN trading_mode"
                                " VARCHAR(20)")
        if n >= 7:
            by_script = self.variant in ("V7b", "V8a", "Vx")
            self.table("raw_trades", RAW_B if by_script else RAW_A)
        if n >= 10:
            self.db.execute("CREATE TABLE notifications (id INTEGER NOT NULL,"
                            " message TEXT, read BOOLEAN, PRIMARY KEY (id))")
            self.db.execute("INSERT INTO notifications (message) VALUES"
                            " ('a'), (x'00ff'), (1.5), (NULL)")
        if self.r.random() < 0.3:
            self.db.execute('CREATE TABLE "my ""own"" table" ("a b" TEXT,'
                            ' big BLOB)')
            self.db.execute('INSERT INTO "my ""own"" table" VALUES'
                            " ('x', zeroblob(2000)), (9e999, '\u2603')")

    def alter(self, n):
        for column in ("position_tranches TEXT", "average_entry_price REAL",
                       "tranche_number INTEGER", "position_status TEXT",
                       "size_usd REAL"):
            self.db.execute(f"ALTER TABLE trades ADD COLUMN {column}")
        if n >= 5:
            self.db.execute("ALTER TABLE trades ADD COLUMN trading_mode TEXT")
        if n >= 7:
            self.db.execute("ALTER TABLE trades ADD COLUMN commission REAL")
            self.db.execute("ALTER TABLE trades ADD COLUMN size_in_quote"
                            " BOOLEAN")

    # ------------------------------------------------------------ rows --

    def bots(self):
        if self.level < 1:
            return
        for i in range(1, self.r.randint(2, 7)):
            pair = self.r.choice(list(PAIRS) + [None, " btc-usd", "?"])
            self.ids.append((i, pair))
            self.insert(
                "bots", id=i, pair=pair,
                name=self.r.choice([f"Bot {i}", f"Bot {i}", None, "a/b",
                                    "x" * 90, "Robert'); DROP TABLE trades"]),
                status=self.r.choice(["RUNNING", "STOPPED", "running", None]),
                position_size_usd=self.r.choice([25.0, 10, 1.5, None, -3]),
                confirmation_minutes=self.r.choice([5, 1, 0, None]),
                cooldown_minutes=self.r.choice([15, 3, 0, None]),
                signal_config=self.r.choice(CONFIGS),
                current_position_size=self.r.choice([0.0, -4.5, None]),
                created_at="2025-09-02 10:00:00")
        for i in range(self.r.randint(0, 60)):
            self.insert(
                "bot_signal_history",
                bot_id=self.r.choice([1, 2, 3, None, 99]),
                timestamp=self.stamp(self.now()),
                combined_score=self.r.choice(
                    [round(self.r.uniform(-1, 1), 17), 0.0, None, "broken"]),
                action=self.r.choice(["hold", "hold", "buy", "sell", None]),
                signal_scores='{"rsi": NaN}',
                price=self.r.choice([111000.0, None]))

    def market(self):
        for i in range(self.r.randint(0, 20)):
            self.insert("market_data", product_id="BTC-USD",
                        timestamp=self.stamp(self.now()), timeframe="1h",
                        open_price=1.0, high_price=0.5, low_price=2.0,
                        close_price=self.r.choice([1.0, float("inf")]),
                        volume=None)

    def product(self):
        if self.r.random() < 0.05:
            return self.r.choice([None, " sol-usd", "ETH-BTC", "what", ""])
        return self.r.choice(list(PAIRS))

    def price_of(self, product):
        base = PAIRS.get((product or "").strip().upper(), 50.0)
        price = repr(base * self.r.uniform(0.9, 1.1))
        return float(price if 'e' in price else price[:14])

    def side(self):
        if self.r.random() < 0.06:
            return self.r.choice(["buy", " Buy ", "Sell", None, "hold"])
        return self.r.choice(["BUY", "BUY", "SELL"])

    def status(self, usual):
        if self.r.random() < 0.1:
            return self.r.choice(["pending", "open", "queued", "failed",
                                  "CANCELLED", "expired", "Done", "weird",
                                  None])
        return usual

    def number(self, x):
        """Now and then a number that is none."""
        if self.r.random() < 0.03:
            return self.r.choice([None, 0.0, -1.0, "n/a", float("inf"), 1e300,
                                  10.000000000000002])
        return x

    def bot_id(self):
        return self.r.choice([None, 77] + [b[0] for b in self.ids])

    def raw(self, fill_id, order_id, product, side, size, price, t, quote):
        if self.level < 7 or self.r.random() < 0.2:
            return
        iso = self.stamp(t, 0).replace(" ", "T") + "Z"
        self.insert("raw_trades", fill_id=fill_id, order_id=order_id,
                    product_id=product, side=side, size=size,
                    size_in_quote=int(quote), price=price,
                    size_usd=size if quote else size * price,
                    commission=round(size * price * 0.006, 12),
                    created_at=iso, synced_at="2025-10-01 00:00:00")

    def fill(self, order_id=None, product=None, side=None, usd=None, t=None):
        """A row of the import of fills."""
        t = t or self.now()
        product = product or self.product()
        side = side or self.side()
        price = self.price_of(product)
        usd = usd or round(self.r.uniform(1, 60), 2)
        size = round(usd / price, 8)
        quote = self.r.random() < 0.08
        fill_id = self.uuid()
        stamp = self.stamp(t)
        self.raw(fill_id, order_id or self.uuid(), product, side,
                 usd if quote else size, price, t, quote)
        if self.variant in ("V8a", "V8b"):
            return
        value = usd if quote else size * price
        if quote and self.r.random() < 0.4:
            value = usd * price
        self.insert("trades", bot_id=self.bot_id(), product_id=product,
                    side=side, size=self.number(usd if quote else size),
                    price=self.number(price), fee=0.0, order_id=fill_id,
                    status=self.status("filled"), combined_signal_score=0.0,
                    signal_scores="{}", tranche_number=1,
                    position_status="CLOSED", size_usd=self.number(value),
                    commission=self.r.choice([None, 0, 0.123456789012]),
                    size_in_quote=0, created_at=stamp, filled_at=stamp)

    def order(self):
        """A row of a bot; with luck its fills beside it."""
        t = self.now()
        product, side = self.product(), self.side()
        price = self.price_of(product)
        usd = self.r.choice([10.0, 25.0, 1.01, 17.53])
        real = self.uuid()
        order_id = self.r.choice(
            [real] * 8 + [None, "", f"mock-{int(t)}-0123abcd",
                          "test-order-7", "x" * 130])
        self.insert(
            "trades", bot_id=self.bot_id(), product_id=product, side=side,
            size=self.number(usd if self.level < 7
                             else round(usd / price, 8)),
            price=self.number(price), fee=None, order_id=order_id,
            status=self.status("completed"),
            combined_signal_score=self.r.choice([-0.31, 0.2, None]),
            signal_scores=self.r.choice(
                ['{"rsi_enabled": false, "recorded_at": "x"}',
                 '{"error": "no"}', '{"rsi": NaN}', '{"rsi": ']),
            position_tranches='[{"a": 1}]', average_entry_price=4300.0,
            tranche_number=1, position_status="CLOSED",
            size_usd=self.number(usd), created_at=self.stamp(t),
            filled_at=self.r.choice([None, self.stamp(t + 4)]))
        if self.r.random() < 0.3 and side in ("BUY", "SELL"):
            size = round(usd / price, 8)
            fill_id = self.uuid()
            self.raw(fill_id, real, product, side, size, price, t + 3, False)
            if self.variant not in ("V8a", "V8b"):
                stamp = self.stamp(t + 3, 0)
                self.insert("trades", product_id=product, side=side,
                            size=size, price=price, fee=0.0,
                            order_id=fill_id, status="filled",
                            combined_signal_score=0.0, signal_scores="{}",
                            size_usd=size * price, created_at=stamp,
                            filled_at=stamp)

    def double(self):
        """A row again, as files that lost their constraints have it."""
        row = self.db.execute("SELECT * FROM trades LIMIT 1 OFFSET ?",
                              (self.r.randint(0, 10),)).fetchone()
        names = [c[1] for c in self.db.execute("PRAGMA table_info(trades)")]
        if row is None:
            return
        row = dict(zip(names, row))
        if self.variant != "Vy":
            row.pop("id")
            if row.get("order_id"):
                row["order_id"] = row["order_id"].upper() + " "
        if self.r.random() < 0.3:
            row["price"] = 3.5
        self.insert("trades", **row)

    def make(self):
        self.schema()
        self.bots()
        self.market()
        for _ in range(self.count):
            what = self.r.random()
            if self.variant == "V8a" or what < 0.6 or (
                    self.variant == "V0" and what < 0.9):
                self.fill()
            elif what < 0.95:
                self.order()
            else:
                self.double()
        self.db.commit()
        self.db.close()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    Maker(int(arguments[0]), arguments[1],
          arguments[2] if len(arguments) > 2 else None,
          int(arguments[3]) if len(arguments) > 3 else None).make()
