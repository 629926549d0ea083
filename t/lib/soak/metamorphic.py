"""What may not matter does not: the same decisions make the same ledger,
permuted, in many runs, repeated, with members that nobody knows, or written
otherwise.

    metamorphic.py TOP BUILD VENUE FIRST COUNT

A line "ok WHAT" or "not WHAT" each goes to standard output, why to standard
error.
"""

import json
import os
import random
import shutil
import sys
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from books import Books, plain      # noqa: E402
from coinbase import Coinbase       # noqa: E402
from paper import Paper             # noqa: E402
from world import Failure, PRODUCTS, World, new_folder  # noqa: E402

TOP, BUILD, VENUE = sys.argv[1:4]
FIRST, COUNT = map(int, sys.argv[4:6])
TRADED = (0, 3, 4, 6, 65)


def decisions(dice):
    """A list of lines for each product; only their order counts.  None is
    refused for what came before it: a refusal is judged anew each time."""
    lists, serial = [], 0
    for product in PRODUCTS:
        lines, held = [], 0
        for _ in range(dice.randint(4, 9)):
            serial += 1
            sells = held > 30 and dice.random() < 0.5
            line = {'product_id': product, 'id': 'm%d' % serial,
                    'side': 'SELL' if sells else 'BUY',
                    'size_usd': dice.choice((10, 11.11)) if sells else
                    dice.choice((10, 11.11, 25, 30.5, 45, 9, 61))}
            if sells:
                held -= 13
            elif dice.random() < 0.2:
                line.update(type='limit', limit_price=3)
            elif 10 <= line['size_usd'] <= 60:
                held += line['size_usd'] * 0.9
            lines.append(line)
        lists.append(lines)
    return lists


def merged(dice, lists):
    """One list in which each keeps its order."""
    lists, out = [list(n) for n in lists], []
    while any(lists):
        out.append(dice.choice([n for n in lists if n]).pop(0))
    return out


def text(lines):
    return ''.join(json.dumps(n) + '\n' for n in lines)


def strange(dice, line):
    """The same, with members that nobody knows, in another order."""
    more = {'note': 'x' * dice.randint(0, 200), 'zz': [1, {'a': None}],
            'sizes_usd': 7, 'Side': 'none of ours', '': True}
    items = list({**line, **more}.items())
    dice.shuffle(items)
    return json.dumps(dict(items), indent=None, separators=(' ,', ' : '))


def otherwise(line):
    """The same amounts as texts, the side in other letters."""
    return json.dumps({**line, 'size_usd': '%s0e0' % Decimal(
        str(line['size_usd'])).quantize(Decimal('0.01')),
        'side': line['side'].lower(), 'type': line.get('type', 'market')})


class Run:
    """A fresh world of one seed, and what a way of asking makes of it."""

    def __init__(self, seed, ways):
        self.folder = new_folder()
        self.world = World(TOP, BUILD, self.folder, seed)
        self.world.limits.update(max_order='60', max_position='10000',
                                 max_orders_day=1000, max_daily_loss='1000')
        self.venue = {'paper': Paper, 'coinbase': Coinbase}[VENUE](self.world)
        if VENUE == 'coinbase':
            self.venue.still, self.venue.habits = True, {}
        try:
            self.venue.begin()
            for way in ways:
                self.world.must('tb-trade', text=way, allowed=TRADED)
            self.told = self.ledger()
            for _ in range(2):
                self.world.must('tb-sync', '-q', *self.venue.clean)
            self.again = self.ledger()
        finally:
            self.venue.end()
            shutil.rmtree(self.folder)

    def ledger(self):
        """By what was asked; ids, moments and their order are left out."""
        books = Books(self.world)
        sums = books.sums()
        orders = sorted(
            (r['dedupe_key'], r['client_order_id'], r['state'],
             r['product_id'], r['side'], r['reason'], r['attempts'],
             tuple(sums.get(r['order_id'], ())))
            for r in books.intents().values())
        out = [orders, plain([books.rows(
            'SELECT product_id, crypto_balance, usd_invested, realized_pnl,'
            ' fees, proceeds, costs FROM portfolio ORDER BY 1')]),
            sorted((r['product_id'], r['size'], r['size_left'], r['cost_left'])
                   for r in books.rows('SELECT * FROM lots')),
            sorted(books.balances().items())]
        books.close()
        return out


def ways(dice, lists):
    base = merged(dice, lists)
    yield 'permuted', [text(merged(dice, lists))]
    cuts = sorted(dice.sample(range(1, len(base)), min(5, len(base) - 1)))
    yield 'in many runs', [text(base[a:b]) for a, b in zip(
        [0, *cuts], [*cuts, len(base)])]
    repeated = []
    for n in base:
        repeated.append(n)
        if dice.random() < 0.5:
            repeated.append(dice.choice(repeated))
    yield 'with lines repeated', [text(repeated), text(base)]
    yield 'with members that nobody knows', [''.join(
        strange(dice, n) + '\n' for n in base)]
    yield 'written otherwise', [''.join(otherwise(n) + '\n' for n in base)]
    yield 'as one document', [json.dumps(base, indent=4)]
    yield 'a list a line', [json.dumps(base[:3]) + '\n' + text(base[3:])]


def main():
    for seed in range(FIRST, FIRST + COUNT):
        dice = random.Random(seed)
        lists = decisions(dice)
        wanted = Run(seed, [text(merged(dice, lists))])
        wrong = [] if wanted.again == wanted.told else ['asked again']
        for what, way in ways(dice, lists):
            try:
                run = Run(seed, way)
            except Failure as why:
                wrong.append('%s: %s' % (what, why))
                continue
            if run.told != wanted.told:
                wrong.append('%s: %s' % (what, [
                    (a, b) for x, y in zip(wanted.told, run.told)
                    for a, b in zip(x, y) if a != b]))
            if run.again != run.told:
                wrong.append(what + ', asked again')
        for why in wrong:
            print('seed %d: %s' % (seed, why), file=sys.stderr)
        print('not' if wrong else 'ok', '%s %d: %d decisions, %d orders' % (
            VENUE, seed, sum(map(len, lists)),
            sum(1 for r in wanted.told[0] if r[7])), flush=True)


main()
