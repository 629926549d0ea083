"""What tests of the stand-in often ask: orders, fills, balances."""

from decimal import Decimal

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


def refusal(x, *args, **more):
    answer = order(x, *args, **more)
    assert answer.status == 200
    told = answer.json
    assert told['success'] is False and 'success_response' not in told
    e = told['error_response']
    assert e['error'] == e['new_order_failure_reason']
    return e['new_order_failure_reason'], e['preview_failure_reason'], \
        e['message']
