"""Kill tb-trade, the venue's program, or both at each of their system calls,
live on the stand-in exchange; recover; compare the books with the exchange.

    crash-orders.py WHAT [PLAN ...]     one of WHAT, below

A line "ok SENTENCE" or "not SENTENCE" each goes to standard output.
"""

import json
import sys

from crash import BEGIN, Live, Score, fresh, instant, points, tell

ORDER = 'method=POST,path=/orders,times=1'
LATER = (2, 60, 100, 130, 190, 230, 290)  # s: when somebody tries again
CALM = 5000     # s: when everything that is late has come
SAMPLE = 4      # points of a plan in make check


class Plan:
    """A setting, what is asked in it, and what has to come of it."""

    def __init__(self, name, set=None, fault=None, lines=('BUY',),
                 again='tb-trade', want='one', per_decision=1, halted=False,
                 later=LATER):
        self.name, self.set = name, dict(set or {})
        self.fault = [fault + ',' + ORDER] if fault else []
        self.lines, self.again, self.want = lines, again, want
        self.per_decision, self.halted = per_decision, halted
        self.later = later

    def input(self):
        return ''.join(json.dumps({
            'product_id': 'BTC-USD', 'side': side, 'size_usd': 50 - 20 * n,
            'id': 'decision %d' % n, 'ts': instant(BEGIN)}) + '\n'
            for n, side in enumerate(self.lines))


FORGETS = {'deduplicate': False}
PLANS = [
    Plan('takes repeats as the old order'),
    Plan('takes repeats as new orders', FORGETS),
    Plan('answer lost', fault='lose_answer'),
    Plan('answer lost, repeats new', FORGETS, 'lose_answer'),
    Plan('answer lost, then only tb-sync', FORGETS, 'lose_answer',
         again='tb-sync', want='any'),
    Plan('listed 30 s late', {'visibility_ms': 30000}, 'lose_answer'),
    Plan('listed 30 s late, repeats new',
         {'visibility_ms': 30000, **FORGETS}, 'lose_answer'),
    Plan('listed after the window', {'visibility_ms': 400000},
         'lose_answer'),
    Plan('listed after it was given up, repeats new',
         {'visibility_ms': 2000000, **FORGETS}, 'lose_answer',
         later=(400, 500, 600, 700), want='any', halted=True),
    Plan('every order made twice', {'double_orders': True, **FORGETS},
         per_decision=2, halted=True),
    Plan('answered 502, served', FORGETS, 'served_status=502,body=html'),
    Plan('answered 503, not served', FORGETS, 'status=503'),
    Plan('three fills, fees late',
         {'fill_parts': 3, 'fee_lag_ms': 90000, 'fills_lag_ms': 60000,
          'settle_lag_ms': 120000, **FORGETS}),
    Plan('a BUY and a SELL, repeats new', FORGETS, lines=('BUY', 'SELL')),
    Plan('refuses', {'refuse': 'INSUFFICIENT_FUND'}, want='none'),
]
# What the death of the venue's program, or of both, is tried with.
FEW = ('takes repeats as the old order', 'takes repeats as new orders',
       'answer lost, repeats new', 'listed 30 s late, repeats new',
       'answer lost, then only tb-sync')


TOOLS = {'tool': 'tb-trade', 'venue': 'tb-venue-coinbase',
         'both': 'tb-trade and its venue', 'term': 'tb-trade, SIGTERM'}


