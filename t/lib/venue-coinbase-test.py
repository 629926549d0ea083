"""What t/6500-venue-coinbase.t asks of tb-venue-coinbase, over the stand-in.

Each test is a function whose first line of documentation is its sentence;
a line "ok SENTENCE" or "not SENTENCE" a test goes to standard output, what
went wrong to standard error.
"""

import datetime
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from decimal import Decimal

from exchange import Exchange

serial = iter(range(1, 100000))
said = open('said', 'w')  # all that was ever written, for the canary
asked = open('venue-request.lines', 'w')
answered = open('venue-answer.lines', 'w')


def boot_ms():
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)


def iso(seconds):
    return datetime.datetime.utcfromtimestamp(seconds).strftime(
        '%Y-%m-%dT%H:%M:%SZ')


class Venue:
    """tb-venue-coinbase, running."""

    def __init__(self, *options, env=None):
        self.process = subprocess.Popen(
            ['tb-venue-coinbase', *options], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**os.environ, **(env or {})})
        self.id = 0

    def say(self, verb, **members):
        self.id += 1
        line = json.dumps({'id': self.id, 'verb': verb, **members}) + '\n'
        asked.write(line)
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline()
        said.write(line)
        assert line, self.process.stderr.read()
        answer = json.loads(line)
        answered.write(line)
        assert answer['id'] == self.id, line
        return answer

    def ask(self, verb, **members):
        self.say(verb, **members)
        return self.hear()

    def order(self, id=None, late=False, **members):
        request = {'client_order_id': id or 'c%035d' % next(serial),
                   'product_id': 'BTC-USD', 'side': 'BUY', 'type': 'market',
                   'instant': iso(time.time()), 'reference_price': '65000',
                   'send_before_ms': 1 if late else boot_ms() + 5000,
                   **members}
        if 'base_size' not in request:
            request.setdefault('quote_size', '25')
        return request

    def place(self, *args, **members):
        return self.ask('place', **self.order(*args, **members))

    def stop(self):
        out, err = self.process.communicate()
        said.write(out + err)
        return self.process.returncode


class Pair:
    """The stand-in and a venue that knows it."""

    def __init__(self, *options, key='es256.json', venue=(), env=None):
        n = next(serial)
        self.x = Exchange('--price', 'BTC-USD=65000', '--generate',
                          'ETH-USD=2000', '--ca', 'ca%d.pem' % n, *options,
                          key=key, log='log%d' % n)
        self.options = ['--base-url', self.x.ready['url']]
        if self.x.ready['ca']:
            self.options += ['--ca-file', self.x.ready['ca']]
        self.v = Venue('--key-file', key, *self.options, *venue, env=env)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.v.stop()
        self.x.stop()

    def posts(self):
        return [l for l in self.x.log() if l['method'] == 'POST'
                and l['path'].endswith('/orders')]


class Silent(threading.Thread):
    """A question that is answered with silence, while others are asked."""

    def run(self):
        with Pair('--fault', 'stall=30000,path=/products/*') as p:
            began = time.time()
            self.answer = p.v.ask('price', product_id='BTC-USD')
            self.took_s = time.time() - began


def outcome(fault, expected, posts=1, **members):
    """One order under a fault, on a venue that has spoken before."""
    with Pair() as p:
        assert p.v.ask('price', product_id='BTC-USD')['ok']
        p.x.control(fault=fault + ',method=POST,path=/orders')
        answer = p.v.place()
        assert answer['outcome'] == expected, (fault, answer)
        for name, value in members.items():
            assert answer.get(name) == value, (fault, name, answer)
        assert len(p.posts()) == posts, (fault, p.x.log())
        return answer


# --- keys


def test_key_forms():
    """keys of every form are let in"""
    for kind in ('es256', 'es256-pkcs8', 'ed25519', 'ed25519-seed',
                 'ed25519-pem'):
        with Pair(key=kind + '.json') as p:
            answer = p.v.ask('hello')
            assert answer['ok'] and answer['has_key'], (kind, answer)


