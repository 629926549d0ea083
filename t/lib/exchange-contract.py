"""What t/5100-exchange.t asks of the stand-in: who may ask, shapes, products, candles.

Each test is a function; its documentation is its sentence.
"""

import json
import os
import sys
import time
from decimal import Decimal

from exchange import API, ask, start
from exchange_orders import order, placed, told_fills, told_order

SHARED = sys.argv[1]


def documented(name):
    with open('%s/coinbase/advanced/%s.json' % (SHARED, name)) as file:
        return json.load(file)['response']


def has_shape(told, sample, skip=()):
    """Every member of the documented sample is there, with its kind."""
    for name, value in sample.items():
        if name in skip:
            continue
        assert name in told, 'no member ' + name
        if isinstance(value, dict) and isinstance(told[name], dict):
            has_shape(told[name], value, skip)
        elif isinstance(value, bool) or isinstance(value, list):
            assert type(told[name]) is type(value), (name, told[name])


# --- who may ask


def test_open(x):
    """time and market data need no token, all the rest does"""
    told = x.open_get('/time').json
    assert set(told) == {'iso', 'epochSeconds', 'epochMillis'}
    assert abs(int(told['epochSeconds']) - time.time()) < 5
    assert told['epochMillis'].startswith(told['epochSeconds'][:-1])
    assert told['iso'].endswith('Z')
    assert x.open_get('/market/products/BTC-USD').status == 200
    for path in ('/accounts', '/products', '/products/BTC-USD',
                 '/orders/historical/batch', '/key_permissions'):
        answer = x.open_get(path)
        assert answer.status == 401, path
        assert answer.body == b'Unauthorized\n'
        assert answer.headers['Content-Type'].startswith('text/plain')


def test_tokens(x):
    """every wrong token is 401, and the log knows why"""
    path = API + '/accounts'
    uri = 'GET %s%s' % (x.host, path)
    now = time.time()
    key = x.key
    wrong = [
        ('uri is not this request', key.token('POST %s%s' % (x.host, path))),
        ('uri is not this request', key.token('GET evil.example' + path)),
        ('uri is not this request', key.token(uri + '?limit=1')),
        ('uri is not this request', key.token(None)),
        ('expired', key.token(uri, now=now - 200)),
        ('not yet valid', key.token(uri, now=now + 181)),
        ('lives too long', key.token(uri, exp=int(now) + 121,
                                     nbf=int(now))),
        ('nbf or exp missing', key.token(uri, exp=None)),
        ('other iss', key.token(uri, iss='someone')),
        ('sub is not kid', key.token(uri, sub='another')),
        ('unknown key', key.token(uri, {'kid': 'another'})),
        ('no kid', key.token(uri, {'kid': None})),
        ('other alg than the key\'s', key.token(uri, {'alg': 'EdDSA'})),
        ('other alg than the key\'s', key.token(uri, {'alg': 'none'})),
        ('signature is not 64 bytes', key.token(uri, sign=key.sign_der)),
        ('signature is not 64 bytes', key.token(uri, sign=lambda t: b'')),
        ('bad signature', key.token(uri, sign=lambda t: bytes(64))),
        ('bad signature', key.token(uri, sign=lambda t: key.sign(t + b'x'))),
        ('not a token', 'a.b'),
        ('not a token', 'x' * 5000),
    ]
    for why, token in wrong:
        answer = x.send('GET', path, token=token)
        assert answer.status == 401, (why, answer.status)
        assert answer.body == b'Unauthorized\n'
        assert x.log()[-1]['token'] == why, (why, x.log()[-1]['token'])
    assert x.send('GET', path, token=False).status == 401
    assert x.log()[-1]['token'] == 'none'


def test_good_tokens(x):
    """both issuers, both hosts, uris and a missing typ are accepted, once"""
    path = API + '/accounts'
    uri = 'GET %s%s' % (x.host, path)
    now = int(time.time())
    good = [
        x.key.token(uri),
        x.key.token('GET api.coinbase.com' + path),
        x.key.token(uri, iss='coinbase-cloud'),
        x.key.token(uri, {'typ': None}),
        x.key.token(uri, iat=now, aud=['retail_rest_api_proxy']),
        x.key.token(None, uris=['POST x', uri]),
        x.key.token(uri, nbf=now, exp=now + 120),
    ]
    for token in good:
        assert x.send('GET', path, token=token).status == 200, \
            x.log()[-1]['token']
    assert x.send('GET', path, token=good[0]).status == 401
    assert x.log()[-1]['token'] == 'nonce was used before'
    assert x.send('GET', path, {'limit': 1}, token=x.key.token(uri)
                  ).status == 200


def test_keys(x):
    """a key of every form is let in"""
    x.stop()
    for kind in ('es256', 'es256-pkcs8', 'ed25519', 'ed25519-seed',
                 'ed25519-pem'):
        with start(key=kind + '.json') as other:
            assert other.get('/accounts').status == 200, kind
        assert os.stat(kind + '.json').st_mode & 0o777 == 0o600


