"""The books as the database has them, read by nobody's code but SQLite's."""

import collections
import os
import shutil
import sqlite3
from decimal import Decimal, getcontext

getcontext().prec = 80

SUMS = ('size', 'value', 'fee')
LIVE = ('SENDING', 'UNKNOWN', 'OPEN')


class Books:
    """A copy of the database, so that what a kill has left behind is left to
    the next tool."""

    def __init__(self, world, name='tb.db'):
        self.copy = world.path('copy-' + name)
        for suffix in ('', '-journal'):
            if os.path.exists(world.path(name) + suffix):
                shutil.copy(world.path(name) + suffix, self.copy + suffix)
            elif os.path.exists(self.copy + suffix):
                os.unlink(self.copy + suffix)
        self.db = sqlite3.connect(self.copy)
        self.db.row_factory = sqlite3.Row

    def close(self):
        self.db.close()

    def rows(self, query, *values):
        return self.db.execute(query, values).fetchall()

    def one(self, query, *values):
        row = self.db.execute(query, values).fetchone()
        return None if row is None else row[0]

    def amounts(self, query, *values):
        return sum((Decimal(r[0]) for r in self.rows(query, *values)),
                   Decimal(0))

    def intents(self):
        return {r['id']: r for r in self.rows('SELECT * FROM intents')}

    def orders(self):
        return {r['order_id']: r for r in self.rows('SELECT * FROM orders')}

    def sums(self):
        """Size, value and fee of each order, from its fills."""
        out = collections.defaultdict(lambda: [Decimal(0)] * 3)
        taken_back = {r['reverses'] for r in self.rows(
            'SELECT reverses FROM fills WHERE reverses IS NOT NULL')}
        for r in self.rows('SELECT * FROM fills'):
            if r['kind'] == 'reversal' or r['entry_id'] in taken_back:
                continue
            out[r['order_id']] = [
                a + Decimal(r[k]) for a, k in zip(out[r['order_id']], SUMS)]
        return out

    def balances(self):
        """What the books come to, by currency: flows and executions."""
        out = collections.defaultdict(Decimal)
        for r in self.rows('SELECT currency, amount FROM cash_flows'):
            out[r['currency']] += Decimal(r['amount'])
        side = {r['order_id']: (r['product_id'], r['side']) for r in
                self.rows('SELECT order_id, product_id, side FROM fills')}
        for order, (size, value, fee) in self.sums().items():
            product, way = side[order]
            base, quote = product.split('-')
            sign = 1 if way == 'BUY' else -1
            out[base] += sign * size
            out[quote] -= sign * value + fee
        return {c: a for c, a in out.items() if a != 0}

    def ledger(self):
        """What must not change by asking again: everything but when."""
        return [
            self.rows('SELECT client_order_id, dedupe_key, state, order_id,'
                      ' attempts FROM intents ORDER BY id'),
            self.rows('SELECT order_id, client_order_id, status, filled_size,'
                      ' filled_value, total_fees FROM orders ORDER BY 1'),
            self.rows('SELECT entry_id, order_id, kind, size, price, value,'
                      ' fee, at FROM fills ORDER BY id'),
            self.rows('SELECT product_id, crypto_balance, usd_invested,'
                      ' realized_pnl, fees, proceeds, costs, uncovered_size'
                      ' FROM portfolio ORDER BY 1'),
            self.rows('SELECT product_id, acquired_at, size, cost, size_left,'
                      ' cost_left FROM lots ORDER BY product_id, id'),
            self.rows('SELECT product_id, sold_at, size, proceeds, cost, gain'
                      ' FROM disposals ORDER BY product_id, id'),
            self.rows('SELECT order_id, status, size_usd, size_crypto,'
                      ' commission FROM trades ORDER BY order_id')]


def plain(ledger):
    return [[tuple(r) for r in rows] for rows in ledger]
