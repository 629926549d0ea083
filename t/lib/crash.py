"""What the harnesses of kills share: points, counts, a stage with an exchange.

A harness kills a program at one of its system calls (t/lib/killat.c), lets
the tools recover, and asks what is wrong then.  Time is injected: nobody
waits for a window to pass.  Works in the current directory; not as root.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import traceback
from collections import Counter, defaultdict
from decimal import Decimal

from exchange import Exchange

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ['TB_BUILD']
BEGIN = 1767225600  # 2026-01-01
ALL = os.environ.get('TB_CRASH') == 'all'
LAST_MS = 60000     # longer is a hang
CLOCK = BUILD + '/t/clock.so'

CONFIG = """\
venue: coinbase
live: true
key_file: {here}/es256.json
program:
  path: {here}/venue
  arguments: [--base-url, "{url}", {door}]
rate: {{per_second: 500, per_hour: 100000}}
limits:
  max_order: 100
  max_position: 2000
  max_orders_day: 500
  max_daily_loss: 500
"""

# A venue's program is started with a clean environment.
VENUE = """\
#!/bin/sh
LD_PRELOAD={clock} TB_CLOCK={here}/clock KILLAT_REPORT={here}/venue-report \\
    exec {killat}{build}/tb-venue-coinbase "$@"
