"""Coinbase, which is the stand-in exchange: its true books are the truth."""

import os
import time
from decimal import Decimal

from exchange import Exchange
from world import BEGIN, BOTS, LIMITS, PRODUCTS, instant

ORDER = 'method=POST,path=/orders,times=1'

CONFIG = """\
live: true
key_file: {folder}/es256.json
program:
  path: {folder}/venue
  arguments: [--base-url, "https://{host}", --ca-file, {ca}]
rate: {{per_second: 500, per_hour: 100000}}
"""

# The program of the venue begins with a clean environment; where a step says
# so, it is killed at a system call of its own.
VENUE = """\
#!/bin/sh
at=$(cat {folder}/kill-venue)
export LD_PRELOAD={build}/t/clock.so TB_CLOCK={folder}/clock
exec ${{at:+{build}/t/killat -e $at}} {build}/tb-venue-coinbase "$@"
"""

WEATHER = [
    (['lose_answer,' + ORDER], {}),
    (['reset,' + ORDER], {}),
    (['served_status=502,body=html,' + ORDER], {}),
    (['served_status=429,' + ORDER], {}),
    (['cut_before,' + ORDER], {}),
    (['reset_before,' + ORDER], {}),
    (['status=503,' + ORDER], {}),
    (['status=404,' + ORDER], {}),
    (['html,' + ORDER], {}),
    (['truncate,' + ORDER], {}),
    (['empty,' + ORDER], {}),
    (['garbage,' + ORDER], {}),
    (['lose_answer,' + ORDER, 'status=500,path=/orders/historical/*,times=3'],
     {}),
    (['unauthorized,times=1'], {}),
    (['status=429,body=html,retry_after=2,path=/accounts,times=1'], {}),
    (['status=429,times=6'], {}),
    (['status=500,times=5'], {}),
    (['status=500,path=/orders/historical/*,times=2'], {}),
    (['lose_answer,path=/orders/historical/fills,times=3'], {}),
    (['cut_before'], {}),                   # down until the next weather
    (['cut_before,skip=3'], {}),
    ([], {'fill_parts': 3}),
    ([], {'fill_part': '0.4'}),
    ([], {'fill_parts': 4, 'fill_part': '0.731'}),
    ([], {'fill_delay_ms': 40000}),
    ([], {'fills_lag_ms': 400000}),
    ([], {'fee_lag_ms': 400000}),
    ([], {'visibility_ms': 30000}),
    (['lose_answer,' + ORDER], {'visibility_ms': 50000}),
    (['lose_answer,method=POST,path=/orders,times=3'], {}),
    (['lose_answer,' + ORDER], {'fill_delay_ms': 100000}),
    ([], {'page_max': 1, 'page_overlap': True}),
    ([], {'page_max': 2, 'page_fails': 2}),
    ([], {'page_max': 2, 'has_next_for_ever': True}),
    ([], {'page_max': 2, 'cursor_repeats': True}),
    ([], {'repeat_fills': True, 'reverse_fills': True}),
    ([], {'same_trade_id': True, 'fill_parts': 2}),
    ([], {'reversals': True, 'fill_parts': 2}),
    ([], {'extra_members': True, 'nulls': True, 'numbers': True}),
    ([], {'empty_amounts': True, 'fill_delay_ms': 20000}),
    ([], {'cancel_message': 'Internal error', 'settle_lag_ms': 400000}),
    ([], {'cancel_delay_ms': 100000}),
    ([], {'status_word': 'A_WORD_OF_NEXT_YEAR'}),
    ([], {'fail_accepted': True}),
    ([], {'maker_rate': '-0.001', 'taker_rate': '0.01234567'}),
    ([], {'refuse': 'INSUFFICIENT_FUND'}),
    ([], {'refuse': 'A_REASON_OF_NEXT_YEAR'}),
    ([], {'no_order_id': True}),
    ([], {'skew_s': 40}),
    ([], {'can_trade': False}),
]
# What may happen to one order: it is there and nobody says so, or is not.
LUCK = ['lose_answer', 'lose_answer', 'reset', 'served_status=502',
        'served_status=429', 'html', 'truncate', 'garbage', 'status=503',
        'status=404', 'reset_before']
# What must not happen at an exchange: trading is halted, a human looks.
STORM = [
    ([], {'wrong_client_order_id': True}),
    ([], {'wrong_product': True}),
    ([], {'wrong_side': True}),
    ([], {'double_orders': True}),
]


class Coinbase:
    name = 'coinbase'
    still = False           # prices that may move
    clean = []
    syncs = [[], [], ['orders'], ['fills'], ['balances'], ['products']]

    def __init__(self, world):
        self.world = world
        self.moved = 0          # of money, by people elsewhere
        self.doubled = False    # the exchange itself made two of one
        self.unlucky = world.dice.choice((0.05, 0.3, 0.6))
        self.stormy = world.dice.random() < 0.1
        self.habits = {'deduplicate': world.dice.random() < 0.5,
                       'visibility_ms': world.dice.choice((0, 5000, 45000))}
        # A place has a climate: what is rare together comes together there.
        self.climate = [([], {})] * 2 + world.dice.sample(WEATHER, 5)
        self.strange = set()    # orders by telephone
        self.link = None        # to the exchange, once it is there

    def begin(self):
        w = self.world
        os.environ['PATH'] = w.environment['PATH']
        w.must('exchange', '--make-key', 'es256', 'es256.json')
        market = '--price' if w.dice.random() < 0.4 or self.still else \
            '--generate'
        os.chdir(w.folder)  # its files are made there
        self.exchange = Exchange(
            '--seed', str(w.seed), market, 'BTC-USD=100', market,
            'ETH-USD=7.31', '--account', 'USD=1000', '--now',
            instant(BEGIN), '--still', '--for', '900')
        os.chdir('/')
        self.link = self.exchange.open()
        w.write('tb.yaml', CONFIG.format(
            folder=w.folder, host=self.exchange.host,
            ca=w.path(self.exchange.ready['ca'])) + LIMITS.format(**w.limits))
        w.write('venue', VENUE.format(build=w.build, folder=w.folder), 0o700)
        w.write('kill-venue', '')
        self.calm()
        w.must('tb-migrate', 'init', '--venue', 'coinbase')
        w.must('tb-portfolio', 'flow', 'add', '--currency', 'USD', '--amount',
               '1000', '--at', instant(BEGIN))
        w.now = BEGIN + 300
        self.at()
        w.must('tb-sync', 'products')
        w.write('bots.yaml', BOTS.format(low=w.dice.choice((30, 54))))
        w.must('tb-signal', 'load', w.path('bots.yaml'))

    def end(self):
        if self.link:
            self.link.close()
            self.exchange.stop()

    def control(self, **what):
        answer = self.exchange.send('POST', '/_control', body=what,
                                    token=False, connection=self.link)
        if answer.status != 200:
            self.world.fail('the exchange: %s' % answer.body)
        return answer.json

    def at(self):
        self.control(now=instant(self.world.now))

    def change_weather(self, dice):
        choice = STORM if self.stormy and dice.random() < 0.2 else \
            self.climate
        faults, settings = dice.choice(choice)
        self.calm()
        self.doubled |= 'double_orders' in settings
        if faults or settings:
            self.control(fault=faults, set=settings)
            self.world.faults += 1
        words = [f.replace(',' + ORDER, ' of an order') for f in faults]
        words += ['%s=%s' % s for s in settings.items()]
        return ', '.join(words) or 'calm'

    def before_trade(self, dice):
        """The next order may meet something; in words, what."""
        if dice.random() > self.unlucky:
            return ''
        fault = dice.choice(LUCK)
        self.control(fault=fault + ',' + ORDER)
        self.world.faults += 1
        return '(%s) ' % fault

    def calm(self):
        self.control(reset=True, set=self.habits)

    def market(self, dice):
        return 'prices by the exchange'

    def people(self, dice):
        w = self.world
        what = dice.random()
        if what < 0.5:
            self.exchange.skew = w.now - time.time()
            side = dice.choice(('BUY', 'BUY', 'SELL'))
            kind = {'quote_size': '12.34'} if side == 'BUY' else \
                {'base_size': '0.02'}
            id = 'phone-%d' % len(self.strange)
            self.control(reset=True)
            answer = self.exchange.post('/orders', {
                'client_order_id': id, 'product_id': dice.choice(PRODUCTS),
                'side': side,
                'order_configuration': {'market_market_ioc': kind}})
            self.calm()
            self.strange.add(id)
            return 'by telephone: %s -> %s' % (side, answer.json['success'])
        currency, amount = dice.choice(
            (('USD', '40.5'), ('USD', '-7.25'), ('BTC', '0.01'),
             ('BTC', '-0.003')))
        _, balances = self.truth()
        if balances.get(currency, Decimal(0)) + Decimal(amount) < 0:
            return 'nothing'
        self.control(deposit={'currency': currency, 'amount': amount})
        self.moved += 1
        return 'deposit %s %s' % (amount, currency)

    def moved_money(self):
        return self.moved > 0

    # ------------------------------------------------------------- truth --

    def truth(self):
        told = self.control(advance_ms=0)
        orders = {}
        for row in told['orders']:
            o = row['order']
            orders[o['order_id']] = {
                'order_id': o['order_id'],
                'client_order_id': o['client_order_id'],
                'ours': o['client_order_id'] not in self.strange,
                'product_id': o['product_id'], 'side': o['side'],
                'status': o['status'], 'sums': [Decimal(o[k] or 0) for k in (
                    'filled_size', 'filled_value', 'total_fees')],
                'fills': {e['entry_id']: [Decimal(e[k]) for k in (
                    'base', 'quote', 'commission')]
                    for e in row['executions']}}
        balances = {}
        for a in told['accounts']:
            amount = Decimal(a['available_balance']['value']) + \
                Decimal(a['hold']['value'])
            if amount:
                balances[a['currency']] = amount
        return orders, balances
