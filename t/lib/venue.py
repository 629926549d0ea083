#!/usr/bin/python3
"""A venue program for tests: venue.py FOLDER speaks the protocol of
tb-venue(7).

Its memory is FOLDER/state.json, each request a line of FOLDER/log.  A file
FOLDER/faults says how it misbehaves, a line each, gone when it was used:

	VERB FAULT [ARGUMENT]

place		lose-answer, lose-request, refuse WORD, not-sent, key, busy MS,
		slow S, hang S, wrong-client, open, partial, die
any other	net, busy MS, perm, nonsense, touch FILE; of lists also
		repeat, endless, page2 (the second page can't be had)
"""
import json
import os
import sys
import time
from datetime import datetime, timezone
from decimal import Decimal as D

folder = sys.argv[1]
path = os.path.join(folder, "state.json")


def load():
    with open(path) as f:
        return json.load(f)


def save(state):
    with open(path + ".new", "w") as f:
        json.dump(state, f)
    os.replace(path + ".new", path)


def text(d):
    d = format(d, "f")
    return d.rstrip("0").rstrip(".") if "." in d else d


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ")


def seconds(t):
    return datetime.fromisoformat(t.replace("Z", "+00:00")).timestamp()


def fault(verb):
    """The first fault of a verb; it is used up."""
    name = os.path.join(folder, "faults")
    try:
        lines = open(name).read().splitlines()
    except OSError:
        return None, None
    for i, line in enumerate(lines):
        words = line.split()
        if words and words[0] == verb:
            del lines[i]
            with open(name, "w") as f:
                f.write("".join(l + "\n" for l in lines))
            return words[1], words[2] if len(words) > 2 else None
    return None, None


def candles(state, q):
    step, rows = q["granularity_s"], []
    start = int(seconds(q["from"])) if isinstance(q["from"], str) else q["from"]
    end = int(seconds(q["to"])) if isinstance(q["to"], str) else q["to"]
    assert end - start <= 300 * step, "more than 300 candles"
    while start < end and start + step <= time.time() + state["clock"]:
        n = start // step
        if not (state["gap"] and n % state["gap"] == 0) and \
                start >= state["listed_at"]:
            rows.append({"start": iso(start) if isinstance(q["from"], str)
                         else start,
                         "open": "100", "high": "110", "low": "90",
                         "close": text(D(95) + D(n % 11)), "volume": "1.5"})
        start += step
    return {"candles": rows}


def settle(state, order, part=D(1)):
    """Fill an order at the price, a fee of 0.6 % on top."""
    price, rate = D(state["price"]), D("0.006")
    if "quote_size" in order:
        value = (D(order["quote_size"]) / (1 + rate)).quantize(D("0.00000001"))
        size = (value / price).quantize(D("0.00000001"))
    else:
        size = D(order["base_size"])
    size = (size * part).quantize(D("0.00000001"))
    value, fee = size * price, size * price * rate
    base, quote = order["product_id"].split("-")
    sign = 1 if order["side"] == "BUY" else -1
    b = state["balances"]
    b[base] = text(D(b.get(base, "0")) + sign * size)
    b[quote] = text(D(b.get(quote, "0")) - sign * value - fee)
    n = len(state["fills"]) + 1
    state["fills"].append({
        "entry_id": "e%d" % n, "trade_id": "t%d" % n,
        "order_id": order["order_id"], "product_id": order["product_id"],
        "side": order["side"], "size": text(size), "price": text(price),
        "value": text(value), "fee": text(fee), "at": iso(time.time()),
        "sequence": n})
    order.update(
        status="FILLED" if part == 1 else "CANCELLED", settled=True,
        filled_size=text(size), filled_value=text(value),
        total_fees=text(fee), updated_at=iso(time.time()))


def put(state, q, how):
    for order in state["orders"]:
        if order.get("client_order_id") == q["client_order_id"]:
            return order
    order = {k: q[k] for k in ("client_order_id", "product_id", "side", "type",
                               "quote_size", "base_size") if k in q}
    order.update(order_id="o%d" % (len(state["orders"]) + 1), status="OPEN",
                 filled_size="0", filled_value="0", total_fees="0",
                 settled=False, created_at=iso(time.time()),
                 updated_at=iso(time.time()))
    state["orders"].append(order)
    if how == "partial":
        settle(state, order, D("0.5"))
    elif how != "open" and q["type"] != "limit" and q["type"] != "post_only":
        settle(state, order)
    return order


