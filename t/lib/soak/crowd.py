"""Many processes of every tool on one database, at once.

    crowd.py TOP BUILD [--processes N] [--runs N | --for SECONDS] [--seed N]

Some are killed at any moment, backups are made, migrations looked at and run.
Nobody is shown a lock but the send lock; no update is lost, no limit is
overshot by a cent, every backup is whole.  Prints how long who waited.
"""

import argparse
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from books import Books     # noqa: E402
from world import new_folder    # noqa: E402

MAX_POSITION = Decimal('200.03')
MAX_ORDER = Decimal('50')
KILLED = 0.15
BUSY_S = 10             # the tools' patience with a locked database
LOCK_WORDS = 'another run is sending'
FAULTS = ['', '', '', 'lose-answer=1', 'lose-request=1', 'not-sent=1',
          'refuse=NO', 'fill-late=1', 'fill-part=0.3', 'hide=1']
CONFIG = """\
paper: {fee_percent: 0, slippage_percent: 0, faults: "%s"}
limits:
  max_order: %s
  max_position: %s
  max_orders_day: %d
  max_daily_loss: 500
"""
BOT = """\
bots:
  - name: Crowd
    product_id: BTC-USD
    granularity: 1d
    status: RUNNING
    trade_size_usd: 15
    buy_threshold: 0.01
    confirmation_minutes: 0
    cooldown_minutes: 0
    signals: {rsi: {weight: 1.0, period: 2, oversold: 30, overbought: 55}}
"""
# What a tool may answer when nothing is wrong.
ENDS = {'tb-trade': {0, 1, 3, 4, 5, 6, 7, 69, 75}, 'tb-sync': {0, 5, 75},
        'tb-portfolio': {0, 75}, 'tb-signal': {0, 1, 75},
        'tb-migrate': {0, 75}}


