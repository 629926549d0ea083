"""What t/5100-exchange.t asks of the stand-in.

Each test is a function whose first line of documentation is its sentence;
a line "ok SENTENCE" or "not SENTENCE" a test goes to standard output, what
went wrong to standard error.
"""

import http.client
import json
import os
import ssl
import sys
import time
from decimal import Decimal, ROUND_HALF_EVEN

from exchange import API, ask, start

SHARED = sys.argv[1]
PLACES = Decimal('1e-16')


def rounded(d):
    return Decimal(d).quantize(PLACES, ROUND_HALF_EVEN)


def documented(name):
    with open('%s/coinbase/advanced/%s.json' % (SHARED, name)) as file:
        return json.load(file)['response']


serial = iter(range(1, 100000))


def order(x, side='BUY', product='BTC-USD', kind='market_market_ioc', id=None,
          **configuration):
    body = {'client_order_id': id or 'id-%d' % next(serial),
            'product_id': product, 'side': side,
            'order_configuration': {kind: configuration}}
    return x.post('/orders', body)


def placed(x, *args, **more):
    """The id of an order that was accepted."""
    told = order(x, *args, **more).json
    assert told['success'], told
    return told['success_response']['order_id']


def told_order(x, id):
    return x.get('/orders/historical/' + id).json['order']


def told_fills(x, **query):
    return x.get('/orders/historical/fills', **query).json['fills']


def balance(x, currency):
    for account in x.get('/accounts').json['accounts']:
        if account['currency'] == currency:
            return (Decimal(account['available_balance']['value']),
                    Decimal(account['hold']['value']))
    return None


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


# --- money


def test_arithmetic(x):
    """a buy by quote size is exact to the last of 16 digits"""
    rows = [('1.5', '0.0075', '1.488833746898263', '0.011166253101737'),
            ('5', '0.008', '4.9603174603174603', '0.0396825396825397'),
            ('23.56', '0.004', None, None),
            ('1.5', '0.012', '1.4822134387351779', '0.0177865612648221'),
            ('25.00', '0.012', '24.7035573122529644', '0.2964426877470356')]
    for size, rate, value, fees in rows:
        x.control(set={'taker_rate': rate})
        told = told_order(x, placed(x, quote_size=size))
        if value is None:
            assert told['filled_value'].startswith('23.46613545816733')
        else:
            assert (told['filled_value'], told['total_fees']) == (value, fees)
        assert Decimal(told['filled_value']) + Decimal(told['total_fees']) == \
            Decimal(size)
        assert Decimal(told['total_value_after_fees']) == Decimal(size)
        assert told['size_in_quote'] and told['size_inclusive_of_fees']
        assert told['status'] == 'FILLED' and told['settled']


def test_documented_order(x):
    """the documented order of 25.00 in two fills, digit for digit"""
    x.control(book={'BTC-USD': {
        'bids': [['64999.99', '0.41']],
        'asks': [['65000.01', '0.00030769226035504303'[:20]],
                 ['65003.27', '0.8']]}})
    told = told_order(x, placed(x, quote_size='25.00'))
    fills = told_fills(x)
    assert told['number_of_fills'] == '2' and len(fills) == 2
    assert told['filled_value'] == '24.7035573122529644'
    assert [f['price'] for f in fills] == ['65003.27', '65000.01']
    assert all(f['size_in_quote'] for f in fills)
    assert sum(Decimal(f['commission']) for f in fills) == \
        Decimal('0.2964426877470356')
    assert sum(Decimal(f['size']) for f in fills) == \
        Decimal('24.7035573122529644')
    assert told['filled_size'].startswith('0.00038005104034')
    assert abs(Decimal(told['average_filled_price']) -
               Decimal('65000.6306788155344689')) < Decimal('1e-4')


def test_base_orders(x):
    """a sale's fee is taken from the proceeds, a buy's comes on top"""
    x.control(price={'BTC-USD': '64990.56'})
    placed(x, kind='market_market_ioc', base_size='0.002')
    usd, _ = balance(x, 'USD')
    assert usd == 10000 - rounded('0.002') * Decimal('64990.56') * \
        Decimal('1.012')
    told = told_order(x, placed(x, 'SELL', base_size='0.001'))
    assert told['average_filled_price'] == '64990.55'
    assert told['filled_value'] == '64.99055'
    assert told['total_fees'] == '0.7798866'
    assert told['total_value_after_fees'] == '64.2106634'
    assert not told['size_in_quote'] and not told['size_inclusive_of_fees']
    fill = told_fills(x)[0]
    assert fill['size'] == '0.001' and fill['commission'] == '0.7798866'
    assert not fill['size_in_quote']
    assert balance(x, 'USD')[0] == usd + Decimal('64.2106634')