def place(state, q):
    how, arg = fault("place")
    if how == "not-sent":
        return {"outcome": "not_sent", "message": "no route"}
    if how == "key":
        return {"outcome": "not_sent", "message": "key rejected",
                "key_rejected": True}
    if how == "refuse":
        return {"outcome": "refused", "reason": arg, "message": "no"}
    if how == "busy":
        return {"outcome": "unknown", "message": "slower",
                "retry_after_ms": int(arg)}
    if how == "lose-request":
        return {"outcome": "unknown", "message": "answer lost"}
    order = put(state, q, how)
    save(state)
    if how == "lose-answer":
        return {"outcome": "unknown", "message": "answer lost"}
    if how == "hang":
        os.close(1)
        time.sleep(float(arg))
        sys.exit(0)
    if how == "die":
        sys.exit(1)
    if how == "slow":
        time.sleep(float(arg))
    client = order["client_order_id"]
    if how == "wrong-client":
        client = "x" + client[1:]  # never the first of a UUID
    return {"outcome": "accepted", "order_id": order["order_id"],
            "client_order_id": client}


def shown(order):
    return {k: v for k, v in order.items()
            if k not in ("quote_size", "base_size", "hidden")}


def pages(state, q, verb, rows, how):
    """A page of rows, newest first as Coinbase lists them."""
    at, n = int(q.get("cursor") or 0), state["page"]
    if how == "repeat":
        return {verb: rows[:1], "cursor": "1"}
    if how == "endless":
        return {verb: [], "cursor": str(at + 1)}
    rows = rows[at * n:]
    return {verb: rows[:n], "cursor": str(at + 1) if len(rows) > n else ""}


def answer(state, q):
    verb = q["verb"]
    if verb == "place":
        return place(state, q)
    how, arg = (None, None)
    if verb.endswith("_since") and q.get("cursor"):
        how, arg = fault(verb + "_page2")
    if how is None:
        how, arg = fault(verb)
    if how in ("net", "perm"):
        return {"ok": False, "error": how, "message": "the line is dead"
                if how == "net" else "key rejected"}
    if how == "busy":
        return {"ok": False, "error": "busy", "message": "slower",
                "retry_after_ms": int(arg)}
    if how == "nonsense":
        return "nonsense"
    if how == "touch":
        open(arg, "w").close()
    if how == "endless" or how == "repeat":
        with open(os.path.join(folder, "faults"), "a") as f:
            f.write("%s %s\n" % (verb, how))  # it stays
    if verb == "hello":
        return dict({"name": "test", "account": "acc-1", "lag_ms": 0,
                     "time": iso(time.time() + state["clock"]),
                     "has_key": True, "can_trade": True}, **state["hello"])
    if verb == "products":
        return pages(state, q, "products", state["products"], how)
    if verb == "candles":
        return candles(state, q)
    if verb == "price":
        return {"price": state["price"]}
    if verb == "balances":
        return {"balances": [{"currency": k, "available": v, "hold": "0"}
                             for k, v in state["balances"].items()],
                "cursor": ""}
    if verb == "orders_since":
        rows = [shown(o) for o in state["orders"] if not o.get("hidden")
                and seconds(o["created_at"]) >= seconds(q["since"])]
        return pages(state, q, "orders", rows[::-1], how)
    if verb == "fills_since":
        hidden = [o["order_id"] for o in state["orders"] if o.get("hidden")]
        rows = [f for f in state["fills"]
                if (q.get("order_id") == f["order_id"] or
                    not q.get("order_id") and f["order_id"] not in hidden)
                and seconds(f["at"]) >= seconds(q["since"])]
        return pages(state, q, "fills", rows[::-1], how)
    if verb in ("order", "cancel"):
        for order in state["orders"]:
            if order["order_id"] == q["order_id"]:
                if verb == "order":
                    return {"order": shown(order)}
                order.update(status="CANCELLED", settled=True)
                save(state)
                return {"done": True}
        return {"ok": False, "error": "noent", "message": "no such order"}
    if verb == "preview":
        return {"base_size": "0.1", "value": "10", "fee": "0.06",
                "total": "10.06", "best_bid": "99", "best_ask": "101"}
    return {"ok": False, "error": "invalid", "message": "verb"}


for line in sys.stdin:
    with open(os.path.join(folder, "log"), "a") as f:
        f.write(line)
    q = json.loads(line)
    a = answer(load(), q)
    if a != "nonsense":
        a = json.dumps({"id": q["id"], "ok": True, **a})
    print(a, flush=True)
