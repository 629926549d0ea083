"""Kill what needs no venue at each of its system calls: imports of tb-sync,
tb-migrate up, down, backup and restore, tb-trade on paper.  Run again it
comes to what it comes to undisturbed.

    crash-files.py NAME [WHAT ...]      of the folder; of the plans

A line "ok SENTENCE" or "not SENTENCE" each goes to standard output.
"""

import os
import re
import sqlite3
import sys

from crash import Score, Stage, fresh, points, tell, write

AT = '2025-09-11T10:35:12Z'
SAMPLE = 9  # points of a plan in make check
VOLATILE = re.compile(
    r"INSERT INTO \"?(schema_migrations\"? .*|"
    r"meta\"? VALUES\('(generation|restored)',.*)$")


def dump(path):
    """Every row that the clock or chance has no part in; None: no such file.
    A hot journal is played back by looking."""
    if not os.path.exists(path):
        return None
    db = sqlite3.connect(path)
    try:
        rows = {VOLATILE.sub('', line) for line in db.iterdump()}
        rows.add('version %d' % db.execute('PRAGMA user_version').fetchone())
        whole = db.execute('PRAGMA integrity_check').fetchall()
        return rows if whole == [('ok',)] else {'damaged: %s' % whole}
    finally:
        db.close()


def candles(path, count):
    with open(path, 'w') as file:
        file.write('timestamp,open,high,low,close,volume\n')
        for n in range(count):
            price = 40000 + n % 97
            file.write('%d,%d,%d,%d,%d.5,1.25\n' % (
                1757584800 - 300 * (count - n), price, price + 2, price - 2,
                price))


def trades(path, count):
    with open(path, 'w') as file:
        file.write('id,time,product,side,size,price,fee\n')
        for n in range(count):
            file.write('t%d,2025-09-0%dT%02d:00:00Z,BTC-USD,%s,0.0%d,%d,0.25\n'
                       % (n, 1 + n // 24, n % 24, 'SELL' if n % 4 == 3 else
                          'BUY', 1 + n % 3, 40000 + n))


class Plan:
    """tool: a row of the table; prepare(stage) makes the state before;
    steps: a kill may leave any version of the schema between; apart: it makes
    two files, one may be new already and the other not yet: the next run of
    the command, or of any that opens both, sees to it."""

    def __init__(self, tool, what, command, prepare=None, stdin='',
                 steps=False, target='tb.db', fault='', apart=False):
        self.tool, self.what, self.command = tool, what, command
        self.prepare, self.stdin, self.steps = prepare, stdin, steps
        self.target, self.fault, self.apart = target, fault, apart


def with_trades(stage):
    trades(stage.path('trades.csv'), 40)
    stage.must('tb-sync', 'import', 'trades', 'trades.csv')


def behind(stage):
    """A database of the first version, with rows."""
    with_trades(stage)
    stage.must('tb-migrate', 'down', '1')


def traded(stage):
    """Orders on paper too, which stand in a file of their own."""
    with_trades(stage)
    stage.must('tb-trade', '--at', AT, 'buy', 'BTC-USD', '50', '--id', 'w')


def copied(stage):
    """A copy, and trades since."""
    traded(stage)
    for name in ('copy.db', 'copy.db.paper'):
        if os.path.exists(stage.path(name)):
            os.unlink(stage.path(name))
    stage.must('tb-migrate', 'backup', 'copy.db')
    stage.must('tb-trade', '--at', AT, 'buy', 'BTC-USD', '50', '--id', 'x')


def files(stage):
    trades(stage.path('trades.csv'), 40)
    candles(stage.path('candles.csv'), 600)


LINES = ''.join(
    '{"product_id":"BTC-USD","side":"%s","size_usd":%d,"id":"%s"}\n' % row
    for row in (('BUY', 50, 'a'), ('BUY', 5000, 'b'), ('SELL', 20, 'c')))

PLANS = [
    Plan('tb-trade', 'three lines', ['tb-trade', '--at', AT], stdin=LINES,
         fault='fault 42: '),
    Plan('tb-sync import', 'candles', [
        'tb-sync', 'import', 'candles', '--product', 'BTC-USD',
        '--granularity', '5m', '--replace', 'candles.csv'], files),
    Plan('tb-sync import', 'trades', ['tb-sync', 'import', 'trades',
                                      'trades.csv'], files),
    Plan('tb-migrate', 'up', ['tb-migrate', 'up'], behind,
         steps=True, fault='fault 88: '),
    Plan('tb-migrate', 'down', ['tb-migrate', 'down', '1'], with_trades,
         steps=True, fault='fault 88: '),
    Plan('tb-migrate', 'backup', ['tb-migrate', 'backup', 'copy.db'],
         traded, target='copy.db', apart=True),
    Plan('tb-migrate', 'restore', ['tb-migrate', 'restore', 'copy.db'],
         copied, apart=True),
]


