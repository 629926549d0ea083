"""What t/5110-exchange-orders.t asks of the stand-in: money and orders.

Each test is a function; its documentation is its sentence.
"""

import sys
import time
from decimal import Decimal, ROUND_HALF_EVEN

from exchange import ask
from exchange_orders import balance, order, placed, refusal, told_fills, \
    told_order

PLACES = Decimal('1e-16')


def rounded(d):
    return Decimal(d).quantize(PLACES, ROUND_HALF_EVEN)


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


ask(globals(), sys.argv[1:])