def test_money_is_kept(x):
    """balances are what the fills say, whatever was traded"""
    x.control(set={'fill_parts': 3})
    for i in range(6):
        placed(x, quote_size='%d.01' % (20 + i))
        placed(x, product='ETH-USD', base_size='0.0%d' % (i + 1))
        placed(x, 'SELL', base_size='0.0001')
    usd, coins = Decimal(10000), {'BTC-USD': Decimal(0), 'ETH-USD': Decimal(0)}
    for f in told_fills(x, limit=3000):
        size, price = Decimal(f['size']), Decimal(f['price'])
        quote = size if f['size_in_quote'] else rounded(size * price)
        base = rounded(size / price) if f['size_in_quote'] else size
        sign = 1 if f['side'] == 'BUY' else -1
        usd -= sign * quote + Decimal(f['commission'])
        coins[f['product_id']] += sign * base
    assert balance(x, 'USD') == (usd, 0)
    assert balance(x, 'BTC')[0] == coins['BTC-USD']
    assert balance(x, 'ETH')[0] == coins['ETH-USD']
    for o in x.get('/orders/historical/batch').json['orders']:
        fills = told_fills(x, order_ids=o['order_id'])
        assert len(fills) == int(o['number_of_fills']) == 3
        assert sum(Decimal(f['commission']) for f in fills) == \
            Decimal(o['total_fees'])


# --- orders


def refusal(x, *args, **more):
    answer = order(x, *args, **more)
    assert answer.status == 200
    told = answer.json
    assert told['success'] is False and 'success_response' not in told
    e = told['error_response']
    assert e['error'] == e['new_order_failure_reason']
    return e['new_order_failure_reason'], e['preview_failure_reason'], \
        e['message']


