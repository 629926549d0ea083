"""What t/5120-exchange-faults.t asks of the stand-in: all that can be told to go wrong.

Each test is a function; its documentation is its sentence.
"""

import http.client
import json
import ssl
import sys
import time
from decimal import Decimal

from exchange import API, ask, start
from exchange_orders import balance, order, placed, refusal, told_fills, \
    told_order


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


ask(globals(), sys.argv[1:])
