"""Every published case of P&L, cost basis and lots, through the command line.

    golden-pnl.py DATA TEMPLATE.db

A case goes in by "tb-sync import trades" and is asked back from gains, lots,
pnl and position.  Prints TAP.
"""

import json
import os
import subprocess
import sys
from decimal import Decimal as D

# Sales that stand before their purchases in time: there, files have an order
# of their own, and lots have dates; a book of fills goes by time.
NOT_IN_TIME = {"beancount-reduce-multiple-reductions",
               "beancount-reduce-multiple-reductions-hifo"}

data, template = sys.argv[1:]
count = failed = 0


def tb(*args, stdin=None):
    run = subprocess.run(args, input=stdin, capture_output=True, text=True)
    if run.returncode:
        raise AssertionError(f"{' '.join(args)}: {run.stderr}")
    return [json.loads(line, parse_float=D, parse_int=D)
            for line in run.stdout.splitlines()]


def import_case(case, merge):
    """merge: fees in coins beside a sale belong to it (how rp2 sees them)."""
    trades, last = [], None
    for t in sorted(case["trades"],
                    key=lambda t: (t["time"], t["side"] != "buy")):
        t = dict(t)
        if (merge and last and t.get("kind") == "fee-in-base"
                and t["time"] == last["time"] and last["side"] == "sell"):
            last.setdefault("value", str(D(last["size"]) * D(last["price"])))
            last["size"] = str(D(last["size"]) + D(t["size"]))
            continue
        trades.append(t)
        last = t
    csv = ["id,time,product,side,size,price,fee,fee_currency,value,kind"]
    for t in trades:
        csv.append(",".join(str(t.get(k) or "") for k in (
            "id", "time", "product", "side", "size", "price", "fee",
            "fee_currency", "value", "kind")))
    with open(template, "rb") as a, open("case.db", "wb") as b:
        b.write(a.read())
    os.chmod("case.db", 0o600)
    tb("tb-sync", "-q", "-d", "case.db", "import", "trades", "-",
       stdin="\n".join(csv) + "\n")
    return [t["id"] for t in trades]