def test_refusals(x):
    """refusals come with 200 and the words on record"""
    unknown = 'UNKNOWN_FAILURE_REASON'
    assert refusal(x, quote_size='99999.00') == (
        'INSUFFICIENT_FUND', 'PREVIEW_INSUFFICIENT_FUND',
        'Insufficient balance in source account')
    assert refusal(x, 'SELL', base_size='1')[0] == 'INSUFFICIENT_FUND'
    assert refusal(x, base_size='0.000000001') == (
        'INVALID_SIZE_PRECISION', 'PREVIEW_INVALID_SIZE_PRECISION',
        'Too many decimals in order amount')
    assert refusal(x, kind='limit_limit_gtc', base_size='0.001',
                   limit_price='60000.001') == (
        'INVALID_PRICE_PRECISION', 'PREVIEW_INVALID_PRICE_PRECISION',
        'Too many decimals in order price')
    assert refusal(x, quote_size='25.001') == (
        unknown, 'PREVIEW_INVALID_QUOTE_SIZE_PRECISION', '')
    assert refusal(x, quote_size='0.99') == (
        unknown, 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL', '')
    assert refusal(x, base_size='0') == (
        unknown, 'PREVIEW_INVALID_BASE_SIZE_TOO_SMALL', '')
    assert refusal(x, base_size='3401') == (
        unknown, 'PREVIEW_INVALID_BASE_SIZE_TOO_LARGE', '')
    assert refusal(x) == (
        'UNSUPPORTED_ORDER_CONFIGURATION', 'PREVIEW_INVALID_ORDER_CONFIG',
        'Market orders cannot be placed with empty order sizes')
    assert refusal(x, 'SELL', quote_size='10')[0] == \
        'UNSUPPORTED_ORDER_CONFIGURATION'
    assert refusal(x, product='XYZ-USD', quote_size='10')[0] == \
        'INVALID_PRODUCT_ID'
    assert refusal(x, kind='limit_limit_gtc', base_size='0.001',
                   limit_price='65000', post_only=True)[:2] == (
        'INVALID_LIMIT_PRICE_POST_ONLY',
        'PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY')
    assert refusal(x, kind='limit_limit_gtd', base_size='0.001',
                   limit_price='60000', end_time='2020-01-01T00:00:00Z'
                   )[0] == 'END_TIME_IS_IN_THE_PAST'
    assert refusal(x, kind='market_market_fok', quote_size='10')[0] == \
        'FOK_ONLY_ALLOWED_ON_LIMIT_ORDERS'
    assert x.get('/orders/historical/batch').json['orders'] == []
    assert balance(x, 'USD') == (10000, 0)


def test_flags(x):
    """a product's flags are obeyed"""
    for flag in ('trading_disabled', 'cancel_only', 'auction_mode',
                 'is_disabled', 'view_only', 'limit_only', 'post_only'):
        x.control(product={'BTC-USD': {flag: True}})
        assert x.open_get('/market/products/BTC-USD').json[flag] is True
        refusal(x, quote_size='10')
        x.control(product={'BTC-USD': {flag: False}})
    x.control(product={'BTC-USD': {'limit_only': True}})
    placed(x, kind='limit_limit_gtc', base_size='0.001', limit_price='60000')
    x.control(product={'BTC-USD': {'status': 'offline'}})
    refusal(x, quote_size='10')


def test_bad_requests(x):
    """what is no order is 400 in the gateway's envelope"""
    good = {'client_order_id': 'a', 'product_id': 'BTC-USD', 'side': 'BUY',
            'order_configuration': {'market_market_ioc': {'quote_size': '9'}}}
    bad = [b'', b'{', b'[]', b'{"a":1,"a":2}',
           {**good, 'client_order_id': ''},
           {**good, 'client_order_id': 'x' * 129},
           {k: v for k, v in good.items() if k != 'client_order_id'},
           {**good, 'side': 'HOLD'},
           {**good, 'order_configuration': {}},
           {**good, 'order_configuration': {'new_kind': {}}},
           {**good, 'order_configuration': {
               'market_market_ioc': {'quote_size': 9}}},
           {**good, 'order_configuration': {
               'market_market_ioc': {'quote_size': '1e1'}}},
           {**good, 'order_configuration': {
               'market_market_ioc': {'quote_size': '9'},
               'limit_limit_gtc': {}}}]
    for body in bad:
        answer = x.post('/orders', body)
        assert answer.status == 400, body
        assert set(answer.json) == {'error', 'error_details', 'message'}
    assert x.post('/orders', {**good, 'client_order_id': 'x' * 128}).status \
        == 200


def test_idempotent(x):
    """a repeated id is the old order, with an echo of the new request"""
    first = order(x, id='same', quote_size='25').json
    again = order(x, id='same', quote_size='25').json
    assert first == again
    other = order(x, 'SELL', 'ETH-USD', id='same', base_size='1').json
    assert other['success']
    told = other['success_response']
    assert told['order_id'] == first['success_response']['order_id']
    assert (told['side'], told['product_id']) == ('SELL', 'ETH-USD')
    assert other['order_configuration'] == {
        'market_market_ioc': {'base_size': '1'}}
    found = told_order(x, told['order_id'])
    assert (found['side'], found['product_id']) == ('BUY', 'BTC-USD')
    assert len(x.get('/orders/historical/batch').json['orders']) == 1
    assert [r['outcome'] for r in x.log() if r['method'] == 'POST'] == \
        ['accepted', 'repeated', 'repeated']
    x.control(set={'deduplicate': False})
    order(x, id='same', quote_size='25')
    assert len(x.get('/orders/historical/batch').json['orders']) == 2


def test_holds(x):
    """open orders hold money, which cancelling and filling give back"""
    buy = placed(x, kind='limit_limit_gtc', base_size='0.01',
                 limit_price='60000')
    assert balance(x, 'USD') == (Decimal('10000') - Decimal('607.2'),
                                 Decimal('607.2'))
    told = told_order(x, buy)
    assert told['status'] == 'OPEN'
    assert told['outstanding_hold_amount'] == '607.2'
    assert told['time_in_force'] == 'GOOD_UNTIL_CANCELLED'
    assert refusal(x, kind='limit_limit_gtc', base_size='0.16',
                   limit_price='60000')[0] == 'INSUFFICIENT_FUND'
    x.post('/orders/batch_cancel', {'order_ids': [buy]})
    assert told_order(x, buy)['status'] == 'CANCELLED'
    assert told_order(x, buy)['cancel_message'] == 'User requested cancel'
    assert balance(x, 'USD') == (10000, 0)
    buy = placed(x, kind='limit_limit_gtc', base_size='0.01',
                 limit_price='60000')
    x.control(price={'BTC-USD': '59990'})
    told = told_order(x, buy)
    assert told['status'] == 'FILLED' and told['filled_value'] == '600'
    assert told['total_fees'] == '3.6'      # as a maker
    assert balance(x, 'USD') == (Decimal('9396.4'), 0)
    assert told_fills(x)[0]['liquidity_indicator'] == 'MAKER'
    sell = placed(x, 'SELL', kind='limit_limit_gtc', base_size='0.004',
                  limit_price='70000')
    assert balance(x, 'BTC') == (Decimal('0.006'), Decimal('0.004'))
    x.control(price={'BTC-USD': '70000.01'})
    assert told_order(x, sell)['status'] == 'FILLED'
    assert balance(x, 'BTC') == (Decimal('0.006'), 0)


def test_kinds(x):
    """every kind of order takes its course"""
    book = {'bids': [['64000', '1']], 'asks': [['65000', '0.01'],
                                               ['65100', '0.01']]}
    x.control(book={'BTC-USD': book})
    ioc = told_order(x, placed(x, kind='sor_limit_ioc', base_size='0.03',
                               limit_price='65000'))
    assert ioc['status'] == 'CANCELLED' and ioc['filled_size'] == '0.01'
    assert ioc['completion_percentage'] == '33.33'
    assert balance(x, 'USD')[1] == 0
    x.control(book={'BTC-USD': book})
    fok = told_order(x, placed(x, kind='limit_limit_fok', base_size='0.03',
                               limit_price='66000'))
    assert fok['status'] == 'CANCELLED' and fok['filled_size'] == '0'
    fok = told_order(x, placed(x, kind='limit_limit_fok', base_size='0.02',
                               limit_price='66000'))
    assert fok['status'] == 'FILLED' and fok['number_of_fills'] == '2'
    assert fok['filled_value'] == '1301'
    x.control(price={'BTC-USD': '65000'})
    end = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 100))
    gtd = placed(x, kind='limit_limit_gtd', base_size='0.01',
                 limit_price='50000', end_time=end)
    assert told_order(x, gtd)['time_in_force'] == 'GOOD_UNTIL_DATE_TIME'
    x.control(advance_ms=100000)
    x.skew = 100
    assert told_order(x, gtd)['status'] == 'EXPIRED'
    assert told_order(x, gtd)['cancel_message'] == 'Order expired'
    stop = placed(x, 'SELL', kind='stop_limit_stop_limit_gtc',
                  base_size='0.01', limit_price='58900', stop_price='59000',
                  stop_direction='STOP_DIRECTION_STOP_DOWN')
    told = told_order(x, stop)
    assert told['status'] == 'OPEN' and told['order_type'] == 'STOP_LIMIT'
    assert told['trigger_status'] == 'STOP_PENDING'
    x.control(price={'BTC-USD': '58950'})
    told = told_order(x, stop)
    assert told['trigger_status'] == 'STOP_TRIGGERED'
    assert told['status'] == 'FILLED'


