"""The paper venue: what lies on its shelf is the truth."""

import collections
import json
import os
import shutil
import sqlite3
from decimal import Decimal

from world import BEGIN, BOTS, LIMITS, PRODUCTS, instant

STEP = 300
PAST = 40       # candles before the beginning

WEATHER = ['lose-answer=1', 'lose-answer=3', 'lose-request=1',
           'lose-request=2', 'not-sent=1', 'refuse=NO_SUCH_LUCK',
           'fill-late=1', 'fill-late=3', 'hide=1', 'fill-part=0.37',
           'lose-answer=1,hide=1', 'lose-answer=1,fill-part=0.5', 'hang=1',
           'fill-late=2,fill-part=0.2']


class Paper:
    name = 'paper'
    clean = ['reconcile']   # candles of paper come from files here
    syncs = [['reconcile']]

    def __init__(self, world):
        self.world = world
        self.prices = {'BTC-USD': Decimal(100), 'ETH-USD': Decimal('7.31')}
        self.known = {}     # product: start of its next candle
        self.weather, self.doubled = '', False
        self.climate = [''] * 2 + world.dice.sample(WEATHER, 4)
        self.fee = world.dice.choice(('0', '0.6', '1.234567'))
        self.slippage = world.dice.choice(('0', '0.05'))

    def begin(self):
        w = self.world
        self.configure()
        w.must('tb-migrate', 'init', '--cash', '1000', '--at', instant(BEGIN))
        for product in PRODUCTS:
            self.known[product] = BEGIN - PAST * STEP
        w.now = BEGIN + STEP
        self.market(w.dice)
        w.write('bots.yaml', BOTS.format(low=w.dice.choice((30, 54))))
        w.must('tb-signal', 'load', w.path('bots.yaml'))

    def end(self):
        pass

    def configure(self):
        w = self.world
        faults = ', faults: "%s"' % self.weather if self.weather else ''
        w.write('tb.yaml', 'paper: {fee_percent: %s, slippage_percent: %s%s}'
                '\n' % (self.fee, self.slippage, faults) +
                LIMITS.format(**w.limits))

    def change_weather(self, dice):
        self.weather = dice.choice(self.climate)
        self.world.faults += self.weather != ''
        self.configure()
        return self.weather or 'calm'

    def before_trade(self, dice):
        """On paper the weather is in the configuration."""
        return ''

    def calm(self):
        self.weather = ''
        self.configure()

    def at(self):
        pass

    def market(self, dice):
        """Candles up to now, by a walk of prices."""
        w = self.world
        for product in PRODUCTS:
            rows, price = [], self.prices[product]
            while self.known[product] + STEP <= w.now:
                if dice.random() < 0.6:
                    price += (price * Decimal(dice.randint(-40, 40)) /
                              1000).quantize(Decimal('0.01'))
                rows.append('%d,%s,%s,%s,%s,1' % (
                    self.known[product], price, price, price, price))
                self.known[product] += STEP
            self.prices[product] = price
            if rows:
                head = 'timestamp,open,high,low,close,volume'
                w.must('tb-sync', '-q', 'import', 'candles', '--product',
                       product, '--granularity', '5m', '--at', instant(w.now), '-',
                       text='\n'.join([head, *rows[-400:], '']),
                       allowed=(0, 6))
        return 'prices %s %s' % tuple(self.prices.values())

    def people(self, dice):
        """Money comes and goes."""
        amount = dice.choice(('50', '-12.5', '0.01'))
        status, _, _ = self.world.run(
            'tb-portfolio', 'flow', 'add', '--currency', 'USD',
            '--amount=' + amount, '--at', instant(self.world.now))
        return 'flow %s -> %d' % (amount, status)

    def moved_money(self):
        return False    # nothing moves it but the books' own flows

    # ------------------------------------------------------------- truth --

    def shelf(self):
        w = self.world
        if not os.path.exists(w.path('tb.db.paper')):
            return {}
        shutil.copy(w.path('tb.db.paper'), w.path('copy.paper'))
        db = sqlite3.connect(w.path('copy.paper'))
        rows = dict(db.execute('SELECT key, value FROM shelf'))
        db.close()
        return rows

    def truth(self):
        """Orders by id, and balances."""
        orders, balances = {}, collections.defaultdict(Decimal)
        for key, value in self.shelf().items():
            kind, _, name = key.partition('/')
            if kind == 'order':
                o = json.loads(value)
                orders[name] = {
                    'order_id': name, 'ours': True,
                    'client_order_id': o['client_order_id'],
                    'product_id': o['product_id'], 'side': o['side'],
                    'status': o['status'], 'sums': [
                        Decimal(o[k]) for k in
                        ('filled_size', 'filled_value', 'total_fees')],
                    'fills': {f['entry_id']: [Decimal(f[k]) for k in (
                        'size', 'value', 'fee')] for f in o['fills']}}
            elif kind == 'balance':
                balances[name] = Decimal(json.loads(value)['total'])
        return orders, {c: a for c, a in balances.items() if a != 0}