class Case:
    def __init__(self, case):
        self.case, self.bad = case, []
        text = str(case["tolerance"]).replace("absolute ", "")
        self.tolerance = D("0.005") if case["id"].startswith("pp-") else D(text)

    def near(self, what, got, expected):
        if abs(D(got) - D(expected)) > self.tolerance:
            self.bad.append(f"{what}: got {got}, expected {expected}")

    def ask(self, *args, fees="included"):
        return tb("tb-portfolio", "-d", "case.db", *args, "--method",
                  self.case["method"], "--fees", fees)

    def check(self):
        product = self.case["trades"][0]["product"]
        self.ids = import_case(self.case, merge=False)
        self.gains = self.ask("gains")
        self.lots = self.ask("lots")
        self.pnl = self.ask("pnl")[0]
        self.position = self.ask("position", product)[0]
        self.near("residue", self.pnl["residue"], 0)
        for key, value in self.case["expected"].items():
            check = getattr(self, key, None)
            if check and value is not None:
                check(value)
        return self.bad

    def gain(self, d):
        """Others count all that an uncovered sale brought as gain."""
        return d["gain"] + d["uncovered_proceeds"]

    def parts(self, key):
        return sum((p[key] for d in self.gains for p in d["lots"]), D(0))

    def remaining_size(self, value):
        self.near("remaining_size", self.position["crypto_balance"], value)

    def realized_pnl(self, value):
        self.near("realized_pnl", self.pnl["realized"]
                  + self.pnl["uncovered_proceeds"], value)

    def proceeds(self, value):
        self.near("proceeds", self.parts("proceeds"), value)

    def cost_of_sold(self, value):
        self.near("cost_of_sold", self.parts("cost"), value)

    def balances(self, value):
        self.remaining_size(sum(map(D, value.values())))

    def cost_basis(self, value):
        self.near("cost_basis", self.position["usd_invested"], value)

    def short_size(self, value):
        self.near("short_size", sum((d["uncovered_size"] for d in self.gains),
                                    D(0)), value)

    def fee(self, value):
        self.near("fee", self.pnl["fees"], value)

    def realized_by_sell(self, value):
        for d, v in zip(self.gains, value, strict=True):
            self.near("realized_by_sell", self.gain(d), v)

    def cost_by_sell(self, value):
        for d, v in zip(self.gains, value, strict=True):
            self.near("cost_by_sell", d["cost"], v)

    def average_price(self, value):
        fees = ("separate" if "average_price_excludes_fees"
                in self.case["expected"] else "included")
        product = self.case["trades"][0]["product"]
        p = self.ask("position", product, fees=fees)[0]
        self.near("average_price", p["average_cost_basis"], value)

    def remaining_lots(self, value):
        if self.case["method"] == "average":
            return
        got = {self.ids[int(l["trade_id"]) - 1]: l["size"] for l in self.lots}
        expected = {str(l["trade"]): D(l["size"]) for l in value}
        if got != expected:
            self.bad.append(f"lots: got {got}, expected {expected}")

    def total(self, value, fees):
        product = self.case["trades"][0]["product"]
        mark = self.case["expected"]["mark_price"]
        tb("tb-sync", "-q", "-d", "case.db", "import", "candles", "--product",
           product, "--granularity", "1d", "--replace", "-",
           stdin="timestamp,open,high,low,close,volume\n"
                 f"1735689600,{mark},{mark},{mark},{mark},1\n")
        p = self.ask("pnl", fees=fees)[0]
        self.near("total", p["realized"] + p["unrealized"], value)

    def total_pnl_net(self, value):
        self.total(value, "included")

    def total_pnl_gross(self, value):
        self.total(value, "separate")

    def cumulative_after(self, value):
        for t, v in zip(self.case["trades"], value, strict=True):
            p = self.ask("pnl", "--at", t["time"])[0]
            self.near("cumulative_after", p["realized"], v)

    def cost_after_each_trade(self, value):
        product = self.case["trades"][0]["product"]
        for t, v in zip(self.case["trades"], value, strict=True):
            p = self.ask("position", product, "--at", t["time"])[0]
            self.near("cost_after", p["usd_invested"], v)

    def matches(self, value):
        self.ids = import_case(self.case, merge=True)
        got = [(d, p) for d in self.ask("gains") for p in d["lots"]]
        if len(got) != len(value):
            self.bad.append(f"{len(got)} matches, expected {len(value)}")
            return
        for (d, p), m in zip(got, value):
            self.near("match size", p["size"], m["size"])
            for ours, theirs in (("proceeds", "proceeds"), ("cost", "cost"),
                                 ("gain", "pnl")):
                if theirs in m:
                    self.near("match " + ours, p[ours], m[theirs])
            if "lot" in m and self.ids[int(p["trade_id"]) - 1] != m["lot"]:
                self.bad.append("another lot")
            for ours, theirs in ((d["sold_at"], "time"),
                                 (p["acquired_at"], "lot_time")):
                if theirs in m and ours[:19] != m[theirs][:19]:
                    self.bad.append(f"{theirs}: {ours}, not {m[theirs]}")


with open(f"{data}/pnl/index.json") as f:
    index = json.load(f)
for entry in index:
    if not entry["agrees"]:
        continue
    count += 1
    name = entry["id"]
    if name in NOT_IN_TIME:
        print(f"ok {count} # skip {name}: sells before it buys; books go by time")
        continue
    with open(f"{data}/pnl/{name}.json") as f:
        case = json.load(f)
    try:
        bad = Case(case).check()
    except Exception as e:
        bad = [repr(e)]
    failed += bool(bad)
    print(f"{'not ' if bad else ''}ok {count} - {name}")
    for line in bad[:8]:
        print(f"#   {line}")
print(f"1..{count}")
sys.exit(failed > 0)