def test_cancel(x):
    """cancelling what is gone says why"""
    done = placed(x, quote_size='10')
    open_ = placed(x, kind='limit_limit_gtc', base_size='0.001',
                   limit_price='60000')
    none = '00000000-0000-4000-8000-000000000000'
    x.control(set={'cancel_delay_ms': 60000})
    told = x.post('/orders/batch_cancel',
                  {'order_ids': [done, open_, open_, none]}).json['results']
    assert [r['failure_reason'] for r in told] == [
        'ORDER_IS_FULLY_FILLED', 'UNKNOWN_CANCEL_FAILURE_REASON',
        'DUPLICATE_CANCEL_REQUEST', 'UNKNOWN_CANCEL_ORDER']
    assert [r['success'] for r in told] == [False, True, False, False]
    assert told_order(x, open_)['status'] == 'CANCEL_QUEUED'
    assert told_order(x, open_)['pending_cancel'] is True
    assert x.post('/orders/batch_cancel', {'order_ids': ['a'] * 101}
                  ).status == 400


def test_edit(x):
    """an open limit order can be edited, nothing else"""
    id = placed(x, kind='limit_limit_gtc', base_size='0.01',
                limit_price='60000')
    told = x.post('/orders/edit', {'order_id': id, 'price': '59000',
                                   'size': '0.02'}).json
    assert told['success'] and told['errors'] == [], told
    told = told_order(x, id)
    assert told['order_configuration']['limit_limit_gtc']['base_size'] == \
        '0.02'
    assert told['edit_history'][0]['price'] == '59000'
    assert balance(x, 'USD')[1] == Decimal('1194.16')
    done = placed(x, quote_size='10')
    for body, why in (
            ({'order_id': done, 'price': '1', 'size': '1'},
             'ONLY_OPEN_ORDERS_CAN_BE_EDITED'),
            ({'order_id': 'x', 'price': '1', 'size': '1'}, 'ORDER_NOT_FOUND'),
            ({'order_id': id, 'price': '59000', 'size': '0.02'},
             'EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST')):
        told = x.post('/orders/edit', body).json
        assert not told['success']
        assert told['errors'][0]['edit_failure_reason'] == why
    assert x.post('/orders/edit', {'order_id': id}).status == 400


