"""Two runs at once, every schedule with one pre-emption: run A stands still at
one of its system calls, run B goes to its end or is told that somebody else is
at it, and A goes on; or A is killed then.

    crash-overlap.py WHAT       paper or live

Afterwards each is run once more, as cron would, and the books are compared
with the venue.  A line "ok SENTENCE" or "not SENTENCE" each goes to standard
output.
"""

import json
import os
import shlex
import sqlite3
import sys

from crash import (BEGIN, Live, Score, Stage, fresh, instant, points,
                   tell, write)

AT = '2025-09-11T10:35:12Z'
SAMPLE = 5      # points of a plan in make check
BUSY = 75
TRADE = ['tb-trade', '--at', AT]


def line(id, usd, **more):
    return json.dumps({'product_id': 'BTC-USD', 'side': 'BUY',
                       'size_usd': usd, 'id': id, **more}) + '\n'


def candles(path, count):
    with open(path, 'w') as file:
        file.write('timestamp,open,high,low,close,volume\n')
        for n in range(count):
            price = 40000 + 37 * n % 211
            file.write('%d,%d,%d,%d,%d,1\n' % (
                1757587800 - 300 * (count - n), price, price, price, price))


class Run:
    """A command, what it reads, and how its end may be."""

    def __init__(self, command, stdin='', ends=(0, 3)):
        self.command, self.stdin, self.ends = command, stdin, ends

    def text(self, name):
        """As a line of the shell; its output goes to NAME.out."""
        return '%s <%s.in >%s.out 2>%s.err; echo $? >%s.code' % (
            ' '.join(shlex.quote(w) for w in self.command),
            *[name] * 4)


class Pair:
    def __init__(self, stage, tool, what, a, b, orders, check=None):
        self.stage, self.tool, self.what = stage, tool, what
        self.a, self.b, self.orders, self.extra = a, b, orders, check

    def begin(self):
        self.stage.again()
        for name in os.listdir(self.stage.here):
            if name.startswith(('copy', 'b.')):
                os.unlink(self.stage.path(name))
        write(self.stage.path('b.in'), self.b.stdin)
        if isinstance(self.stage, Live):
            self.stage.at(BEGIN, reset=True, empty=True,
                          set={'deduplicate': False},
                          deposit={'currency': 'USD', 'amount': '1000'})

    def overlap(self, stop, kills):
        """Whether B was run in the middle of A; with stop 0 how long A is."""
        self.begin()
        b = 'TB_CLOCK_HASTY=1 TB_BUSY_MS=20; export TB_CLOCK_HASTY ' \
            'TB_BUSY_MS; ' + self.b.text('b')
        status = self.stage.run(
            'killat', *(['-k'] if kills else []), '-t', b, str(stop),
            *self.a.command, stdin=self.a.stdin)
        self.a_out = self.stage.out
        what, stops = self.stage.report()
        if stop == 0:
            return stops
        if what not in ('held', 'killed'):
            return False
        if not kills and status not in (*self.a.ends, BUSY):
            self.score.wrong('rows', '%s: A ended %d: %s' % (
                self.point, status, self.stage.err))
        with open(self.stage.path('b.code')) as file:
            self.b_status = int(file.read())
        if self.b_status not in (*self.b.ends, BUSY):
            with open(self.stage.path('b.err')) as file:
                self.score.wrong('rows', '%s: B ended %d: %s' % (
                    self.point, self.b_status, file.read()))
        return True

    def recover(self):
        if not isinstance(self.stage, Live):
            self.stage.run(*self.a.command, stdin=self.a.stdin)
            if self.b.command[1] != 'backup':
                self.stage.run(*self.b.command, stdin=self.b.stdin)
            return
        for seconds in (2, 60, 100, 130):
            self.stage.at(BEGIN + seconds)
            for run in (self.a, self.b):
                self.stage.run(*run.command, stdin=run.stdin)
            if self.stage.ask("SELECT count(*) FROM intents WHERE state NOT IN"
                              " ('SETTLED', 'REJECTED')") == [(0,)]:
                break
        self.stage.at(BEGIN + 5000)
        self.stage.run('tb-sync', '-q')

    def on_paper(self):
        if not os.path.exists(self.stage.path('tb.db.paper')):
            there = 0
        else:
            db = sqlite3.connect(self.stage.path('tb.db.paper'))
            there = db.execute("SELECT count(*) FROM shelf WHERE key GLOB"
                               " 'order/*'").fetchone()[0]
            db.close()
        ours = dict(self.stage.ask(
            'SELECT state, count(*) FROM intents GROUP BY 1'))
        if there != ours.get('SETTLED', 0):
            self.score.wrong('lost', '%s: %d orders: %s' % (
                self.point, there, ours))
        for state in ours.keys() - {'SETTLED', 'REJECTED', 'ABANDONED'}:
            self.score.wrong('unresolved', '%s: %s' % (self.point, ours))
        return there

    def check(self):
        if isinstance(self.stage, Live):
            there = len(self.stage.compare(self.score, self.point)[0])
        else:
            there = self.on_paper()
        if there != self.orders:
            self.score.wrong('doubled' if there > self.orders else 'lost',
                             '%s: %d orders' % (self.point, there))
        self.stage.sound(self.score, self.point)

    def work(self):
        self.score, self.point = Score(), 'alone'
        self.begin()
        if self.extra is not None:
            self.extra(self, True)
        total = self.overlap(0, False)
        assert total > 100, (total, self.stage.out, self.stage.err)
        for kills in (False, True):
            for stop in points(total, SAMPLE):
                self.point = 'A %s at %d of %d' % (
                    'killed' if kills else 'held', stop, total)
                if not self.overlap(stop, kills):
                    continue    # it made fewer calls this time
                self.score.faults += 1
                if self.extra is not None and not kills:
                    self.extra(self, False)
                self.recover()
                self.check()
        self.score.tally(self.tool, 'coinbase' if isinstance(
            self.stage, Live) else 'paper', self.what)
        return self.score.harm or self.score.faults == 0