class Crowd:
    def __init__(self, top, build, seed, runs, seconds):
        self.top, self.folder, self.seed = top, new_folder(), seed
        self.left, self.end = runs, time.monotonic() + seconds
        self.timed = seconds > 0
        self.mutex = threading.Lock()
        self.waits = collections.defaultdict(list)
        self.ends = collections.defaultdict(collections.Counter)
        self.killed, self.wrong = 0, []
        self.flows, self.maybe_flows = set(), set()
        self.told, self.backups = {}, []
        self.serial = 0
        self.environment = {
            'PATH': build + ':/usr/bin:/bin', 'HOME': self.folder,
            'TB_DB': self.path('tb.db'), 'LC_ALL': 'C', 'TZ': 'UTC'}
        self.orders_day = 100000 if self.timed else max(20, runs // 8)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), 'w') as file:
            file.write(text)

    def must(self, *argv, text=''):
        done = subprocess.run(argv, env=self.environment, input=text,
                              capture_output=True, text=True,
                              cwd=self.folder)
        if done.returncode != 0:
            self.wrong.append('%s: exit status %d: %s%s' % (
                argv, done.returncode, done.stdout[-500:],
                done.stderr[-500:]))
        return done.stdout

    def begin(self):
        for n, fault in enumerate(FAULTS):
            self.write('tb-%d.yaml' % n, CONFIG % (
                fault, MAX_ORDER, MAX_POSITION, self.orders_day))
        self.write('bots.yaml', BOT)
        self.must('tb-migrate', 'init', '--cash', '10000', '--at',
                  '2026-01-01')
        self.write('candles.csv', self.candles(60))
        for product in ('BTC-USD', 'ETH-USD'):
            self.must('tb-sync', 'import', 'candles', '--product', product,
                      '--granularity', '1d', 'candles.csv')
        self.must('tb-signal', 'load', 'bots.yaml')

    @staticmethod
    def candles(days):
        """All at 100, so that what is held is worth what was paid."""
        first = int(time.time()) // 86400 - days
        return 'timestamp,open,high,low,close,volume\n' + ''.join(
            '%d,100,%d,99,100,1\n' % ((first + n) * 86400, 101 + n % 3)
            for n in range(days))

    # ----------------------------------------------------------- what runs --

    def command(self, dice):
        """A tool, its arguments, its input; and what it is to be judged by."""
        kind = dice.choices(
            ('lines', 'signal', 'list', 'refresh', 'cancel', 'reconcile',
             'import', 'overview', 'verify', 'rebuild', 'flow', 'pnl',
             'status', 'check', 'backup', 'up', 'evaluate', 'bot'),
            (30, 6, 5, 4, 3, 5, 4, 6, 2, 2, 6, 4, 2, 1, 2, 3, 6, 2))[0]
        config = ['--config', self.path('tb-%d.yaml' % dice.randrange(
            len(FAULTS)))]
        with self.mutex:
            self.serial += 1
            serial = self.serial
        if kind == 'lines':
            return kind, ['tb-trade', *config], ''.join(
                self.line(dice, serial, n) for n in range(dice.choice(
                    (1, 1, 2, 3)))), serial
        if kind == 'flow':
            return kind, ['tb-portfolio', 'flow', 'add', '--currency', 'USD',
                          '--amount', '0.%09d' % serial, '--at', 'now'], '', \
                serial
        if kind == 'backup':
            return kind, ['tb-migrate', 'backup', self.path(
                'kept-%d.db' % serial)], '', serial
        return kind, {
            'signal': ['tb-signal'], 'list': ['tb-trade', 'list'],
            'evaluate': ['tb-signal', 'explain', 'Crowd'],
            'bot': ['tb-signal', 'bot', 'set', 'Crowd', 'trade_size_usd=%d' %
                    dice.randint(10, 20)],
            'refresh': ['tb-trade', 'refresh', *config],
            'cancel': ['tb-trade', 'cancel', *config, str(
                dice.randint(1, max(2, serial // 3)))],
            'reconcile': ['tb-sync', 'reconcile', *config],
            'import': ['tb-sync', 'import', 'candles', '--product',
                       dice.choice(('BTC-USD', 'ETH-USD')), '--granularity',
                       '1d', self.path('candles.csv')],
            'overview': ['tb-portfolio'], 'verify': ['tb-portfolio', 'verify'],
            'rebuild': ['tb-portfolio', 'rebuild'],
            'pnl': ['tb-portfolio', 'pnl'], 'status': ['tb-migrate'],
            'check': ['tb-migrate', 'check'], 'up': ['tb-migrate', 'up'],
        }[kind], '', serial

    @staticmethod
    def line(dice, serial, n):
        """Often one that somebody else asks for at the same time."""
        id = 'c%d' % (serial if dice.random() < 0.7 else
                      max(1, serial - dice.randint(0, 8))) + 'abc'[n]
        chance = random.Random(id)      # the same id asks for the same
        line = {'id': id,
                'product_id': chance.choice(('BTC-USD', 'ETH-USD')),
                'side': chance.choice(('BUY', 'BUY', 'SELL')),
                'size_usd': chance.choice((10, 17.77, 33.34, 50, 50.01))}
        if chance.random() < 0.15:
            line.update(type='limit', limit_price=chance.choice((90, 100)))
        return json.dumps(line) + '\n'

    def work(self, number):
        dice = random.Random('%d/%d' % (self.seed, number))
        errors = self.path('err-%d' % number)
        while self.goes_on():
            try:
                self.one(dice, errors)
            except Exception as why:    # of this program itself
                self.wrong.append(repr(why))
                return

    def goes_on(self):
        if self.timed:
            return time.monotonic() < self.end
        with self.mutex:
            self.left -= 1
            return self.left >= 0

    def one(self, dice, errors):
        kind, argv, text, serial = self.command(dice)
        begun = time.monotonic()
        with open(errors, 'w') as err:
            child = subprocess.Popen(
                argv, env=self.environment, cwd=self.folder, stderr=err,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            child.stdin.write(text.encode())
            child.stdin.close()
        except BrokenPipeError:
            pass
        kills = dice.random() < KILLED
        if kills:
            time.sleep(dice.expovariate(50))
            os.kill(child.pid, signal.SIGKILL)
        out = child.stdout.read().decode()
        child.stdout.close()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - begun
        with open(errors) as err:
            said = err.read()
        with self.mutex:
            self.judge(kind, argv, serial, child.returncode, out, said, took)
            if not kills:
                self.waits[argv[0]].append(
                    max(0, took - used.ru_utime - used.ru_stime))

    def judge(self, kind, argv, serial, code, out, said, took):
        name = argv[0]
        self.ends[name][code] += 1
        self.killed += code == -9
        if kind == 'flow' and code in (0, -9):
            (self.flows if code == 0 else self.maybe_flows).add(serial)
        if kind == 'backup' and code == 0:
            self.backups.append(argv[2])
        if kind == 'lines':
            for line in out.splitlines(keepends=True):
                told = json.loads(line) if line.endswith('\n') else {}
                if told.get('trade_executed'):
                    self.told[told['trade']['order_id']] = told['id']
        if code == -9:
            return
        if code not in ENDS[name] or (
                code == 75 and (LOCK_WORDS not in said or name ==
                                'tb-portfolio')):
            self.wrong.append('%s after %.1f s: exit status %d: %s%s' % (
                ' '.join(argv), took, code, out[-400:], said[-400:]))

    # -------------------------------------------------------------- after --

    def settle(self):
        calm = ['--config', self.path('tb-0.yaml')]
        self.must('tb-migrate', 'check')
        for _ in range(3):      # what is late fills, what is hidden is seen
            subprocess.run(['tb-sync', '-q', 'reconcile', *calm],
                           env=self.environment, cwd=self.folder,
                           capture_output=True)
        self.must('tb-sync', '-q', 'reconcile', *calm)

    def compare(self):
        self.whole('tb.db')
        books = Books(self)
        orders = {r['order_id']: r for r in books.rows('SELECT * FROM orders')}
        self.wrong += ['told, but not there: %s (%s)' % t
                       for t in self.told.items() if t[0] not in orders]
        self.count_flows(books)
        self.limits(books)
        books.close()
        for file in self.backups:
            self.whole(os.path.basename(file))

    def whole(self, name):
        """No invariant is broken, and the venue has the same orders."""
        with open(os.path.join(self.top, 'share/check.sql')) as file:
            out = self.must('sqlite3', '-readonly', name, text=file.read())
        if out:
            self.wrong.append('%s: check.sql: %s' % (name, out))
        self.must('tb-portfolio', '-d', name, 'verify')
        books, shelf = Books(self, name), {}
        if os.path.exists(self.path(name + '.paper')):
            shelf = self.shelf(name)
        sums = books.sums()
        for r in books.rows('SELECT * FROM orders'):
            there = shelf.pop(r['order_id'], None)
            if there is None or r['settled'] and there != sums.get(
                    r['order_id'], [Decimal(0)] * 3):
                self.wrong.append('%s: order %s: %s there' % (
                    name, tuple(r), there))
        unknown = books.one("SELECT count(*) FROM intents WHERE state IN"
                            " ('SENDING', 'UNKNOWN')")
        if len(shelf) > unknown:
            self.wrong.append('%s: only there: %s' % (name, list(shelf)))
        books.close()

    def shelf(self, name):
        books = Books(self, name + '.paper')
        rows = books.rows("SELECT * FROM shelf WHERE key GLOB 'order/*'")
        books.close()
        out, ids = {}, collections.Counter()
        for r in rows:
            o = json.loads(r['value'])
            ids[o['client_order_id']] += 1
            out[r['key'].partition('/')[2]] = [Decimal(o[k]) for k in (
                'filled_size', 'filled_value', 'total_fees')]
        self.wrong += ['two orders of %s' % i for i, n in ids.items() if n > 1]
        return out

    def count_flows(self, books):
        """No update is lost, none is there twice."""
        there = collections.Counter(
            int(Decimal(r['amount']) * 10**9) for r in books.rows(
                "SELECT amount FROM cash_flows WHERE amount GLOB '0.*'"))
        self.wrong += ['flow %d is lost' % n for n in self.flows
                       if n not in there]
        self.wrong += ['flow %d is there %d times' % (n, c)
                       for n, c in there.items() if c > 1 or
                       n not in self.flows | self.maybe_flows]

    def limits(self, books):
        """In the order of sending: never over a limit, not by a cent."""
        sums, held = books.sums(), collections.defaultdict(Decimal)
        intents, days = books.intents(), collections.Counter()
        for e in books.rows("SELECT intent_id, max(id) AS id FROM"
                            " intent_events WHERE dst = 'SENDING' GROUP BY 1"
                            " ORDER BY 2"):
            i = intents[e['intent_id']]
            _, value, _ = sums.get(i['order_id'], (0, Decimal(0), 0))
            if i['state'] not in ('REJECTED', 'ABANDONED'):
                days[i['created_at'][:10]] += 1
            if i['side'] == 'BUY' and value > MAX_ORDER:
                self.wrong.append('intent %d: %s, over max_order' % (
                    i['id'], value))
            held[i['product_id']] += value if i['side'] == 'BUY' else -value
            if held[i['product_id']] > MAX_POSITION:
                self.wrong.append('intent %d: %s of %s held' % (
                    i['id'], held[i['product_id']], i['product_id']))
            self.most = max(self.most, held[i['product_id']])
        if any(n > self.orders_day for n in days.values()):
            self.wrong.append('orders of a day: %s' % dict(days))
        self.orders = len(sums)

    most = Decimal(0)
    orders = 0

    def report(self, processes, seconds):
        runs = sum(sum(c.values()) for c in self.ends.values())
        print('%d processes, %d runs in %d s, %d of them killed; %d orders,'
              ' at most %s of %s held, %d backups, %d flows' % (
                  processes, runs, seconds, self.killed, self.orders,
                  self.most, MAX_POSITION, len(self.backups),
                  len(self.flows)))
        print('%-13s %7s %8s %8s %8s  exit statuses' % (
            'waited, ms', 'runs', 'p50', 'p99', 'max'))
        for name, waits in sorted(self.waits.items()):
            waits = sorted(w * 1000 for w in waits)
            print('%-13s %7d %8.1f %8.1f %8.1f  %s' % (
                name, len(waits), waits[len(waits) // 2],
                waits[len(waits) * 99 // 100], waits[-1],
                dict(sorted(self.ends[name].items()))))


def tally(crowd):
    path = os.environ.get('TB_TALLY')
    if path:
        count = [sum(word in w for w in crowd.wrong) for word in (
            'two orders', 'told', 'lost')]
        with open(path, 'a') as file:
            file.write('\t'.join(map(str, (
                'all tools', 'paper', 'crowd', crowd.killed, *count, 0))) +
                '\n')


def main():
    p = argparse.ArgumentParser()
    p.add_argument('top')
    p.add_argument('build')
    p.add_argument('--processes', type=int, default=64)
    p.add_argument('--runs', type=int, default=600)
    p.add_argument('--for', type=float, default=0, dest='seconds')
    p.add_argument('--seed', type=int, default=1)
    o = p.parse_args()
    crowd = Crowd(o.top, o.build, o.seed, o.runs, o.seconds)
    os.environ['PATH'] = crowd.environment['PATH']
    begun = time.monotonic()
    try:
        crowd.begin()
        workers = [threading.Thread(target=crowd.work, args=(n,))
                   for n in range(o.processes)]
        for w in workers:
            w.start()
        for w in workers:
            w.join()
        took = time.monotonic() - begun
        crowd.settle()
        crowd.compare()
    finally:
        shutil.rmtree(crowd.folder, ignore_errors=True)
    crowd.report(o.processes, took)
    tally(crowd)
    for why in crowd.wrong[:40]:
        print('wrong: ' + why)
    print('%d wrong' % len(crowd.wrong))
    return 1 if crowd.wrong else 0


sys.exit(main())