def test_preview(x):
    """a preview says what an order would come to, and moves nothing"""
    body = {'product_id': 'BTC-USD', 'side': 'BUY', 'order_configuration': {
        'market_market_ioc': {'quote_size': '25.00'}}}
    told = x.post('/orders/preview', body).json
    assert told['errs'] == [] and told['order_total'] == '25'
    assert told['commission_total'] == '0.2964426877470356'
    assert told['quote_size'] == '24.7035573122529644'
    body['order_configuration']['market_market_ioc']['quote_size'] = '99999'
    told = x.post('/orders/preview', body).json
    assert told['errs'] == ['PREVIEW_INSUFFICIENT_FUND']
    assert balance(x, 'USD') == (10000, 0)


def test_lists(x):
    """orders are listed by status, product, time and page"""
    ids = [placed(x, quote_size='10') for _ in range(5)]
    ids.append(placed(x, product='ETH-USD', quote_size='10'))
    ids.append(placed(x, kind='limit_limit_gtc', base_size='0.001',
                      limit_price='60000'))

    def listed(**query):
        rows, cursor = [], ''
        while True:
            told = x.get('/orders/historical/batch', cursor=cursor,
                         **query).json
            rows += [o['order_id'] for o in told['orders']]
            cursor = told['cursor']
            assert told['has_next'] == (cursor != '')
            if not told['has_next']:
                return rows

    assert listed() == ids[::-1]
    assert listed(limit=2) == ids[::-1]
    assert listed(order_status='OPEN') == ids[-1:]
    assert listed(order_status=['FILLED', 'CANCELLED']) == ids[-2::-1]
    assert listed(product_ids='ETH-USD') == [ids[5]]
    assert listed(product_id='ETH-USD') == [ids[5]]
    assert listed(order_side='SELL') == []
    assert listed(start_date='2100-01-01T00:00:00Z') == []
    assert listed(end_date='2000-01-01T00:00:00Z') == []
    assert listed(order_types='LIMIT') == ids[-1:]
    assert x.get('/orders/historical/batch', order_status=['OPEN', 'FILLED']
                 ).status == 400
    assert x.get('/orders/historical/batch', cursor='nonsense').status == 400
    fills, cursor = [], ''
    while True:
        told = x.get('/orders/historical/fills', limit=4, cursor=cursor).json
        assert set(told) == {'fills', 'cursor'}
        fills += [f['order_id'] for f in told['fills']]
        cursor = told['cursor']
        if not cursor:
            break
    assert fills == ids[-2::-1]


def test_accounts(x):
    """accounts are paged and found by id; deposits are v2 transactions"""
    for i in range(60):
        x.control(deposit={'currency': 'COIN%d' % i, 'amount': '1.5'})
    told = x.get('/accounts').json
    assert told['size'] == 49 and told['has_next']
    rest = x.get('/accounts', cursor=told['cursor']).json
    assert rest['size'] == 12 and not rest['has_next']
    assert x.get('/accounts', limit=250).json['size'] == 61
    id = told['accounts'][3]['uuid']
    assert x.get('/accounts/' + id).json['account'] == told['accounts'][3]
    assert x.get('/accounts/nope').status == 404
    usd = told['accounts'][0]['uuid']
    x.control(deposit={'currency': 'USD', 'amount': '-5'})
    x.control(deposit={'currency': 'USD', 'amount': '500'})
    path = '/v2/accounts/%s/transactions' % usd
    told = x.send('GET', path, {'limit': 1}).json
    assert [t['type'] for t in told['data']] == ['fiat_deposit']
    next_ = told['pagination']['next_uri'].split('starting_after=')[1]
    told = x.send('GET', path, {'limit': 1, 'starting_after': next_}).json
    assert told['data'][0]['amount'] == {'amount': '-5', 'currency': 'USD'}
    assert told['pagination']['next_uri'] is None


def test_v2(x):
    """what clients of the newer API still ask the older one"""
    told = x.send('GET', '/v2/time', token=False).json['data']
    assert abs(told['epoch'] - time.time()) < 5
    told = x.send('GET', '/v2/currencies', token=False).json['data']
    assert told[0]['id'] == 'USD'
    told = x.send('GET', '/v2/currencies/crypto', token=False).json['data']
    assert [c['code'] for c in told] == ['BTC', 'ETH', 'SOL', 'SHIB']
    told = x.send('GET', '/v2/exchange-rates', token=False).json['data']
    assert told['rates']['ETH'] == '0.0005'
    told = x.send('GET', '/v2/accounts').json['data']
    assert told[0]['balance'] == {'amount': '10000', 'currency': 'USD'}
    assert x.send('GET', '/v2/accounts', token=False).status == 401
    answer = x.send('GET', '/v2/accounts/nope')
    assert answer.json['errors'][0]['id'] == 'not_found'