def copy_is_whole(pair, first):
    """A backup is one moment: its orders are those of its paper venue."""
    path = pair.stage.path('copy.db')
    if first or not os.path.exists(path):
        return
    db = sqlite3.connect(path)
    ours = db.execute('SELECT count(*) FROM orders').fetchone()[0]
    db.close()
    there = 0
    if os.path.exists(path + '.paper'):
        db = sqlite3.connect(path + '.paper')
        there = db.execute("SELECT count(*) FROM shelf WHERE key GLOB"
                           " 'order/*'").fetchone()[0]
        db.close()
    if ours != there:
        pair.score.wrong('lost', '%s: %d orders in the copy, %d at its venue' %
                         (pair.point, ours, there))
    if pair.stage.run('tb-portfolio', '-d', path, 'verify') != 0:
        pair.score.wrong('rows', '%s: %s' % (pair.point, pair.stage.out))


def one_or_the_other(pair, first):
    """What tb-signal says is of before or of after, nothing between."""
    stage = pair.stage
    if first:
        pair.said = []
        for command in (pair.a.command, pair.b.command, pair.a.command):
            stage.must(*command)
            pair.said.append(stage.out)
        assert pair.said[0] != pair.said[2], pair.said
    elif pair.a_out and pair.a_out not in pair.said[::2]:
        pair.score.wrong('rows', '%s: %s' % (pair.point, pair.a_out))


BOTS = """\
bots:
  - name: B
    product_id: BTC-USD
    granularity: 5m
    status: RUNNING
    trade_size_usd: 25.00
    signals:
      rsi: {weight: 1.0, period: 2}
"""


def paper():
    stage = Stage(fresh('paper'))
    write(stage.path('tb.yaml'),
          'paper: {fee_percent: 0, slippage_percent: 0}\n')
    stage.must('tb-migrate', 'init', '--cash', '1000', '--at', '2025-09-01')
    candles(stage.path('candles.csv'), 120)
    candle = ['tb-sync', 'import', 'candles', '--product', 'BTC-USD',
              '--granularity', '5m', '--replace', 'candles.csv']
    stage.must(*candle)
    write(stage.path('bots.yaml'), BOTS)
    stage.must('tb-signal', 'load', 'bots.yaml', '--at', '2025-09-01')
    with open(stage.path('candles.csv'), 'a') as file:
        file.write('1757587800,40000,45000,40000,45000,1\n')
    stage.keep()
    same = Run(['tb-trade', '--lock-timeout', '0', '--at', AT],
               line('a', 50))
    other = Run(same.command, line('b', 600))
    backup = Run(['tb-migrate', 'backup', 'copy.db'])
    signal = Run(['tb-signal', '--at', '2025-09-11T10:55:12Z'], ends=(0,))
    return [
        Pair(stage, 'tb-trade, tb-trade', 'the same line',
             Run(TRADE, line('a', 50)), same, 1),
        Pair(stage, 'tb-trade, tb-trade', 'cash for one of two',
             Run(TRADE, line('a', 600)), other, 1),
        Pair(stage, 'tb-trade, tb-migrate backup', 'a copy of one moment',
             Run(TRADE, line('a', 50) + line('b', 60)), backup, 2,
             copy_is_whole),
        Pair(stage, 'tb-signal, tb-sync', 'a candle more', signal,
             Run(candle), 0, one_or_the_other),
    ]


def live(stage):
    stage.keep()
    first = line('a', 50, ts=instant(BEGIN))
    sync = Run(['tb-sync', '-q'], ends=(0,))
    quick = Run(['tb-trade', '--lock-timeout', '0'], first)
    return [
        Pair(stage, 'tb-trade, tb-sync', 'repeats new',
             Run(['tb-trade'], first), sync, 1),
        Pair(stage, 'tb-trade, tb-trade', 'the same line, repeats new',
             Run(['tb-trade'], first), quick, 1),
        Pair(stage, 'tb-sync, tb-sync', 'repeats new', sync, sync, 0),
    ]


def main(what):
    stage = Live(fresh(what)) if what == 'live' else None
    try:
        for pair in live(stage) if stage is not None else paper():
            tell('fault 30: %s at once, %s' % (pair.tool, pair.what),
                 pair.work)
    finally:
        if stage is not None:
            stage.close()


main(sys.argv[1])
