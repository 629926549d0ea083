"""make demo-live: the line of cron, live, on an exchange that misbehaves.

    live.py TOP BUILD [TICKS [SEED]]

Starts the stand-in exchange on loopback, syncs a month of candles, and runs
"tb-sync -q && tb-signal | tb-trade" once for every five minutes of some hours
that are over within seconds: build/t/clock.so shows the tools the time.  At
each tick something else goes wrong, and some are killed; meanwhile somebody
trades by telephone, and limit orders wait.  In the end the books must be
what the exchange has: order by order, fill by fill, to the last digit.

Works in the current directory, which is empty; not as root.
"""

import collections
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from decimal import Decimal

TOP, BUILD = sys.argv[1:3]
TICKS = int(sys.argv[3]) if len(sys.argv) > 3 else 144
SEED = sys.argv[4] if len(sys.argv) > 4 else '7'
sys.path.insert(0, TOP + '/t/lib')
from exchange import Exchange  # noqa: E402

BEGIN = 1767225600      # 2026-01-01
STEP = 300
MONTH = 30 * 86400
KILLED = 0.15           # of the ticks
CRON = 'tb-sync -q && tb-signal | tb-trade'

CONFIG = """\
venue: coinbase
live: true
key_file: {here}/es256.json
program:
  path: {here}/venue
  arguments: [--base-url, "https://{host}", --ca-file, {here}/{ca}]
rate: {{per_second: 500, per_hour: 100000}}
limits:
  max_order: 100
  max_position: 2000
  max_orders_day: 500
  max_daily_loss: 500
"""

# The program of the venue is started with a clean environment.
VENUE = """\
#!/bin/sh
LD_PRELOAD={build}/t/clock.so TB_CLOCK={here}/clock \\
    exec {build}/tb-venue-coinbase "$@"
"""

ORDER = 'method=POST,path=/orders,times=1'
# What a tick may meet: faults of the connection, and settings.
WEATHER = [
    ([], {}), ([], {}),
    (['lose_answer,' + ORDER], {}),
    (['reset,' + ORDER], {}),
    (['served_status=502,body=html,' + ORDER], {}),
    (['cut_before,' + ORDER], {}),
    (['status=503,' + ORDER], {}),
    (['html,' + ORDER], {}),
    (['truncate,' + ORDER], {}),
    (['unauthorized,times=1'], {}),
    (['status=429,body=html,retry_after=1,path=/accounts,times=1'], {}),
    (['status=500,path=/orders/historical/*,times=2'], {}),
    (['lose_answer,path=/orders/historical/fills,times=3'], {}),
    ([], {'fill_parts': 3}),
    ([], {'fill_part': '0.4'}),
    ([], {'fill_delay_ms': 2000}),
    ([], {'fills_lag_ms': 400000}),
    ([], {'fee_lag_ms': 400000}),
    ([], {'visibility_ms': 30000}),
    (['lose_answer,' + ORDER], {'visibility_ms': 400000}),
    ([], {'page_max': 3, 'page_overlap': True}),
    ([], {'repeat_fills': True, 'reverse_fills': True}),
    ([], {'same_trade_id': True, 'fill_parts': 2}),
    ([], {'extra_members': True, 'nulls': True, 'numbers': True}),
    ([], {'cancel_message': 'Internal error', 'settle_lag_ms': 400000}),
    ([], {'refuse': 'INSUFFICIENT_FUND'}),
    ([], {'refuse': 'A_REASON_OF_NEXT_YEAR'}),
]


def instant(seconds):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))


def write(name, text, mode=0o600):
    with open(name, 'w') as file:
        file.write(text)
    os.chmod(name, mode)