# --- what goes wrong


def test_course(x):
    """late fills, fees and sightings by the clock"""
    x.control(now='2026-03-02T14:00:00Z')
    x.skew = 1772460000 - time.time()

    def pass_ms(ms):
        x.control(advance_ms=ms)
        x.skew += ms / 1000

    x.control(set={'visibility_ms': 1000, 'fill_delay_ms': 2000,
                   'fills_lag_ms': 500, 'fee_lag_ms': 700,
                   'settle_lag_ms': 900})
    id = placed(x, quote_size='25')
    assert x.get('/orders/historical/' + id).status == 404
    assert x.get('/orders/historical/batch').json['orders'] == []
    pass_ms(1000)
    told = told_order(x, id)
    assert told['status'] == 'PENDING' and told['filled_size'] == '0'
    assert told['outstanding_hold_amount'] == '25'
    assert told['last_fill_time'] is None
    pass_ms(1000)
    told = told_order(x, id)
    assert told['status'] == 'FILLED' and told['number_of_fills'] == '1'
    assert told['total_fees'] == '0' and told['settled'] is False
    assert told_fills(x) == []
    pass_ms(500)
    assert len(told_fills(x)) == 1
    pass_ms(200)
    assert told_order(x, id)['total_fees'] == '0.2964426877470356'
    pass_ms(200)
    assert told_order(x, id)['settled'] is True
    assert told_order(x, id)['created_time'] == '2026-03-02T14:00:00.000000Z'


def test_partial(x):
    """part of a market order is filled, the rest is cancelled"""
    x.control(set={'fill_part': '0.4', 'fill_parts': 2})
    told = told_order(x, placed(x, quote_size='25'))
    assert told['status'] == 'CANCELLED'
    assert told['filled_value'] == '9.88' and told['number_of_fills'] == '2'
    assert told['total_fees'] == '0.11856'
    assert balance(x, 'USD') == (10000 - Decimal('9.99856'), 0)
    open_ = placed(x, kind='limit_limit_gtc', base_size='0.01',
                   limit_price='66000')
    told = told_order(x, open_)
    assert told['status'] == 'OPEN' and told['filled_size'] == '0.004'
    x.post('/orders/batch_cancel', {'order_ids': [open_]})
    told = told_order(x, open_)
    assert told['status'] == 'CANCELLED' and told['filled_size'] == '0.004'
    assert balance(x, 'USD')[1] == 0


def test_lies(x):
    """every lie about an order can be told"""
    good = placed(x, quote_size='10')
    lies = {'wrong_client_order_id': 'client_order_id', 'wrong_side': 'side',
            'wrong_product': 'product_id'}
    for lie, member in lies.items():
        x.control(set={lie: True})
        told = order(x, id='lie-' + lie, quote_size='10').json
        asked = {'client_order_id': 'lie-' + lie, 'side': 'BUY',
                 'product_id': 'BTC-USD'}
        differs = [k for k, v in asked.items()
                   if told['success_response'][k] != v]
        assert differs == [member]
        x.control(reset=True)
    x.control(set={'no_order_id': True})
    assert 'order_id' not in order(x, quote_size='10'
                                   ).json['success_response']
    x.control(reset=True, set={
        'status_word': 'NEW_STATUS', 'extra_members': True, 'nulls': True,
        'numbers': True, 'empty_amounts': True, 'fee': '1.5',
        'cancel_message': 'Internal error', 'sum_off': '0.0000000000000001'})
    raw = x.get('/orders/historical/' + good).body.decode()
    told = json.loads(raw, parse_float=str, parse_int=str)['order']
    assert told['status'] == 'NEW_STATUS' and 'brand_new_member' in told
    assert told['leverage'] is None and told['fee'] == '1.5'
    assert '"filled_value":9.8814229249011858,' in raw
    assert told['outstanding_hold_amount'] == ''
    assert told['cancel_message'] == 'Internal error'
    assert told['total_value_after_fees'] == '10.0000000000000001'
    x.control(reset=True, set={'refuse': 'A_NEW_REASON'})
    assert refusal(x, quote_size='10')[0] == 'A_NEW_REASON'
    x.control(reset=True, set={'fail_accepted': True})
    told = told_order(x, placed(x, quote_size='10'))
    assert told['status'] == 'FAILED'
    assert told['reject_reason'] == 'HOLD_FAILURE'
    x.control(reset=True, set={'double_orders': True})
    order(x, id='twice', quote_size='10')
    listed = x.get('/orders/historical/batch').json['orders']
    assert [o['client_order_id'] for o in listed].count('twice') == 2
    x.control(reset=True, set={'maker_rate': '-0.001'})
    id = placed(x, kind='limit_limit_gtc', base_size='0.001',
                limit_price='60000')
    x.control(price={'BTC-USD': '60000'})
    assert told_order(x, id)['total_fees'] == '-0.06'