def test_short_signatures(x):
    """signatures with small r or s are verified like all others"""
    path = API + '/key_permissions'
    for _ in range(300):
        token = x.key.token('GET %s%s' % (x.host, path))
        assert x.send('GET', path, token=token,
                      connection=x.link).status == 200


def test_permissions(x):
    """a key without a scope gets 403"""
    x.control(set={'can_trade': False})
    answer = order(x, quote_size='10')
    assert answer.status == 403
    assert answer.json['error'] == 'PERMISSION_DENIED'
    assert answer.json['message'] == 'Missing required scopes'
    assert x.get('/accounts').status == 200
    assert x.get('/key_permissions').json['can_trade'] is False
    x.control(set={'can_view': False})
    assert x.get('/accounts').status == 403


# --- shapes


def test_shapes(x):
    """the answers have the members of the documented samples"""
    id = placed(x, quote_size='25')
    has_shape(x.get('/accounts').json['accounts'][0],
              documented('docs_Account_GetAccounts')['accounts'][0])
    has_shape(x.get('/key_permissions').json,
              documented('docs_Account_GetApiKeyInfo'))
    has_shape(x.get('/transaction_summary').json,
              documented('docs_Account_GetFeeInfo'))
    has_shape(x.get('/portfolios').json['portfolios'][0],
              documented('docs_Account_GetPortfolios')['portfolios'][0])
    has_shape(x.open_get('/market/products').json['products'][0],
              documented('docs_ExchangeData_GetSymbols')['products'][0],
              ('future_product_details',))
    has_shape(told_order(x, id), documented('docs_Trading_GetOrder')['order'])
    with open(SHARED + '/coinbase/advanced/nautilus_http_order.json') as file:
        has_shape(told_order(x, id), json.load(file)['order'],
                  ('order_configuration',))
    with open(SHARED + '/coinbase/advanced/ccxt_fills_ADA-USDT.json') as file:
        has_shape(told_fills(x)[0], json.load(file)['fills'][0], ('cursor',))
    with open(SHARED + '/coinbase/advanced/nautilus_http_ticker.json') as file:
        sample = json.load(file)
        told = x.get('/products/BTC-USD/ticker', limit=3).json
        has_shape(told, sample)
        has_shape(told['trades'][0], sample['trades'][0])
    sample = documented('docs_ExchangeData_GetKlines')['candles'][0]
    now = int(time.time())
    has_shape(x.open_get('/market/products/BTC-USD/candles', start=now - 3600,
                         end=now, granularity='ONE_MINUTE'
                         ).json['candles'][0], sample)
    has_shape(x.post('/orders/batch_cancel', {'order_ids': [id]}).json,
              documented('docs_Trading_CancelOrders'))


def test_orders_keys(x):
    """names are taken as snake_case and lowerCamelCase"""
    body = {'clientOrderId': 'camel', 'productId': 'BTC-USD', 'side': 'BUY',
            'orderConfiguration': {'limitLimitGtc': {
                'baseSize': '0.001', 'limitPrice': '60000',
                'postOnly': True}}}
    told = x.post('/orders', body).json
    assert told['success'], told
    assert told['success_response']['client_order_id'] == 'camel'
    assert told['order_configuration'] == {'limit_limit_gtc': {
        'base_size': '0.001', 'limit_price': '60000', 'post_only': True}}
    id = told['success_response']['order_id']
    listed = x.get('/orders/historical/batch', orderIds=[id]).json['orders']
    assert [o['order_id'] for o in listed] == [id]
    told = x.post('/orders/batch_cancel', {'orderIds': [id]}).json
    assert told['results'] == [{
        'success': True, 'failure_reason': 'UNKNOWN_CANCEL_FAILURE_REASON',
        'order_id': id}]


def test_not_found(x):
    """what is not there is 404, in the gateway's words"""
    answer = x.get('/products/XYZ-USD')
    assert answer.status == 404
    assert answer.json['error'] == 'NOT_FOUND'
    assert answer.json['message'] == 'valid product_id is required'
    answer = x.get('/orders/historical/00000000-0000-4000-8000-000000000000')
    assert answer.status == 404
    text = 'order with this orderID was not found'
    assert answer.json == {'error': 'NOT_FOUND', 'error_details': text,
                           'message': text}
    answer = x.get('/no/such/path')
    assert answer.status == 404
    assert answer.json == {'error': 'unknown', 'error_details': 'Not Found',
                           'message': 'Not Found'}


def test_products(x):
    """products: alias, filter, pages, the bare single form"""
    told = x.open_get('/market/products',
                      product_ids=['ETH-USD', 'BTC-USDC']).json
    assert [p['product_id'] for p in told['products']] == \
        ['BTC-USDC', 'ETH-USD']
    assert told['products'][0]['alias'] == 'BTC-USD'
    single = x.open_get('/market/products/BTC-USD').json
    assert single['alias_to'] == ['BTC-USDC']
    shib = x.open_get('/market/products/SHIB-USD').json
    assert shib['price_increment'] == '0.00000001'
    assert shib['quote_increment'] == '0.01'
    names, cursor = [], ''
    while True:
        told = x.get('/products', limit=2, cursor=cursor).json
        names += [p['product_id'] for p in told['products']]
        cursor = told['pagination']['next_cursor']
        if not told['pagination']['has_next']:
            break
    assert len(names) == len(set(names)) == 5
    assert x.get('/products', product_type='FUTURE').json['products'] == []