def test_hello():
    """hello tells account, clock and rights"""
    with Pair('--set', 'can_transfer=false') as p:
        answer = p.v.ask('hello')
        assert answer['name'] == 'coinbase' and len(answer['account']) == 36
        assert answer['can_trade'] and 'can_transfer' not in answer
        told = datetime.datetime.strptime(answer['time'],
                                          '%Y-%m-%dT%H:%M:%S.%fZ')
        now = datetime.datetime.utcnow()
        assert abs((now - told).total_seconds()) < 5, answer
        p.x.control(set={'can_trade': False})
        assert 'can_trade' not in p.v.ask('hello')


# fault 65
def test_clock():
    """a clock that is off is named as the reason"""
    with Pair('--set', 'skew_s=181') as p:
        answer = p.v.ask('hello')
        assert answer['error'] == 'perm', answer
        assert 'the clock differs by -18' in answer['message'], answer
        answer = p.v.place()
        assert answer['outcome'] == 'refused' and answer['key_rejected']


def test_stranger():
    """a key that the exchange does not know is rejected, order or not"""
    with Pair() as p:
        v = Venue('--key-file', 'ed25519.json', *p.options)
        answer = v.ask('balances')
        assert answer['error'] == 'perm', answer
        answer = v.place()
        assert answer['outcome'] == 'refused' and answer['key_rejected']
        v.stop()


def test_no_key():
    """without a key it tells what everybody may know"""
    with Pair() as p:
        v = Venue(*p.options)
        answer = v.ask('hello')
        assert answer['ok'] and answer['account'] == '', answer
        assert v.ask('products')['products']
        assert v.ask('price', product_id='BTC-USD')['price'] == '65000'
        for verb, members in (('balances', {}),
                              ('orders_since', {'since': iso(0)}),
                              ('fills_since', {'since': iso(0)})):
            answer = v.ask(verb, **members)
            assert answer['error'] == 'perm', answer
        answer = v.place()
        assert answer['outcome'] == 'not_sent' and answer['key_rejected']
        assert not [l for l in p.x.log() if l['token']], p.x.log()
        v.stop()


# fault 56
def test_key_file():
    """a key file that is not kept well is told, and nothing is asked"""
    with open('es256.json') as f:
        text = f.read()
    with open('open.json', 'w') as f:
        f.write(text)
    os.chmod('open.json', 0o644)
    with Pair() as p:
        v = Venue('--key-file', 'open.json', *p.options)
        answer = v.ask('hello')
        assert answer['error'] == 'perm', answer
        assert 'open.json' in answer['message'], answer
        assert '0644' in answer['message'], answer
        answer = v.place()
        assert answer['outcome'] == 'not_sent' and answer['key_rejected']
        assert not p.x.log()
        v.stop()


def test_key_environment():
    """the key is found by TB_KEY_FILE, and among systemd's credentials"""
    os.makedirs('credentials', 0o700)
    with open('es256.json') as f, open('credentials/coinbase-key', 'w') as c:
        c.write(f.read())
    os.chmod('credentials/coinbase-key', 0o400)
    with Pair() as p:
        here = os.getcwd()
        for env in ({'TB_KEY_FILE': here + '/es256.json'},
                    {'CREDENTIALS_DIRECTORY': here + '/credentials'},
                    {'TB_KEY_FILE': '~/es256.json', 'HOME': here}):
            v = Venue(*p.options, env=env)
            assert v.ask('hello').get('has_key'), env
            v.stop()


# --- lists and single answers


def test_products():
    """products come in pages, to the end"""
    with Pair('--set', 'page_max=1') as p:
        seen, cursor = [], ''
        for _ in range(20):
            answer = p.v.ask('products', cursor=cursor)
            seen += [r['product_id'] for r in answer['products']]
            cursor = answer['cursor']
            if not cursor:
                break
        assert sorted(seen) == sorted(set(seen)) and len(seen) >= 2, seen
        assert 'BTC-USD' in seen and 'ETH-USD' in seen, seen