class Stage:
    """The exchange, the books, and the time of both."""

    def __init__(self):
        here = os.getcwd()
        self.environment = {
            'PATH': BUILD + ':' + BUILD + '/t:/usr/bin:/bin',
            'HOME': here, 'TB_DB': here + '/tb.db',
            'TB_CONFIG': here + '/tb.yaml', 'TB_CLOCK': here + '/clock'}
        os.environ['PATH'] = self.environment['PATH']
        subprocess.run(['exchange', '--make-key', 'es256', 'es256.json'],
                       check=True)
        self.exchange = Exchange(
            '--seed', SEED, '--generate', 'BTC-USD=95000', '--generate',
            'SOL-USD=180', '--account', 'USD=10000', '--now', instant(BEGIN),
            '--still', '--for', '3000')
        write('tb.yaml', CONFIG.format(here=here, host=self.exchange.host,
                                       ca=self.exchange.ready['ca']))
        write('venue', VENUE.format(build=BUILD, here=here), 0o700)
        self.link = self.exchange.open()
        self.now = BEGIN

    def control(self, **what):
        answer = self.exchange.send('POST', '/_control', body=what,
                                    token=False, connection=self.link)
        assert answer.status == 200, answer.body
        return answer.json

    def at(self, now, **more):
        """It is this late, for both sides."""
        self.now = now
        self.control(now=instant(now), **more)
        write('clock', str(now * 10**9 - time.time_ns()))

    def sh(self, command, show=True, kill_after=None):
        """Run it as cron would; its exit status and what it wrote."""
        if show:
            print('$ ' + command, flush=True)
        clock = 'export LD_PRELOAD=%s/t/clock.so; ' % BUILD
        child = subprocess.Popen(['sh', '-c', clock + command],
                                 env=self.environment, text=True,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE,
                                 start_new_session=True)
        try:
            out, err = child.communicate(timeout=kill_after)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
        if show:
            print(out + err, end='\n', flush=True)
        return child.returncode, out, err

    def must(self, command):
        status, out, err = self.sh(command)
        if status != 0:
            sys.exit('live: %s: exit status %d' % (command, status))
        return out


def people(stage, dice):
    """What people do meanwhile: an order elsewhere, one that waits here."""
    what = dice.random()
    if what < 0.05:
        stage.exchange.skew = stage.now - time.time()
        answer = stage.exchange.post('/orders', {
            'client_order_id': 'phone-%d' % stage.now,
            'product_id': 'BTC-USD', 'side': 'BUY', 'order_configuration': {
                'market_market_ioc': {'quote_size': '12.34'}}})
        assert answer.json['success'], answer.body
    elif what < 0.10:
        price = stage.exchange.open_get('/market/products/SOL-USD')
        low = Decimal(price.json['price']) * Decimal(dice.choice(
            ('0.9', '0.999')))
        stage.sh('tb-trade buy SOL-USD 20 --limit %s' %
                 low.quantize(Decimal('0.01')), show=False)


def trade(stage, dice):
    """All ticks; how they ended, and what was answered."""
    ends, answers = collections.Counter(), collections.Counter()
    log = open('ticks.log', 'w')
    for tick in range(TICKS):
        faults, settings = dice.choice(WEATHER)
        stage.at(stage.now + STEP, reset=True)
        people(stage, dice)
        stage.control(fault=faults, set=settings)
        kill_after = dice.uniform(0.01, 0.15) if dice.random() < KILLED \
            else None
        status, out, err = stage.sh(CRON, False, kill_after)
        ends[status] += 1
        for line in out.splitlines(keepends=True):
            if not line.endswith('\n'):
                continue    # it was killed
            told = json.loads(line)
            word = told.get('reason') or 'executed'
            answers[word] += 1
        log.write('%s %s %s: %d\n%s%s' % (instant(stage.now), faults, settings,
                                          status, out, err))
    print('exit statuses:', dict(sorted(ends.items())))
    print('answers:', dict(answers.most_common()), end='\n\n')
    return answers