def test_books(x):
    """best_bid_ask and product_book agree"""
    book = x.get('/product_book', product_id='BTC-USD', limit=3).json
    best = x.get('/best_bid_ask', product_ids='BTC-USD').json['pricebooks']
    assert len(best) == 1
    assert len(book['pricebook']['asks']) == 3
    assert best[0]['asks'] == book['pricebook']['asks'][:1]
    assert book['spread_absolute'] == '0.01'
    bid, ask = (Decimal(best[0][s][0]['price']) for s in ('bids', 'asks'))
    assert ask - bid == Decimal('0.01')
    assert len(x.get('/best_bid_ask').json['pricebooks']) == 5


# --- candles


def candles(x, start, end, granularity='ONE_MINUTE', product='BTC-USD', **more):
    return x.open_get('/market/products/%s/candles' % product, start=start,
                      end=end, granularity=granularity, **more)


def test_candles(x):
    """candles: newest first, both ends, gaps, 350 and no more"""
    x.stop()
    with open('candles.csv', 'w') as file:
        file.write('timestamp,open,high,low,close,volume\n')
        for i in range(0, 400):
            if i != 7:
                file.write('%d,%d.5,%d,%d,%d,1.25\n' % (
                    1767225600 + 60 * i, 100 + i, 110 + i, 90 + i, 101 + i))
    with start('--candles', 'BTC-USD=candles.csv', '--now',
               '2026-01-01T05:00:30Z', '--still') as y:
        t = 1767225600
        rows = candles(y, t, t + 600).json['candles']
        starts = [int(r['start']) for r in rows]
        assert starts == [t + 60 * i for i in range(10, -1, -1) if i != 7]
        assert rows[-1] == {'start': str(t), 'low': '90', 'high': '110',
                            'open': '100.5', 'close': '101',
                            'volume': '1.25'}
        hour = candles(y, t, t, 'ONE_HOUR').json['candles']
        assert hour == [{'start': str(t), 'low': '90', 'high': '169',
                         'open': '100.5', 'close': '160',
                         'volume': '73.75'}]
        assert len(candles(y, t - 349 * 60, t).json['candles']) == 1
        answer = candles(y, t - 350 * 60, t)
        assert answer.status == 400
        with open(SHARED + '/coinbase/errors.json') as file:
            body = json.loads(json.load(file)[0]['body'])
        assert {k: v.strip() for k, v in answer.json.items()} == body
        last = candles(y, t, t + 349 * 60).json['candles'][0]
        assert int(last['start']) == t + 300 * 60   # nothing of the future
        assert candles(y, t + 60, t).status == 400
        assert candles(y, t, t + 60, 'ONE_WEEK').status == 400
        assert candles(y, t - 86400, t - 80000).json == {'candles': []}
        told = y.open_get('/market/products/BTC-USD').json
        assert Decimal(told['price']) == 101 + 299


def test_generated(x):
    """generated candles fit their hours and are the same in every run"""
    x.stop()
    rows = []
    for _ in range(2):
        with start('--seed', 'abc', '--generate', 'BTC-USD=50000', '--now',
                   '2026-01-02', '--still') as y:
            t = 1767225600
            minutes = candles(y, t, t + 3540).json['candles']
            hour, = candles(y, t, t, 'ONE_HOUR').json['candles']
            rows.append((minutes, hour))
            assert len(minutes) <= 60
            assert hour['open'] == minutes[-1]['open']
            assert hour['close'] == minutes[0]['close']
            highs = [Decimal(m['high']) for m in minutes]
            assert Decimal(hour['high']) == max(highs)
            assert Decimal(hour['volume']) == sum(
                Decimal(m['volume']) for m in minutes)
            for m in minutes:
                assert Decimal(m['low']) <= Decimal(m['open'])
                assert Decimal(m['close']) <= Decimal(m['high'])
            days = candles(y, t - 300 * 86400, t, 'ONE_DAY').json['candles']
            assert len(days) == 301
            gaps = candles(y, t - 349 * 60, t).json['candles']
            assert 330 < len(gaps) < 350
    assert rows[0] == rows[1]


def test_tape(x):
    """a tape is replayed by the clock"""
    x.stop()
    with open('tape.csv', 'w') as file:
        file.write('timestamp,price\n100,10.00\n160,11.50\n220,9.25\n')
    with start('--end', '1970-01-01T00:03:40Z', '--tape', 'ETH-USD=tape.csv',
               '--now', '1970-01-01T00:02:00Z', '--still') as y:
        def price():
            return y.open_get('/market/products/ETH-USD').json['price']

        assert price() == '10'
        y.control(advance_ms=40000)
        assert price() == '11.5'
        y.control(advance_ms=59000)
        assert price() == '11.5'
        y.control(advance_ms=1000)
        assert price() == '9.25'


ask(globals(), sys.argv[2:])