def test_candles():
    """candles are the closed ones of the range, oldest first"""
    with Pair() as p:
        now = int(time.time())
        start, end = now // 300 * 300 - 299 * 300, now // 300 * 300 + 300
        answer = p.v.ask('candles', product_id='ETH-USD', granularity_s=300,
                         **{'from': iso(start), 'to': iso(end)})
        starts = [c['start'] for c in answer['candles']]
        assert starts == sorted(set(starts)) and len(starts) > 250
        assert starts[0] >= iso(start) and starts[-1] < iso(end)
        assert starts[-1] <= iso(now - 300), starts[-1]
        answer = p.v.ask('candles', product_id='ETH-USD', granularity_s=301,
                         **{'from': iso(start), 'to': iso(start + 600)})
        assert 'no candles of 301' in answer['message'], answer


def test_unknown():
    """what does not exist is told as that"""
    with Pair() as p:
        for verb, members in (('price', {'product_id': 'XYZ-USD'}),
                              ('order', {'order_id': 'nobody'}),
                              ('cancel', {'order_id': 'nobody'})):
            answer = p.v.ask(verb, **members)
            assert answer['error'] == 'noent', (verb, answer)


def test_order():
    """an order, its fills in coins, and what is left"""
    with Pair('--set', 'fill_parts=3') as p:
        before = {b['currency']: Decimal(b['available'])
                  for b in p.v.ask('balances')['balances']}
        answer = p.v.place()
        assert answer['outcome'] == 'accepted', answer
        order = p.v.ask('order', order_id=answer['order_id'])['order']
        assert order['status'] == 'FILLED' and order['type'] == 'market'
        assert order['client_order_id'] == answer['client_order_id']
        fills = p.v.ask('fills_since', since=iso(time.time() - 60),
                        order_id=answer['order_id'])['fills']
        assert len(fills) == 3, fills
        for member, total in (('size', 'filled_size'),
                              ('value', 'filled_value'),
                              ('fee', 'total_fees')):
            off = sum(Decimal(f[member]) for f in fills)
            off -= Decimal(order[total])
            assert abs(off) < Decimal('1e-14'), (member, off)
        after = {b['currency']: Decimal(b['available'])
                 for b in p.v.ask('balances')['balances']}
        assert before['USD'] - after['USD'] == 25, after
        assert after['BTC'] == Decimal(order['filled_size']), after


def test_types():
    """every type of order, and cancelling one"""
    with Pair() as p:
        for type, price, status in (('limit', '60000', 'OPEN'),
                                    ('limit', '66000', 'FILLED'),
                                    ('post_only', '60000', 'OPEN'),
                                    ('limit_ioc', '60000', 'CANCELLED')):
            answer = p.v.place(type=type, base_size='0.001',
                               limit_price=price)
            assert answer['outcome'] == 'accepted', (type, answer)
            order = p.v.ask('order', order_id=answer['order_id'])['order']
            assert order['type'] == type, order
            assert order['status'] == status, (type, order)
            assert order['settled'] == (status != 'OPEN'), order
            if status == 'OPEN':
                assert p.v.ask('cancel', order_id=answer['order_id'])['ok']
                order = p.v.ask('order',
                                order_id=answer['order_id'])['order']
                assert order['status'] == 'CANCELLED', order
        answer = p.v.place(type='post_only', base_size='0.001',
                           limit_price='66000')
        assert answer['reason'] == 'INVALID_LIMIT_PRICE_POST_ONLY', answer


def test_preview():
    """a preview places nothing"""
    with Pair() as p:
        request = p.v.order()
        for member in ('client_order_id', 'instant', 'send_before_ms'):
            del request[member]
        answer = p.v.ask('preview', **request)
        assert Decimal(answer['total']) == 25, answer
        assert Decimal(answer['value']) + Decimal(answer['fee']) == 25
        request['quote_size'] = '1000000'
        answer = p.v.ask('preview', **request)
        assert answer['refused'], answer
        assert answer['reason'] == 'PREVIEW_INSUFFICIENT_FUND', answer
        assert not p.posts()