class Files:
    def __init__(self, stage, plan):
        self.stage, self.plan, self.score = stage, plan, Score()

    def state(self):
        """The rows of what the command makes, and of the database."""
        return tuple(dump(self.stage.path(name)) for name in sorted(
            {self.plan.target, self.plan.target + '.paper', 'tb.db',
             'tb.db.paper'}))

    def begin(self):
        self.stage.again()
        if self.plan.target != 'tb.db':
            for name in os.listdir(self.stage.here):
                if name.startswith(self.plan.target):
                    os.unlink(self.stage.path(name))

    def strike(self, stop):
        self.begin()
        self.stage.run('killat', str(stop), *self.plan.command,
                       stdin=self.plan.stdin)
        what, stops = self.stage.report()
        return stops if stop == 0 else what == 'killed'

    def run(self):
        return self.stage.run(*self.plan.command, stdin=self.plan.stdin)

    def known(self):
        """Every state that is whole: before, after, and between."""
        states = [self.state()]
        for version in range(2, self.stage.newest if self.plan.steps else 0):
            self.stage.again()
            self.stage.must(*self.plan.command[:2], str(version))
            states.append(self.state())
        self.begin()
        status = self.run()
        assert status in (0, 6), (status, self.stage.out, self.stage.err)
        return states + [self.state()]

    def differ(self, point, ours, expected):
        for one, other in zip(ours, expected):
            for row in (one or set()) ^ (other or set()):
                self.score.wrong('rows', '%s: %s' % (point, row[:200]))

    def paper(self, point):
        """Orders at the venue, in its own file: two of three were allowed."""
        db = sqlite3.connect(self.stage.path('tb.db.paper'))
        there = db.execute("SELECT count(*) FROM shelf WHERE key GLOB"
                           " 'order/*'").fetchone()[0]
        db.close()
        ours = self.stage.ask('SELECT state, count(*) FROM intents GROUP BY 1')
        if there > 2:
            self.score.wrong('doubled', '%s: %d orders' % (point, there))
        if there < 2:
            self.score.wrong('lost', '%s: %d orders' % (point, there))
        if ours != [('SETTLED', 2)]:
            self.score.wrong('unresolved', '%s: %s' % (point, ours))

    def whole(self, now, states):
        if not self.plan.apart:
            return now in states
        return all(one in column for one, column in zip(now, zip(*states)))

    def united(self, point):
        """Whoever opens both files finds them of one moment."""
        self.stage.run('tb-trade', '--at', AT, 'refresh')
        db = sqlite3.connect(self.stage.path('tb.db.paper'))
        there = db.execute("SELECT count(*) FROM shelf WHERE key GLOB"
                           " 'order/*'").fetchone()[0]
        db.close()
        ours = self.stage.ask('SELECT count(*) FROM intents')[0][0]
        if there != ours:
            self.score.wrong('unresolved', '%s: %d orders on paper, %d in the'
                             ' books' % (point, there, ours))

    def check(self, point, states):
        trading = self.plan.tool == 'tb-trade'
        now = self.state()
        if not trading and not self.whole(now, states):
            self.score.wrong('rows', '%s: neither old nor new: %s' % (
                point, sorted(os.listdir(self.stage.here))))
            self.differ(point, now, states[-1])
        if self.plan.apart:
            self.united(point)
        done = self.plan.tool != 'tb-trade' and now == states[-1]
        status = 0 if done else self.run()
        if status not in (0, 6):
            self.score.wrong('rows', '%s: again: %d: %s' % (
                point, status, self.stage.err))
        if trading:
            self.paper(point)
        else:
            self.differ(point, self.state(), states[-1])
        if self.plan.command[1] != 'down':
            self.stage.sound(self.score, point)

    def work(self):
        self.stage.again()
        if self.plan.prepare is not None:
            self.plan.prepare(self.stage)
        self.stage.keep()
        self.begin()
        states = self.known()
        total = self.strike(0)
        assert total > 100, (total, self.stage.out, self.stage.err)
        for stop in points(total, SAMPLE):
            if not self.strike(stop):
                continue    # it made fewer calls this time
            self.score.faults += 1
            self.check('killed at %d of %d' % (stop, total), states)
        self.score.tally(self.plan.tool, 'paper', self.plan.what)
        return self.score.harm or self.score.faults == 0


def main(name, only):
    stage = Stage(fresh(name))
    write(stage.path('tb.yaml'),
          'paper: {fee_percent: 0.5, slippage_percent: 0}\n')
    stage.must('tb-migrate', 'init', '--cash', '1000', '--at', '2025-09-01')
    candles(stage.path('candles.csv'), 12)
    stage.must('tb-sync', 'import', 'candles', '--product', 'BTC-USD',
               '--granularity', '5m', 'candles.csv')
    stage.newest = stage.ask('PRAGMA user_version')[0][0]
    stage.keep()
    start = stage.kept
    for plan in PLANS:
        stage.kept = start
        if not only or plan.what in only:
            tell('%s%s killed: %s' % (plan.fault, plan.tool, plan.what),
                 Files(stage, plan).work)


main(sys.argv[1], sys.argv[2:])