def test_list_faults(x):
    """every fault of a list can be had"""
    x.control(set={'fill_parts': 2, 'same_trade_id': True})
    for _ in range(3):
        placed(x, quote_size='10')
    fills = told_fills(x)
    assert len({f['trade_id'] for f in fills}) == 3
    assert len({f['entry_id'] for f in fills}) == 6
    x.control(set={'reverse_fills': True})
    assert [f['entry_id'] for f in told_fills(x)] == \
        [f['entry_id'] for f in fills][::-1]
    x.control(reset=True, set={'repeat_fills': True})
    assert len(told_fills(x)) == 12
    x.control(reset=True, set={'reversals': True})
    told = told_fills(x)
    assert sorted(f['trade_type'] for f in told) == \
        ['CORRECTION'] * 6 + ['FILL'] * 6 + ['REVERSAL'] * 6
    assert len({f['entry_id'] for f in told}) == 18

    def page(cursor=''):
        return x.get('/orders/historical/batch', cursor=cursor, limit=1)

    x.control(reset=True, set={'cursor_repeats': True})
    cursor = page().json['cursor']
    assert page(cursor).json['cursor'] == cursor != ''
    x.control(reset=True, set={'has_next_for_ever': True})
    cursor = ''
    for _ in range(9):
        told = page(cursor).json
        assert told['has_next'] and told['cursor'] != ''
        cursor = told['cursor']
    x.control(reset=True, set={'page_overlap': True})
    first = page().json
    second = page(first['cursor']).json
    assert second['orders'][0] == first['orders'][0]
    assert len(second['orders']) == 2
    x.control(reset=True, set={'page_fails': 2})
    first = page()
    assert first.status == 200 and page(first.json['cursor']).status == 500
    x.control(reset=True, set={'page_max': 2})
    assert len(x.get('/orders/historical/batch', limit=100).json['orders']
               ) == 2


def goes_wrong(x, path='/accounts', timeout=2):
    try:
        answer = x.send('GET', API + path, timeout=timeout)
    except (http.client.HTTPException, OSError) as error:
        return error
    return answer


def test_wire_faults(x):
    """every fault of the connection can be had, and is logged"""
    errors = (http.client.HTTPException, OSError)
    for rule in ('cut_before', 'reset_before', 'lose_answer', 'reset',
                 'garbage', 'truncate', 'long_length', 'chunk_garbage'):
        x.control(forget_faults=True, fault=rule + ',times=1')
        assert isinstance(goes_wrong(x), errors), rule
        assert x.log()[-1]['fault'] == rule
        assert x.log()[-1]['outcome'] == (
            'not served' if 'before' in rule else '')
        assert x.get('/accounts').status == 200
    x.control(forget_faults=True, fault='short_length,times=1')
    assert len(goes_wrong(x).body) == 100
    x.control(fault='stall=3000,times=1')
    assert isinstance(goes_wrong(x, timeout=0.3), errors)
    x.control(fault='slow=200,times=1')
    assert isinstance(goes_wrong(x, timeout=0.1), errors)
    x.control(fault='delay=300,times=1')
    begun = time.monotonic()
    assert goes_wrong(x).status == 200 and time.monotonic() - begun >= 0.3
    link = x.open(2)
    x.control(fault='endless,times=1')
    token = x.key.token('GET %s%s/accounts' % (x.host, API))
    link.request('GET', API + '/accounts', None,
                 {'Authorization': 'Bearer ' + token})
    assert len(link.getresponse().read(1 << 20)) == 1 << 20
    link.close()