def test_pages():
    """orders and fills come in pages, each once"""
    with Pair('--set', 'page_max=2', '--set', 'fill_parts=2') as p:
        for _ in range(5):
            assert p.v.place()['outcome'] == 'accepted'
        for verb, list, key, count in (('orders_since', 'orders', 'order_id',
                                        5),
                                       ('fills_since', 'fills', 'entry_id',
                                        10)):
            seen, cursor = [], ''
            while True:
                answer = p.v.ask(verb, since=iso(time.time() - 60),
                                 cursor=cursor)
                assert len(answer[list]) <= 2, answer
                seen += [r[key] for r in answer[list]]
                cursor = answer['cursor']
                if not cursor:
                    break
            assert len(seen) == count == len(set(seen)), (verb, seen)


# fault 72
def test_loose():
    """members not known, nulls, numbers, "" and new words are let pass"""
    for name in ('extra_members=true', 'nulls=true', 'numbers=true',
                 'empty_amounts=true', 'status_word=BRAND_NEW',
                 'cancel_message=Internal error', 'same_trade_id=true',
                 'reverse_fills=true'):
        with Pair('--set', name) as p:
            answer = p.v.place()
            assert answer['outcome'] == 'accepted', (name, answer)
            order = p.v.ask('order', order_id=answer['order_id'])
            assert order['ok'], (name, order)
            for verb in ('orders_since', 'fills_since'):
                answer = p.v.ask(verb, since=iso(time.time() - 60))
                assert answer['ok'], (name, answer)
            assert p.v.ask('balances')['ok'] and p.v.ask('products')['ok']


# --- what became of an order


def test_refused():
    """the exchange's no is a no, with its word"""
    with Pair() as p:
        answer = p.v.place(quote_size='99999')
        assert answer['outcome'] == 'refused', answer
        assert answer['reason'] == 'INSUFFICIENT_FUND', answer
        answer = p.v.place(quote_size='25.001')
        assert answer['reason'] == 'PREVIEW_INVALID_QUOTE_SIZE_PRECISION'
        p.x.control(set={'refuse': 'A_NEW_REASON'})
        assert p.v.place()['reason'] == 'A_NEW_REASON'
        p.x.control(set={'refuse': 'DUPLICATE_CLIENT_ORDER_ID'})
        assert p.v.place()['outcome'] == 'unknown'


# fault 69
def test_again():
    """the same order again is the order of before"""
    with Pair('--set', 'deduplicate=true') as p:
        first = p.v.place('c' * 36)
        second = p.v.place('c' * 36)
        assert second['outcome'] == 'accepted', second
        assert first['order_id'] == second['order_id']


# fault 44
def test_late():
    """an order that is late is not sent"""
    with Pair() as p:
        assert p.v.place(late=True)['outcome'] == 'not_sent'
        assert not p.posts()


# fault 59, fault 61, fault 62, fault 67, fault 68
def test_lost():
    """whatever is no clear answer is unknown, and sent once"""
    for fault in ('lose_answer', 'reset', 'html', 'empty', 'braces',
                  'truncate', 'long_length', 'chunk_garbage', 'garbage',
                  'endless', 'redirect=https://127.0.0.1:1/',
                  'status=500', 'status=502,body=html', 'status=503',
                  'status=504,body=text', 'status=404', 'status=408',
                  'status=409', 'status=425', 'status=403,body=html',
                  'status=401,body=html', 'served_status=500',
                  'served_status=201', 'status=429'):
        outcome(fault, 'unknown')


# fault 60
def test_cut():
    """a connection that is cut before the answer is unknown, sent once"""
    for fault in ('cut_before', 'reset_before'):
        outcome(fault, 'unknown')


# fault 66
def test_pause():
    """429 tells how long to wait, an hour at most"""
    outcome('status=429,retry_after=7', 'unknown', retry_after_ms=7000)
    outcome('status=429,body=html,retry_after=99999999', 'unknown',
            retry_after_ms=3600000)
    for odd in ('-1', 'soon'):
        answer = outcome('status=429,retry_after=' + odd, 'unknown')
        assert answer['retry_after_ms'] == 1000, answer