def settle(stage):
    """Calm weather, until nothing is left to be asked."""
    stage.at(stage.now + STEP, reset=True)
    stage.sh('tb-sync -q', show=False)
    _, out, _ = stage.sh('tb-trade list -o ndjson', show=False)
    for line in out.splitlines():
        told = json.loads(line)
        if told['status'] == 'pending':
            stage.sh('tb-trade cancel %s' % told['id'], show=False)
    for _ in range(4):
        stage.at(stage.now + STEP, reset=True)
        stage.sh('tb-sync -q', show=False)
    return stage.must('tb-sync reconcile')


def venue_side(stage):
    orders, fills = set(), set()
    for row in stage.control()['orders']:
        o = row['order']
        orders.add((o['order_id'], o['client_order_id'], o['product_id'],
                    o['side'], o['status'], o['filled_size'],
                    o['filled_value'], o['total_fees']))
        for e in row['executions']:
            fills.add((e['entry_id'], o['order_id'], e['price'], e['quote'],
                       e['commission']))
    return orders, fills


def book_side():
    db = sqlite3.connect('file:tb.db?mode=ro', uri=True)
    orders = set(db.execute(
        'SELECT order_id, client_order_id, product_id, side, status,'
        ' filled_size, filled_value, total_fees FROM orders'))
    fills = set(db.execute(
        "SELECT entry_id, order_id, price, value, fee FROM fills"
        " WHERE kind = 'fill'"))
    sums = collections.defaultdict(lambda: [Decimal(0)] * 3)
    for id, *amounts in db.execute(
            'SELECT order_id, size, value, fee FROM fills'):
        sums[id] = [a + Decimal(b) for a, b in zip(sums[id], amounts)]
    twice = db.execute('SELECT client_order_id FROM intents GROUP BY 1'
                       ' HAVING count(*) > 1').fetchall()
    return orders, fills, sums, twice


def compare(stage):
    """Are the books the exchange's?  Says what differs."""
    there, there_fills = venue_side(stage)
    here, here_fills, sums, twice = book_side()
    wrong = ['only there: %s' % (r,) for r in there - here] + \
        ['only here: %s' % (r,) for r in here - there] + \
        ['fill only there: %s' % (r,) for r in there_fills - here_fills] + \
        ['fill only here: %s' % (r,) for r in here_fills - there_fills] + \
        ['used twice: %s' % (r,) for r in twice]
    for o in there:
        told = [Decimal(t) for t in o[5:]]
        if sums[o[0]] != told:
            wrong.append('fills of %s: %s, expected %s' % (
                o[0], sums[o[0]], told))
    ids = [o[1] for o in there]
    if len(ids) != len(set(ids)):
        wrong.append('an order was placed twice')
    print('%d orders and %d fills at the exchange, %d and %d in the books: %s'
          % (len(there), len(there_fills), len(here), len(here_fills),
             'equal, to the last digit' if not wrong else 'DIFFERENT'))
    return wrong


def main():
    stage = Stage()
    try:
        stage.at(BEGIN)
        stage.must('tb-migrate init --venue coinbase -o table')
        stage.must('tb-portfolio flow add --currency USD --amount 10000'
                   ' --at %s -o table' % instant(BEGIN))
        stage.must('tb-sync products -o table')
        for product in ('BTC-USD', 'SOL-USD'):
            stage.must('tb-sync candles %s --granularity 5m --since %s'
                       ' -o table' % (product, instant(BEGIN - MONTH)))
        stage.must('tb-signal load %s/share/demo/live-bots.yaml -o table' %
                   TOP)
        print("$ %s  # %d times, each with another fault" %
              (CRON, TICKS))
        trade(stage, random.Random(SEED))
        settle(stage)
        stage.must('tb-portfolio -o table')
        stage.must('tb-portfolio verify -o table')
        wrong = compare(stage)
        print('\n'.join(wrong))
        return 1 if wrong else 0
    finally:
        stage.link.close()
        stage.exchange.stop()


sys.exit(main())