def test_answer_faults(x):
    """every wrong status and body can be had"""
    cases = [
        ('unauthorized', 401, b'Unauthorized\n', 'text/plain'),
        ('status=502,body=html', 502, b'<!DOCTYPE html>', 'text/html'),
        ('status=503,body=text', 503, b'upstream error', 'text/plain'),
        ('status=500', 500, b'{"error":"INTERNAL"', 'application/json'),
        ('served_status=504', 504, b'{"error":"INTERNAL"',
         'application/json'),
        ('html', 200, b'<!DOCTYPE html>', 'text/html'),
        ('empty', 200, b'', 'application/json'),
        ('braces', 200, b'{}', 'application/json'),
        ('redirect=https://example.org/x', 302, b'<!DOCTYPE', 'text/html'),
        ('status=429', 429, b'{"errors":[{"id":"rate_limit_exceeded"',
         'application/json'),
    ]
    for rule, status, body, kind in cases:
        x.control(forget_faults=True, fault=rule + ',times=1')
        answer = goes_wrong(x)
        assert answer.status == status, (rule, answer.status)
        assert answer.body.startswith(body), (rule, answer.body)
        assert answer.headers['Content-Type'] == kind
        assert x.get('/accounts').status == 200
    x.control(fault='status=429,body=html,retry_after=7,times=1')
    answer = goes_wrong(x)
    assert answer.headers['Retry-After'] == '7'
    assert answer.headers['Content-Type'] == 'text/html'
    x.control(fault='redirect=https://example.org/x,times=1')
    assert goes_wrong(x).headers['Location'] == 'https://example.org/x'


def test_rules(x):
    """a rule knows its method, path, skip and times"""
    x.control(fault='status=500,method=POST,path=/orders,skip=1,times=2')
    assert x.get('/accounts').status == 200
    codes = [order(x, quote_size='10').status for _ in range(4)]
    assert codes == [200, 500, 500, 200]
    assert x.control(forget_faults=True)['faults'] == []
    x.control(fault=['status=501,path=/orders/historical/*'])
    assert x.get('/orders/historical/fills').status == 501
    assert x.get('/accounts').status == 200
    answer = x.send('POST', '/_control', body={'fault': 'nope'}, token=False)
    assert answer.status == 400
    answer = x.send('POST', '/_control', body={'nope': 1}, token=False)
    assert answer.status == 400
    answer = x.send('POST', '/_control', body={'set': {'nope': 1}},
                    token=False)
    assert answer.status == 400


def test_lost_answer(x):
    """a lost answer leaves its order, and the repeat finds it"""
    x.control(fault='lose_answer,method=POST,path=/orders,times=1')
    try:
        order(x, id='lost', quote_size='10')
        raise AssertionError('an answer came')
    except (http.client.HTTPException, OSError):
        pass
    seen = [r for r in x.log() if r['method'] == 'POST']
    assert len(seen) == 1 and seen[0]['outcome'] == 'accepted'
    assert seen[0]['client_order_id'] == 'lost'
    assert placed(x, id='lost', quote_size='10') == seen[0]['order_id']


def test_rate_limit(x):
    """too many requests a second are 429"""
    x.control(set={'rate_limit': 3})
    codes = [x.open_get('/time').status for _ in range(8)]
    assert 429 in codes and codes[0] == 200
    x.control(reset=True)


def test_skew(x):
    """a server whose clock is ahead refuses tokens and says its time"""
    x.control(set={'skew_s': 181})
    assert x.get('/accounts').status == 401
    assert x.log()[-1]['token'] == 'expired'
    told = int(x.open_get('/time').json['epochSeconds'])
    assert 178 < told - time.time() < 184
    x.skew = 181
    assert x.get('/accounts').status == 200


def test_keep_alive(x):
    """one connection serves many requests; the log shows its port"""
    for _ in range(3):
        x.send('GET', API + '/time', token=False, connection=x.link)
    assert len({r['port'] for r in x.log()[-3:]}) == 1


def test_flaws(x):
    """wrong certificates and old TLS can be had"""
    x.stop()
    for flaw in ('expired', 'wrong-host', 'self-signed'):
        with start('--flaw', flaw) as y:
            try:
                y.open_get('/time')
                raise AssertionError(flaw)
            except ssl.SSLCertVerificationError:
                pass
    with start('--tls', '1.1') as y:
        try:
            y.open_get('/time')
            raise AssertionError('TLS 1.1')
        except ssl.SSLError:
            pass
    with start('--tls', '1.3') as y:
        assert y.open_get('/time').status == 200
    with start('--plain') as y:
        assert y.open_get('/time').status == 200


def test_same_again(x):
    """the same seed and clock give the same bytes"""
    x.stop()
    runs = []
    for _ in range(2):
        with start('--seed', 's', '--now', '2026-03-02T14:05:09Z',
                   '--still') as y:
            y.skew = 1772460309 - time.time()
            id = placed(y, id='x', quote_size='25')
            runs.append((id, y.get('/orders/historical/' + id).body,
                         y.get('/orders/historical/fills').body))
    assert runs[0] == runs[1]


ask(globals(), sys.argv[2:])