def test_no():
    """400 and 403 in the exchange's form are a no"""
    outcome('status=400', 'refused')
    outcome('status=403', 'refused', key_rejected=True)


# fault 65
def test_unauthorized():
    """a 401 is tried once more with a new token, a second one is a no"""
    outcome('unauthorized,times=1', 'accepted', posts=2)
    outcome('unauthorized', 'refused', posts=2, key_rejected=True)
    with Pair() as p:
        p.x.control(fault='unauthorized,times=1,path=/accounts')
        assert p.v.ask('balances')['ok']
        p.x.control(fault='unauthorized,path=/accounts')
        assert p.v.ask('balances')['error'] == 'perm'


# fault 63
def test_other():
    """whose answer it is, is told as it came: who asked compares"""
    for name, member in (('wrong_product', 'product_id'),
                         ('wrong_side', 'side'),
                         ('wrong_client_order_id', 'client_order_id')):
        with Pair('--set', name + '=true') as p:
            request = p.v.order()
            answer = p.v.ask('place', **request)
            assert answer['outcome'] == 'accepted', (name, answer)
            wrong = [m for m in ('client_order_id', 'product_id', 'side')
                     if answer[m] != request[m]]
            assert wrong == [member], (name, answer)
    with Pair('--set', 'no_order_id=true') as p:
        answer = p.v.place()
        assert answer['outcome'] == 'unknown', answer


# fault 58
def test_not_reached():
    """nobody there, or somebody not to be trusted: not sent"""
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        url = 'https://127.0.0.1:%d' % s.getsockname()[1]
        v = Venue('--key-file', 'es256.json', '--base-url', url)
        answer = v.place()
        assert answer['outcome'] == 'not_sent', answer
        assert v.ask('hello')['error'] == 'net'
        v.stop()
    for flaw in (('--flaw', 'expired'), ('--flaw', 'wrong-host'),
                 ('--flaw', 'self-signed'), ('--tls', '1.1')):
        with Pair(*flaw) as p:
            answer = p.v.place()
            assert answer['outcome'] == 'not_sent', (flaw, answer)
            assert not p.x.log(), flaw
    with Pair() as p:
        v = Venue('--key-file', 'es256.json', *p.options[:2])
        answer = v.place()
        assert answer['outcome'] == 'not_sent', answer
        assert 'certificate' in answer['message'], answer
        v.stop()


# --- other verbs under faults


def test_failures():
    """faults of other verbs: net, busy, perm, venue, invalid"""
    for fault, expected in (('lose_answer', 'net'), ('status=500', 'net'),
                            ('status=503,body=html', 'net'),
                            ('status=429', 'busy'),
                            ('status=429,body=html', 'busy'),
                            ('status=403', 'perm'),
                            ('status=403,body=html', 'net'),
                            ('status=404', 'noent'),
                            ('status=400', 'venue'), ('html', 'invalid'),
                            ('empty', 'invalid'), ('braces', 'invalid'),
                            ('truncate', 'net'), ('endless', 'net'),
                            ('redirect=https://127.0.0.1:1/', 'net')):
        with Pair() as p:
            p.x.control(fault=fault + ',path=/accounts*')
            answer = p.v.ask('balances')
            assert answer.get('error') == expected, (fault, answer)
            assert p.v.ask('price', product_id='BTC-USD')['ok'], fault


# --- the process


# fault 43
def test_signal():
    """a signal while an order is under way: it is finished and answered"""
    with Pair('--fault', 'delay=600,method=POST,path=/orders') as p:
        assert p.v.ask('price', product_id='BTC-USD')['ok']
        p.v.say('place', **p.v.order())
        time.sleep(0.3)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            p.v.process.send_signal(number)
        answer = p.v.hear()
        assert answer['outcome'] == 'accepted', answer
        assert p.v.process.wait(5) == 0