class Orders:
    """A plan on a stage, with the one who is to die."""

    def __init__(self, stage, plan, victim):
        self.stage, self.plan, self.victim = stage, plan, victim
        self.venue = 'coinbase' if stage.exchange.tls is None else 'https'
        self.score = Score()

    def begin(self):
        self.stage.killat(None)
        self.stage.again()
        self.stage.at(BEGIN, reset=True, empty=True, set=self.plan.set,
                      fault=self.plan.fault,
                      deposit={'currency': 'USD', 'amount': '1000'})
        self.executed = set()

    def strike(self, stop):
        """Whether it was killed; with stop 0, how many stops there are."""
        command = ['tb-trade']
        if self.victim == 'venue':
            self.stage.killat(stop)
        else:
            how = {'both': ['-c'], 'term': ['-s', '15']}.get(self.victim, [])
            command = ['killat', *how, str(stop), *command]
        self.hear(self.stage.run(*command, stdin=self.plan.input()))
        self.stage.killat(None)
        what, stops = self.stage.report(
            'venue-report' if self.victim == 'venue' else 'report')
        return stops if stop == 0 else what in ('killed', 'held')

    def hear(self, status):
        """What was said to be executed has to be there in the end."""
        for line in self.stage.out.splitlines(keepends=True):
            if line.endswith('\n') and json.loads(line).get('trade_executed'):
                self.executed.add(json.loads(line)['trade']['order_id'])
        self.last = (status, self.stage.out)

    def ended(self, point):
        """Behind SIGTERM: what was begun was brought to its end, and told."""
        status, out = self.last
        if status not in (0, 143):
            self.score.wrong('rows', '%s: exit status %d' % (point, status))
        states = [row[0] for row in self.stage.ask(
            'SELECT state FROM intents')]
        for state in states:
            if state != 'SETTLED':
                self.score.wrong('unresolved', '%s: %s' % (point, state))
        if not len(states) == len(self.executed) == len(self.stage.truth()[0]):
            self.score.wrong('lost', '%s: %d intents: %s' % (
                point, len(states), out))

    def settled(self):
        states = [row[0] for row in self.stage.ask(
            'SELECT state FROM intents')]
        return len(states) == len(self.plan.lines) and all(
            s in ('SETTLED', 'REJECTED', 'ABANDONED') for s in states)

    def recover(self):
        for seconds in self.plan.later:
            self.stage.at(BEGIN + seconds)
            if self.plan.again == 'tb-sync':
                self.stage.run('tb-sync', '-q')
            else:
                self.hear(self.stage.run('tb-trade',
                                         stdin=self.plan.input()))
            if self.settled():
                break
        for seconds in range(CALM, CALM + 400, 100):
            self.stage.at(BEGIN + seconds, reset=True)
            self.stage.run('tb-sync', '-q')
            if self.settled():
                break

    def check(self, point):
        score, stage = self.score, self.stage
        there, intents = stage.compare(score, point, self.plan.per_decision)
        stage.sound(score, point)
        for id in self.executed - there.keys():
            score.wrong('lost', '%s: answered, not there: %s' % (point, id))
        count = len(self.plan.lines)
        decisions = len({o[0] for o in there.values()})
        if self.plan.want == 'one' and decisions != count:
            score.wrong('lost', '%s: %d of %d decisions have an order: %s' % (
                point, decisions, count, intents))
        if self.plan.want == 'none' and decisions != 0:
            score.wrong('rows', '%s: refused and there: %s' % (point, there))
        alarm = stage.run('tb-trade', 'status') != 0
        if alarm and not self.plan.halted:
            score.wrong('unresolved', '%s: an alarm: %s' % (point, stage.out))
        if not alarm and self.plan.per_decision > 1:
            score.wrong('rows', '%s: two orders and no alarm' % point)
        self.replay(point)

    def replay(self, point):
        """Each decision is answered again as what it was, nothing is sent."""
        before = len(self.stage.control()['orders'])
        self.stage.run('tb-trade', stdin=self.plan.input())
        after = len(self.stage.control()['orders'])
        if before != after:
            self.score.wrong('doubled', '%s: %d orders by a replay' % (
                point, after - before))
        told = self.stage.out.count('"replayed":true,"trade":{')
        if self.plan.want == 'one' and told != len(self.plan.lines):
            self.score.wrong('rows', '%s: replayed %d: %s' % (
                point, told, self.stage.out))

    def work(self):
        self.begin()
        total = self.strike(0)
        assert total > 500, (total, self.stage.out, self.stage.err)
        for stop in points(total, SAMPLE):
            self.begin()
            if not self.strike(stop):
                continue    # it made fewer calls this time
            self.score.faults += 1
            point = 'killed at %d of %d' % (stop, total)
            if self.victim == 'term':
                self.ended(point)
            self.recover()
            self.check(point)
        self.score.tally(TOOLS[self.victim], self.venue, self.plan.name)
        if self.score.faults < len(points(total, SAMPLE)) // 2:
            print('only %d kills' % self.score.faults, file=sys.stderr)
            return True
        return self.score.harm


# What: who dies, in which plans, whether over https.
WHAT = {
    'trade': ('tool', [plan.name for plan in PLANS], False),
    'venue': ('venue', FEW, False),
    'https': ('venue', ('answer lost, repeats new',), True),
    'both': ('both', FEW, False),
    'term': ('term', ('a BUY and a SELL, repeats new',), False),
}
SAID = {'tool': '42: tb-trade killed', 'term': '43: tb-trade, SIGTERM',
        'venue': "42: the venue's program killed",
        'both': "42: tb-trade and the venue's program killed"}


def main(what, only):
    """only: of these plans alone, where they are named."""
    victim, names, tls = WHAT[what]
    stage = Live(fresh(what), tls=tls)
    stage.keep()
    try:
        for plan in PLANS:
            if plan.name in (only or names):
                tell('fault %s, the exchange%s: %s' % (
                    SAID[victim], ' over https' if tls else '', plan.name),
                    Orders(stage, plan, victim).work)
    finally:
        stage.close()


main(sys.argv[1], sys.argv[2:])
