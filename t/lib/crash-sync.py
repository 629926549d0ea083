"""Kill tb-sync, the venue's program, or both at each of their system calls
while it learns of everything at once: candles of a running bot, an order whose
answer was lost, one that was filled meanwhile, and a stranger's; run it again;
compare the books with the exchange.

    crash-sync.py NAME          of the folder

A line "ok SENTENCE" or "not SENTENCE" each goes to standard output.
"""

import sys
import time

from crash import BEGIN, Live, Score, fresh, points, tell, write

BOTS = """\
bots:
  - name: B
    product_id: BTC-USD
    granularity: 5m
    status: RUNNING
    trade_size_usd: 25.00
    signals:
      rsi: {weight: 1.0, period: 14}
"""
LATE = BEGIN + 600      # tb-sync is run at
CALM = BEGIN + 5000
SAMPLE = 6              # points of a plan in make check
PLANS = [
    ('tool', 'as it should be', {}),
    ('tool', 'pages of two that overlap, fills twice',
     {'page_max': 2, 'page_overlap': True, 'repeat_fills': True}),
    ('tool', 'fees and settling late',
     {'fee_lag_ms': 4000000, 'settle_lag_ms': 4000000}),
    ('both', 'as it should be', {}),
    ('venue', 'as it should be', {}),
    # an order that never came: given up after three readings
    ('tool', 'an order never came', {}),
]
NAMES = {'tool': 'tb-sync', 'venue': 'tb-venue-coinbase under tb-sync',
         'both': 'tb-sync and its venue'}


def prepare(stage, settings, fault):
    """Books that are behind, and an exchange that is not."""
    stage.again()
    stage.at(BEGIN, reset=True, empty=True,
             set={'fill_parts': 2, **settings},
             fault=fault + ',method=POST,path=/orders,skip=1,times=1',
             deposit={'currency': 'USD', 'amount': '1000'})
    stage.must('tb-trade', 'buy', 'ETH-USD', '30', '--limit', '90')
    lost = stage.run('tb-trade', 'buy', 'BTC-USD', '40')
    assert lost == 5, (lost, stage.out, stage.err)
    stage.exchange.skew = stage.now - time.time()
    answer = stage.exchange.post('/orders', {
        'client_order_id': 'phone', 'product_id': 'BTC-USD', 'side': 'BUY',
        'order_configuration': {'market_market_ioc': {'quote_size': '12.34'}}})
    assert answer.json['success'], answer.body
    stage.control(price={'ETH-USD': '89'})
    stage.at(LATE)
    stage.keep()


class Sync:
    def __init__(self, stage, victim, name, settings):
        self.stage, self.victim, self.name = stage, victim, name
        self.settings, self.score = settings, Score()
        self.never = 'never' in name

    def strike(self, stop):
        stage, command = self.stage, ['tb-sync', '-q']
        stage.again()
        stage.at(LATE)
        if self.victim == 'venue':
            stage.killat(stop)
        else:
            both = ['-c'] if self.victim == 'both' else []
            command = ['killat', *both, str(stop), *command]
        stage.run(*command)
        stage.killat(None)
        what, stops = stage.report(
            'venue-report' if self.victim == 'venue' else 'report')
        return stops if stop == 0 else what == 'killed'

    def contents(self):
        return set(self.stage.ask(
            'SELECT product_id, granularity, start, open, high, low, close,'
            ' volume FROM candles'))

    def recover(self):
        for now in (LATE + 5, LATE + 100, CALM) if self.never else (CALM,):
            self.stage.at(now)
            self.stage.run('tb-sync', '-q')

    def check(self, point, expected):
        there, intents = self.stage.compare(self.score, point,
                                            strangers=('phone',))
        self.stage.sound(self.score, point)
        if len(there) != 3 - self.never or len(intents) != 2:
            self.score.wrong('lost', '%s: %s %s' % (point, there, intents))
        for row in self.contents() ^ expected:
            self.score.wrong('rows', '%s: candle %s' % (point, row))
        if self.stage.run('tb-trade', 'status') != 0:
            self.score.wrong('unresolved', '%s: %s' % (
                point, self.stage.out))

    def work(self):
        prepare(self.stage, self.settings,
                'status=503' if self.never else 'lose_answer')
        total = self.strike(0)
        self.recover()
        expected = self.contents()
        self.check('not killed', expected)
        assert total > 500 and len(expected) > 250, (
            total, len(expected), self.stage.out, self.stage.err)
        for stop in points(total, SAMPLE):
            if not self.strike(stop):
                continue    # it made fewer calls this time
            self.score.faults += 1
            self.recover()
            self.check('killed at %d of %d' % (stop, total), expected)
        self.score.tally(NAMES[self.victim], 'coinbase', self.name)
        if self.score.faults < len(points(total, SAMPLE)) // 2:
            print('only %d kills' % self.score.faults, file=sys.stderr)
            return True
        return self.score.harm


def main(name):
    stage = Live(fresh(name), '--generate', 'BTC-USD=95000')
    write('bots.yaml', BOTS)
    stage.must('tb-signal', 'load', 'bots.yaml')
    stage.keep()
    start = stage.kept
    try:
        for victim, what, settings in PLANS:
            stage.kept = start
            tell('%s killed, the exchange: %s' % (NAMES[victim], what),
                 Sync(stage, victim, what, settings).work)
    finally:
        stage.close()


main(sys.argv[1])