def test_end():
    """the end of the input while an order is under way: the same"""
    with Pair('--fault', 'delay=600,method=POST,path=/orders') as p:
        p.v.say('place', **p.v.order())
        p.v.process.stdin.close()
        answer = p.v.hear()
        assert answer['outcome'] == 'accepted', answer
        assert p.v.process.wait(5) == 0
        p.v.process.stdin = None


def test_lines():
    """lines that are none are answered, and the next one too"""
    with Pair() as p:
        for line in ('', 'nonsense', '[]', '{"id":5,"verb":"steal"}',
                     '{"id":5,"verb":"place"}', '{"id":5,"verb":"price",'
                     '"product_id":"../accounts"}', 'x' * 5000):
            p.v.process.stdin.write(line + '\n')
            p.v.process.stdin.flush()
            answer = json.loads(p.v.process.stdout.readline())
            if '"place"' in line:
                assert answer['outcome'] == 'not_sent', answer
            else:
                assert answer['error'] == 'invalid', answer
            assert answer['id'] == (5 if '"id"' in line else 0), answer
        assert p.v.ask('price', product_id='BTC-USD')['ok']


def test_plain():
    """plain http is spoken to this machine only, and only if asked for"""
    with Pair('--plain', venue=('--insecure-loopback',)) as p:
        assert p.v.ask('hello')['ok']
        assert p.v.place()['outcome'] == 'accepted'
        v = Venue('--base-url', p.x.ready['url'])
        assert v.stop() == 78
    for url in ('http://192.0.2.1', 'http://127.0.0.1.example.com',
                'http://localhostile', 'ftp://127.0.0.1', 'https://',
                'https://user:pass@127.0.0.1', 'https://h/?x', 'https://h/'):
        v = Venue('--insecure-loopback', '--base-url', url)
        assert v.stop() == 78, url
    assert Venue('--ca-file', 'nowhere.pem').stop() == 78


# fault 96
def test_environment():
    """proxies, key logs and other certificates of the environment are not
    used"""
    env = {'https_proxy': 'http://127.0.0.1:1', 'SSL_CERT_FILE': '/dev/null',
           'ALL_PROXY': 'http://127.0.0.1:1', 'OPENSSL_CONF': '/nonexistent',
           'SSLKEYLOGFILE': os.getcwd() + '/keylog'}
    with Pair(env=env) as p:
        assert p.v.ask('hello')['ok']
    assert not os.path.exists('keylog')


# fault 60
def test_connections():
    """an order has a connection of its own, all else shares one"""
    with Pair() as p:
        for _ in range(3):
            p.v.ask('price', product_id='BTC-USD')
            p.v.place()
        log = p.x.log()
        posts = {l['port'] for l in log if l['method'] == 'POST'}
        gets = {l['port'] for l in log if l['method'] == 'GET'}
        assert len(posts) == 3 and len(gets) == 1, (posts, gets)


# fault 61
def test_silence(silent):
    """silence behind the headers ends in time"""
    silent.join()
    assert silent.answer['error'] == 'net', silent.answer
    assert 'no answer' in silent.answer['message'], silent.answer
    assert 3 < silent.took_s < 15, silent.took_s


def test_canary():
    """no secret, no token was ever written"""
    said.flush()
    with open('said') as f:
        text = f.read()
    assert len(text) > 10000
    assert 'eyJ' not in text and 'BEGIN' not in text
    for kind in ('es256', 'ed25519'):
        with open(kind + '.json') as f:
            secret = json.load(f)['privateKey']
        for line in secret.split('\n'):
            assert len(line) < 20 or line[:20] not in text


def main():
    tests = [(name, t) for name, t in globals().items()
             if name.startswith('test_')]
    silent = Silent()
    silent.start()
    for name, test in tests:
        sentence = ' '.join(test.__doc__.split())
        try:
            test(silent) if test is test_silence else test()
            print('ok', sentence)
        except Exception:
            print('not', sentence)
            sys.stderr.write('%s\n%s\n' % (name, traceback.format_exc()))


main()