"""


def instant(seconds):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))


def write(name, text, mode=0o600):
    with open(name, 'w') as file:
        file.write(text)
    os.chmod(name, mode)


def points(total, sample):
    """Each call, before the kernel did its part; or a sample of them."""
    step = 1 if ALL else max(1, total // 2 // sample)
    return range(1, total + 1, 2 * step)


class Score:
    """What the faults of one row have done."""

    columns = ('doubled', 'lost', 'rows', 'unresolved')

    def __init__(self):
        self.faults = 0
        self.harm = Counter()

    def wrong(self, column, text):
        self.harm[column] += 1
        if sum(self.harm.values()) < 20:
            print('%s: %s' % (column, text), file=sys.stderr)

    def tally(self, tool, venue, setting):
        path = os.environ.get('TB_TALLY')
        if not path:
            return
        counts = [self.faults] + [self.harm[c] for c in self.columns]
        with open(path, 'a') as file:
            file.write('\t'.join([tool, venue, setting] +
                                 [str(n) for n in counts]) + '\n')


class Stage:
    """An empty folder, the time there, and tools that run in it."""

    def __init__(self, folder):
        self.here = os.path.abspath(folder)
        os.mkdir(self.here)
        self.environment = {
            'PATH': BUILD + ':' + BUILD + '/t:/usr/bin:/bin',
            'HOME': self.here, 'TB_DB': self.path('tb.db'),
            'TB_CONFIG': self.path('tb.yaml'),
            'TB_CLOCK': self.path('clock'), 'LD_PRELOAD': CLOCK,
            'KILLAT_REPORT': self.path('report')}
        self.answers = ''
        self.at(BEGIN)

    def path(self, name):
        return os.path.join(self.here, name)

    def at(self, now):
        """It is this late."""
        self.now = now
        write(self.path('clock'), str(now * 10**9 - time.time_ns()))

    def run(self, *command, stdin='', **more):
        """Its exit status; what it wrote is in self.out and self.err."""
        done = subprocess.run(
            command, input=stdin, text=True, capture_output=True,
            cwd=self.here, env={**self.environment, **more},
            timeout=LAST_MS / 1000)
        self.out, self.err = done.stdout, done.stderr
        return done.returncode

    def must(self, *command, **more):
        status = self.run(*command, **more)
        assert status == 0, (command, status, self.out, self.err)
        return self.out

    def report(self, name='report'):
        """(what killat did, at which stop)"""
        try:
            with open(self.path(name)) as file:
                what, stops = file.read().split()
            os.unlink(file.name)
            return what, int(stops)
        except FileNotFoundError:
            return 'nothing', 0

    def files(self):
        return [n for n in os.listdir(self.here) if n.startswith('tb.db') and
                os.path.isfile(self.path(n))]

    def keep(self):
        """These files of the database are what again() brings back."""
        self.kept = {}
        for name in self.files():
            with open(self.path(name), 'rb') as file:
                self.kept[name] = file.read()

    def again(self):
        for name in self.files():
            os.unlink(self.path(name))
        for name, content in self.kept.items():
            handle = os.open(self.path(name), os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(handle, content)
            os.close(handle)

    def ask(self, query):
        db = sqlite3.connect(self.path('tb.db'))
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    def sound(self, score, point):
        """check.sql and verify."""
        with open(TOP + '/share/check.sql') as check:
            told = subprocess.run(
                ['sqlite3', '-readonly', self.path('tb.db')], stdin=check,
                text=True, capture_output=True)
        for line in (told.stdout + told.stderr).splitlines():
            score.wrong('rows', '%s: check.sql: %s' % (point, line))
        if self.run('tb-portfolio', 'verify') != 0:
            score.wrong('rows', '%s: verify: %s' % (point, self.out))


class Live(Stage):
    """A stage with an exchange of its own, at the same time."""

    def __init__(self, folder, *options, tls=False):
        super().__init__(folder)
        os.environ['PATH'] = self.environment['PATH']
        key = self.path('es256.json')
        subprocess.run(['exchange', '--make-key', 'es256', key], check=True,
                       stdout=subprocess.DEVNULL)
        os.chdir(self.here)
        self.exchange = Exchange(
            *([] if tls else ['--plain']), '--price', 'BTC-USD=100',
            '--price', 'ETH-USD=100', '--account', 'USD=1000', '--now',
            instant(BEGIN), '--still', '--for', '36000', *options, key=key,
            log=self.path('requests'))
        self.link = self.exchange.open(60)
        self.at(BEGIN)
        door = '--ca-file, ' + self.exchange.ready['ca'] if tls else \
            '--insecure-loopback'
        write(self.path('tb.yaml'), CONFIG.format(
            here=self.here, door=door, url=self.exchange.ready['url']))
        self.killat(None)
        self.must('tb-migrate', 'init', '--venue', 'coinbase')
        self.must('tb-portfolio', 'flow', 'add', '--currency', 'USD',
                  '--amount', '1000', '--at', instant(BEGIN))
        self.must('tb-sync', 'products')

    def close(self):
        self.link.close()
        self.exchange.stop()

    def killat(self, stop):
        """At which stop the venue's program is killed; 0: it is counted;
        None: it is let be."""
        killat = '' if stop is None else BUILD + '/t/killat %d ' % stop
        write(self.path('venue'), VENUE.format(
            clock=CLOCK, here=self.here, build=BUILD, killat=killat), 0o700)

    def control(self, **what):
        answer = self.exchange.send('POST', '/_control', body=what,
                                    token=False, connection=self.link)
        assert answer.status == 200, answer.body
        return answer.json

    def at(self, now, **more):
        super().at(now)
        if hasattr(self, 'link'):
            self.control(now=instant(now), **more)

    def truth(self):
        """The exchange's own orders and fills."""
        orders, fills = {}, set()
        for row in self.control()['orders']:
            o = row['order']
            orders[o['order_id']] = (
                o['client_order_id'], o['product_id'], o['side'], o['status'],
                o['filled_size'], o['filled_value'], o['total_fees'])
            for e in row['executions']:
                fills.add((e['entry_id'], o['order_id'], e['price'],
                           e['quote'], e['commission']))
        return orders, fills

    def books(self):
        orders = {row[0]: row[1:] for row in self.ask(
            'SELECT order_id, client_order_id, product_id, side, status,'
            ' filled_size, filled_value, total_fees FROM orders')}
        fills = self.ask("SELECT entry_id, order_id, price, value, fee"
                         " FROM fills WHERE kind = 'fill'")
        return orders, fills

    def compare(self, score, point, per_decision=1, strangers=()):
        """Is every order in the books exactly once, and the other way round?
        Are the fills equal?"""
        there, there_fills = self.truth()
        here, fills = self.books()
        intents = self.ask('SELECT client_order_id, order_id, state, reason'
                           ' FROM intents')
        for id in there.keys() ^ here.keys():
            score.wrong('lost', '%s: order %s only %s' % (
                point, id, 'there' if id in there else 'here'))
        first = 0 if per_decision == 1 else 1   # a second order is a stranger
        for id in there.keys() & here.keys():
            if there[id][first:] != here[id][first:]:
                score.wrong('rows', '%s: order: %s, expected %s' % (
                    point, here[id], there[id]))
        known = {row[0] for row in intents}
        for client, n in Counter(o[0] for o in there.values()).items():
            if n > per_decision:
                score.wrong('doubled', '%s: %s: %d orders' % (
                    point, client, n))
            if client not in known and client not in strangers:
                score.wrong('lost', '%s: no intent of %s' % (point, client))
        for client, order, state, reason in intents:
            if order is not None and there.get(order, [''])[0] != client:
                score.wrong('lost', '%s: intent of no order: %s' % (
                    point, order))
            if state not in ('SETTLED', 'REJECTED', 'ABANDONED'):
                score.wrong('unresolved', '%s: %s' % (point, state))
        for row in there_fills ^ set(fills):
            score.wrong('rows', '%s: fill only %s: %s' % (
                point, 'there' if row in there_fills else 'here', row))
        if len(fills) != len(set(fills)):
            score.wrong('rows', '%s: a fill is there twice' % point)
        self.add_up(score, point, there)
        return there, intents

    def add_up(self, score, point, there):
        sums = defaultdict(lambda: [Decimal(0)] * 3)
        for id, *amounts in self.ask(
                'SELECT order_id, size, value, fee FROM fills'):
            sums[id] = [a + Decimal(b) for a, b in zip(sums[id], amounts)]
        for id, order in there.items():
            if sums[id] != [Decimal(t) for t in order[4:]]:
                score.wrong('rows', '%s: fills of %s: %s, expected %s' % (
                    point, id, sums[id], order[4:]))


def tell(sentence, work):
    """Do it; print the line of a verdict, and what went wrong before."""
    try:
        harm = work()
    except BaseException:
        sys.stderr.write(sentence + ':\n' + traceback.format_exc())
        harm = True
    print('%s %s' % ('not' if harm else 'ok', sentence), flush=True)


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder
