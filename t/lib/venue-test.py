"""What t/5200-venue-coinbase.t asks of tb-venue-coinbase.

Lines of the venue protocol go to the program, which stands before the
stand-in exchange; what came of it is told by the program, by the stand-in's
log and by its books.  Each test is a function; its documentation is its
sentence.
"""

import json
import select
import subprocess
import sys
import threading
import time
import uuid
from decimal import Decimal

from exchange import ask, start

ANSWER_WITHIN_S = 30
BTC = {'product_id': 'BTC-USD'}


class Venue:
    """tb-venue-coinbase before a stand-in, for as long as a block."""

    def __init__(self, x, *options, key='es256.json', url=None):
        command = ['tb-venue-coinbase', '--base-url',
                   url or 'https://' + x.host, '--ca-file', x.ready['ca']]
        if key:
            command += ['--key-file', key]
        self.process = subprocess.Popen(
            command + list(options), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.id = 0

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.process.stdin.close()
        self.process.wait(ANSWER_WITHIN_S)
        self.heard = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()

    def ask(self, verb, **members):
        self.id += 1
        line = json.dumps({'id': self.id, 'verb': verb, **members})
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [],
                                    ANSWER_WITHIN_S)
        assert ready, 'no answer to ' + line
        answer = json.loads(self.process.stdout.readline())
        assert answer['id'] == self.id, answer
        return answer

    def good(self, verb, **members):
        answer = self.ask(verb, **members)
        assert answer['ok'] is True, answer
        return answer

    def bad(self, verb, **members):
        answer = self.ask(verb, **members)
        assert answer['ok'] is False, answer
        return answer['error']

    def pages(self, verb, **members):
        """The rows of all pages of a list."""
        rows, cursor = [], ''
        for _ in range(50):
            answer = self.good(verb, cursor=cursor, **members)
            name = next(k for k, v in answer.items() if isinstance(v, list))
            rows += answer[name]
            cursor = answer.get('cursor', '')
            if not cursor:
                return rows
        raise AssertionError('no end of pages')

    def place(self, side='BUY', type='market', id=None, late=5000, **members):
        """What place is answered."""
        now = time.time()
        if not any(m.endswith('_size') for m in members):
            members['quote_size'] = '25'
        answer = self.good(
            'place', client_order_id=id or str(uuid.uuid4()), side=side,
            type=type, **{**BTC, **members}, reference_price='65000',
            instant=instant(now),
            send_before_ms=int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)
            + late)
        assert answer['outcome'] in ('accepted', 'refused', 'not_sent',
                                     'unknown')
        return answer


def instant(seconds):
    return time.strftime('%Y-%m-%dT%H:%M:%S.000000Z', time.gmtime(seconds))


def since(seconds=300):
    return instant(time.time() - seconds)


def posts(x):
    return [r for r in x.log() if r['method'] == 'POST' and
            r['path'].endswith('/orders')]


def orders(x):
    """The stand-in's true books."""
    return [row['order'] for row in x.control()['orders']]


# --- every verb


def test_hello(x):
    """hello: the account, the clock and the key's rights"""
    with Venue(x) as v:
        told = v.good('hello')
        assert told['has_key'] and told['can_trade']
        assert not told.get('can_transfer')
        assert told['account']
        x.control(set={'can_trade': False, 'can_transfer': True})
        told = v.good('hello')
        assert not told.get('can_trade') and told['can_transfer']


def test_keys(x):
    """a key of every form is taken"""
    x.stop()
    for kind in ('es256', 'es256-pkcs8', 'ed25519', 'ed25519-seed',
                 'ed25519-pem'):
        with start(key=kind + '.json') as y:
            with Venue(y, key=kind + '.json') as v:
                v.good('balances')
            assert [r['token'] for r in y.log()] == ['ok']


def test_public(x):
    """without a key, what everybody may know"""
    with Venue(x, key=None) as v:
        assert not v.good('hello').get('has_key')
        assert v.good('price', **BTC)['price'] == '65000'
        assert len(v.pages('products')) == 5
        assert v.bad('balances') == 'perm'
        told = v.place()
        assert told['outcome'] in ('not_sent', 'refused')
        assert told['key_rejected']
    assert posts(x) == []


def test_products(x):
    """products, with increments, bounds and flags"""
    x.control(product={'ETH-USD': {'cancel_only': True},
                       'SOL-USD': {'status': 'offline'}})
    with Venue(x) as v:
        rows = {r['product_id']: r for r in v.pages('products')}
    assert rows['SHIB-USD']['price_increment'] == '0.00000001'
    assert rows['SHIB-USD']['quote_increment'] == '0.01'
    assert rows['BTC-USD']['base_max_size'] == '3400'
    assert not rows['BTC-USD'].get('trading_disabled')
    assert rows['ETH-USD']['cancel_only'] is True
    assert rows['SOL-USD']['trading_disabled'] is True


def test_price(x):
    """the price, and what has none"""
    with Venue(x) as v:
        assert v.good('price', **BTC)['price'] == '65000'
        x.control(price={'BTC-USD': '0.00000001'})
        assert v.good('price', **BTC)['price'] == '0.00000001'
        assert v.bad('price', product_id='XYZ-USD') == 'noent'


def test_candles(x):
    """candles: oldest first, closed, gaps as they are"""
    x.stop()
    begin = (int(time.time()) // 60 - 310) * 60
    with open('candles.csv', 'w') as file:
        file.write('timestamp,open,high,low,close,volume\n')
        for i in range(311):
            if i != 5:
                file.write('%d,%d,%d,%d,%d.25,0.00000001\n' % (
                    begin + 60 * i, 100 + i, 102 + i, 99 + i, 101 + i))
    with start('--candles', 'BTC-USD=candles.csv') as y:
        with Venue(y) as v:
            def told(first, last, ask=v.good, product='BTC-USD'):
                return ask('candles', product_id=product, granularity_s=60,
                           **{'from': instant(begin + 60 * first),
                              'to': instant(begin + 60 * last)})

            rows = told(0, 300)['candles']
            begins = [r['start'] for r in rows]
            assert len(rows) == 299, len(rows)
            assert begins == sorted(begins)
            assert rows[0]['close'] == '101.25'
            assert rows[0]['volume'] == '0.00000001'
            # the last one is not closed yet, the one before just now
            assert len(told(300, 330)['candles']) in (9, 10)
            assert told(-10, 0)['candles'] == []
            assert told(0, 1, v.bad, 'XYZ-USD') == 'noent'


def test_balances(x):
    """balances of all pages, with what is held"""
    for i in range(120):
        x.control(deposit={'currency': 'C%d' % i, 'amount': '1.5'})
    with Venue(x) as v:
        v.place(type='limit', base_size='0.01', limit_price='60000')
        rows = {r['currency']: r for r in v.pages('balances')}
        assert len(rows) == 121
        assert rows['USD']['available'] == '9392.8'
        assert rows['USD']['hold'] == '607.2'
        x.control(set={'page_max': 7})
        assert len(v.pages('balances')) == 121


def test_buy(x):
    """a market buy by quote size, its order and its fills, exact"""
    x.control(set={'fill_parts': 3})
    with Venue(x) as v:
        told = v.place(id='00000000-0000-8000-8000-000000000001')
        assert told['outcome'] == 'accepted', told
        order = v.good('order', order_id=told['order_id'])['order']
        assert order['status'] == 'FILLED' and order['settled']
        assert order['side'] == 'BUY'
        assert order['client_order_id'] == \
            '00000000-0000-8000-8000-000000000001'
        assert Decimal(order['filled_value']) + \
            Decimal(order['total_fees']) == 25
        rows = v.pages('fills_since', since=since(),
                       order_id=told['order_id'])
    true, = x.control()['orders']
    assert order['filled_size'] == true['order']['filled_size']
    assert len(rows) == len(true['executions']) == 3
    by_id = {e['entry_id']: e for e in true['executions']}
    for row in rows:
        e = by_id[row['entry_id']]
        assert row['value'] == e['quote'] and row['fee'] == e['commission']
        assert row['price'] == e['price']
        assert abs(Decimal(row['size']) - Decimal(e['base'])) < \
            Decimal('1e-15')


def test_types(x):
    """sell, limit, limit_ioc and post_only become what they say"""
    with Venue(x) as v:
        assert v.place()['outcome'] == 'accepted'
        ids = [v.place(**asked)['order_id'] for asked in (
            {'side': 'SELL', 'base_size': '0.0001'},
            {'type': 'limit', 'base_size': '0.001', 'limit_price': '60000'},
            {'type': 'limit_ioc', 'base_size': '0.001',
             'limit_price': '65000'},
            {'type': 'post_only', 'base_size': '0.001',
             'limit_price': '60000'})]
        told = [v.good('order', order_id=id)['order']['status'] for id in ids]
        refused = v.place(type='post_only', base_size='0.001',
                          limit_price='66000')
    assert told == ['FILLED', 'OPEN', 'FILLED', 'OPEN']
    kinds = [next(iter(o['order_configuration'])) for o in orders(x)[1:]]
    assert kinds == ['market_market_ioc', 'limit_limit_gtc', 'sor_limit_ioc',
                     'limit_limit_gtc']
    assert orders(x)[4]['order_configuration']['limit_limit_gtc']['post_only']
    assert refused['outcome'] == 'refused'
    assert refused['reason'] == 'INVALID_LIMIT_PRICE_POST_ONLY'


def test_preview(x):
    """a preview, and one that would be refused"""
    with Venue(x) as v:
        told = v.good('preview', **BTC, side='BUY', type='market',
                      quote_size='25')
        assert told['total'] == '25' and not told.get('refused')
        assert told['fee'] == '0.2964426877470356'
        assert told['value'] == '24.7035573122529644'
        told = v.good('preview', **BTC, side='BUY', type='market',
                      quote_size='99999')
        assert told['refused'] and 'INSUFFICIENT_FUND' in told['reason']
    assert orders(x) == []


def test_cancel(x):
    """an open order is cancelled; what is not there is not"""
    with Venue(x) as v:
        id = v.place(type='limit', base_size='0.001',
                     limit_price='60000')['order_id']
        v.good('cancel', order_id=id)
        told = v.good('order', order_id=id)['order']
        assert told['status'] == 'CANCELLED' and told['filled_size'] == '0'
        none = '00000000-0000-4000-8000-000000000000'
        assert v.bad('cancel', order_id=none) == 'noent'
        assert v.bad('order', order_id=none) == 'noent'


def test_lists(x):
    """orders_since and fills_since, over all pages"""
    with Venue(x) as v:
        ids = [v.place()['order_id'] for _ in range(5)]
        ids.append(v.place(type='limit', base_size='0.001',
                           limit_price='60000')['order_id'])
        x.control(set={'page_max': 2})
        told = v.pages('orders_since', since=since())
        assert sorted(o['order_id'] for o in told) == sorted(ids)
        told = v.pages('fills_since', since=since())
        assert sorted(f['order_id'] for f in told) == sorted(ids[:5])
        assert v.pages('orders_since', since=since(-600)) == []


# --- every fault of an order


def fate(x, rule, **more):
    """What place is answered when this happens to it."""
    x.control(forget_faults=True, fault=rule + ',method=POST,path=/orders')
    with Venue(x) as v:
        return v.place(**more)


def test_unknown(x):
    """what may have left an order is unknown, and was sent once"""
    taken = ['lose_answer', 'reset', 'truncate', 'long_length',
             'chunk_garbage', 'garbage', 'html', 'empty', 'braces',
             'endless', 'short_length'] + \
            ['served_status=%d,body=%s' % (status, body)
             for status in (500, 502, 503, 504) for body in ('json', 'html')] \
            + ['served_status=404', 'served_status=408', 'served_status=409',
               'served_status=403,body=html', 'served_status=429']
    untaken = ['cut_before', 'reset_before', 'status=503',
               'status=502,body=text', 'status=429', 'status=429,body=html']
    for rule in taken + untaken:
        before = len(posts(x)), len(orders(x))
        told = fate(x, rule)
        assert told['outcome'] == 'unknown', (rule, told)
        assert len(posts(x)) == before[0] + 1, rule
        assert len(orders(x)) == before[1] + (rule in taken), rule


def long_silence(x):
    """silence and a trickle are unknown, in bounded time"""
    failed = []

    def wait(rule):
        with start(log=rule[:5] + '.log') as y:
            begun = time.monotonic()
            told = fate(y, rule)
            took = time.monotonic() - begun
            if told['outcome'] != 'unknown' or took > 20 or \
                    len(posts(y)) != 1:
                failed.append((rule, told, took))

    threads = [threading.Thread(target=wait, args=(rule,)) for rule in
               ('stall=60000', 'slow=1000', 'delay=60000')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


def test_late(x):
    """a request that was not begun in time is not sent"""
    with Venue(x) as v:
        assert v.place(late=-1)['outcome'] == 'not_sent'
    assert posts(x) == []


def test_refused(x):
    """a refusal has the exchange's word, known or new"""
    with Venue(x) as v:
        told = v.place(quote_size='99999')
        assert (told['outcome'], told['reason']) == (
            'refused', 'INSUFFICIENT_FUND')
        assert told['message'] == 'Insufficient balance in source account'
        told = v.place(quote_size='25.001')
        assert told['reason'] == 'PREVIEW_INVALID_QUOTE_SIZE_PRECISION'
        x.control(set={'refuse': 'A_NEW_REASON'})
        assert v.place()['reason'] == 'A_NEW_REASON'
        x.control(reset=True)
    told = fate(x, 'status=400')
    assert told['outcome'] == 'refused' and not told.get('key_rejected')
    assert orders(x) == []


def test_rejected_key(x):
    """a rejected key stops the run; a passing 401 does not"""
    told = fate(x, 'unauthorized,times=1')
    assert told['outcome'] == 'accepted', told
    assert len(posts(x)) == 2 and len(orders(x)) == 1
    told = fate(x, 'unauthorized')
    assert told['outcome'] in ('refused', 'not_sent') and told['key_rejected']
    told = fate(x, 'status=403')
    assert told['outcome'] in ('refused', 'not_sent') and told['key_rejected']
    x.control(reset=True, set={'can_trade': False})
    with Venue(x) as v:
        assert v.place()['key_rejected']
    x.control(reset=True, set={'skew_s': 181})
    with Venue(x) as v:
        told = v.place()
        assert told['key_rejected'] and told['outcome'] != 'accepted', told
    assert len(orders(x)) == 1


def test_other_order(x):
    """an answer for another order never passes for ours"""
    x.control(reset=True, set={'no_order_id': True})
    with Venue(x) as v:
        assert v.place()['outcome'] == 'unknown'
    asked = {'client_order_id': None, 'product_id': 'BTC-USD', 'side': 'BUY'}
    for lie, member in (('wrong_client_order_id', 'client_order_id'),
                        ('wrong_product', 'product_id'),
                        ('wrong_side', 'side')):
        x.control(reset=True, set={lie: True})
        with Venue(x) as v:
            asked['client_order_id'] = str(uuid.uuid4())
            told = v.place(id=asked['client_order_id'])
            assert told['outcome'] == 'unknown' or \
                told[member] not in ('', asked[member]), (lie, told)


def test_not_sent(x):
    """nobody there, or nobody trusted: not sent"""
    x.stop()
    with Venue(x) as v:
        assert v.place()['outcome'] == 'not_sent'
        assert v.bad('price', **BTC) == 'net'
    for flaw in ('expired', 'wrong-host', 'self-signed'):
        with start('--flaw', flaw) as y:
            with Venue(y) as v:
                assert v.place()['outcome'] == 'not_sent', flaw
                assert v.bad('price', **BTC) == 'net', flaw
            assert y.log() == [], flaw
    with start('--tls', '1.1') as y:
        with Venue(y) as v:
            assert v.place()['outcome'] == 'not_sent'
        assert y.log() == []


def test_redirect(x):
    """a redirect is not followed: the token goes nowhere else"""
    with start(log='other.log') as other:
        told = fate(x, 'redirect=https://%s/api/v3/brokerage/orders' %
                    other.host)
        assert told['outcome'] == 'unknown'
        x.control(forget_faults=True,
                  fault='redirect=https://%s/x' % other.host)
        with Venue(x) as v:
            assert v.bad('balances') in ('net', 'invalid')
        assert other.log() == []


def test_repeat(x):
    """the same id again is the same order"""
    id = str(uuid.uuid4())
    with Venue(x) as v:
        first = v.place(id=id)
        again = v.place(id=id)
    assert first['order_id'] == again['order_id']
    assert again['outcome'] == 'accepted' and len(orders(x)) == 1


def test_resend(x):
    """no library sends an order again: a POST has a connection of its own"""
    with Venue(x) as v:
        for _ in range(3):
            v.good('price', **BTC)
            x.control(fault='lose_answer,method=POST,path=/orders,times=1')
            before = len(posts(x))
            assert v.place()['outcome'] == 'unknown'
            assert len(posts(x)) == before + 1
        gets = {r['port'] for r in x.log() if r['method'] == 'GET'}
        assert not gets & {r['port'] for r in posts(x)}
        assert len({r['port'] for r in posts(x)}) == 3
    assert len(orders(x)) == 3


# --- every fault of a list


def test_wait(x):
    """429 is busy, with a Retry-After that makes sense"""
    with Venue(x) as v:
        for told, is_ in (('7', 7000), ('99999999', 3600000), ('-1', 0),
                          ('soon', 0), ('', 0)):
            for body in ('json', 'html'):
                x.control(forget_faults=True,
                          fault='status=429,body=%s,times=1%s' % (
                              body, told and ',retry_after=' + told))
                answer = v.ask('balances')
                assert answer['error'] == 'busy', answer
                assert answer.get('retry_after_ms', 0) == is_, answer


def test_bad_answers(x):
    """a list that is no list is no answer, and the next one is"""
    rules = ['lose_answer', 'reset', 'truncate', 'chunk_garbage', 'garbage',
             'html', 'empty', 'braces', 'endless', 'status=500',
             'status=502,body=html', 'status=403,body=html', 'cut_before']
    with Venue(x) as v:
        for rule in rules:
            x.control(fault=rule)
            assert v.bad('balances') in ('net', 'invalid'), rule
            x.control(forget_faults=True)
            v.good('balances')


def test_page_fails(x):
    """a page that fails ends the list with an error"""
    with Venue(x) as v:
        for _ in range(3):
            v.place()
        x.control(set={'page_max': 1, 'page_fails': 2})
        first = v.good('orders_since', since=since())
        assert v.bad('orders_since', since=since(),
                     cursor=first['cursor']) == 'net'


def test_strange_orders(x):
    """orders with new words, nulls, numbers and blanks are read"""
    with Venue(x) as v:
        id = v.place()['order_id']
        plain = v.good('order', order_id=id)['order']
        x.control(set={'extra_members': True, 'nulls': True, 'numbers': True,
                       'cancel_message': 'Internal error',
                       'empty_amounts': True})
        told = v.good('order', order_id=id)['order']
        told.pop('reason', None)
        plain.pop('reason', None)
        assert told == plain
        x.control(set={'status_word': 'NEW_STATUS'})
        told = v.good('order', order_id=id)['order']
        assert told['status'] == 'NEW_STATUS'
        assert told['filled_value'] == plain['filled_value']
        open_ = v.place(type='limit', base_size='0.001',
                        limit_price='60000')['order_id']
        told = v.good('order', order_id=open_)['order']
        assert told['filled_size'] == told['total_fees'] == '0'


def test_late_orders(x):
    """an order that is not listed yet is noent; a fill may come later"""
    x.control(set={'visibility_ms': 600000})
    with Venue(x) as v:
        id = v.place()['order_id']
        assert v.bad('order', order_id=id) == 'noent'
        assert v.pages('orders_since', since=since()) == []
        x.control(reset=True, set={'fills_lag_ms': 600000,
                                   'fee_lag_ms': 600000,
                                   'settle_lag_ms': 600000})
        told = v.good('order', order_id=id)['order']
        assert told['status'] == 'FILLED' and not told['settled']
        assert v.pages('fills_since', since=since()) == []
        x.control(reset=True)
        assert v.good('order', order_id=id)['order']['settled']


def test_partial(x):
    """a part that was filled is told with its cancelled order"""
    x.control(set={'fill_part': '0.4'})
    with Venue(x) as v:
        id = v.place()['order_id']
        told = v.good('order', order_id=id)['order']
        assert told['status'] == 'CANCELLED'
        assert told['filled_value'] == '9.88'


def test_strange_fills(x):
    """rebates, reversals, repeats and shared trade ids are told as they are"""
    with Venue(x) as v:
        x.control(set={'maker_rate': '-0.001', 'fill_parts': 2})
        v.place(type='limit', base_size='0.001', limit_price='60000')
        x.control(price={'BTC-USD': '60000'})
        fill, = v.pages('fills_since', since=since())
        assert fill['fee'] == '-0.06' and fill['value'] == '60'
        x.control(price={'BTC-USD': '65000'})
        x.control(set={'same_trade_id': True})
        v.place()
        plain = v.pages('fills_since', since=since())
        assert len(plain) == len({f['entry_id'] for f in plain}) == 3
        assert len({f['trade_id'] for f in plain}) == 2
        x.control(reset=True, set={'repeat_fills': True})
        told = v.pages('fills_since', since=since())
        assert {f['entry_id'] for f in told} == \
            {f['entry_id'] for f in plain}
        x.control(reset=True, set={'reversals': True})
        told = v.pages('fills_since', since=since())
        kinds = [f.get('kind', 'fill') for f in told]
        assert kinds.count('reversal') == 3, kinds
        assert len({f['entry_id'] for f in told}) == 9


def test_secret(x):
    """the key shows in no answer and no message, whatever goes wrong"""
    with open('es256.json') as file:
        secret = json.load(file)['privateKey'].split('\n')[1][:40]
    heard = []
    for rule in ('lose_answer', 'html', 'status=403', 'unauthorized',
                 'garbage', 'served_status=500'):
        x.control(forget_faults=True, fault=rule)
        with Venue(x, '-v') as v:
            heard.append(json.dumps([v.place(), v.ask('hello'),
                                     v.ask('balances')]).encode())
        heard.append(v.heard)
    text = b''.join(heard)
    assert secret.encode() not in text
    assert b'BEGIN' not in text and b'eyJ' not in text


ask(globals(), sys.argv[1:])
