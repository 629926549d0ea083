"""Was anything sent that the limits, the cooldown or the age forbid?

Every event that moves an intent to SENDING is judged by what the books held
then: the intents that were sent before it, and their executions.
"""

import calendar
import time
from decimal import Decimal

from books import Books, LIVE
from world import instant

AGE_S = 300
NOT_COUNTED = ('REJECTED', 'ABANDONED')


def seconds(text):
    whole = calendar.timegm(time.strptime(text[:19], '%Y-%m-%dT%H:%M:%S'))
    return whole + Decimal(text[19:-1])


def order_value(intent):
    """Quote value of what was sent, without its fee."""
    if intent['quote_size'] is not None:
        return Decimal(intent['quote_size'])
    price = intent['limit_price'] or intent['reference_price']
    return Decimal(intent['base_size']) * Decimal(price)


class Watch:
    """Looks at a database again and again, at what is new since."""

    def __init__(self, world):
        self.world = world
        self.event, self.fill = 0, 0

    def begin(self, books):
        """Here is where it begins; also after another database came."""
        self.event = books.one('SELECT max(id) FROM intent_events') or 0
        self.fill = books.one('SELECT max(id) FROM fills') or 0

    def before(self):
        """A step begins: has a day lost all that it may?"""
        day = instant(self.world.now + self.world.skew)[:10]
        books = Books(self.world)
        gain = books.amounts('SELECT gain FROM disposals WHERE sold_at >= ?'
                             ' AND sold_at < ?', day, day + 'U')
        books.close()
        limit = Decimal(self.world.limits['max_daily_loss'])
        self.lost = day if -gain >= limit else None

    def look(self):
        books = Books(self.world)
        try:
            sent = books.rows(
                "SELECT * FROM intent_events WHERE dst = 'SENDING' AND id > ?"
                " ORDER BY id", self.event)
            if sent:
                strange = books.one(
                    'SELECT count(*) FROM fills WHERE id > ? AND order_id NOT'
                    ' IN (SELECT order_id FROM intents WHERE order_id IS NOT'
                    ' NULL)', self.fill)
                for event in sent:
                    self.judge(books, event, strange > 0)
            self.begin(books)
        finally:
            books.close()

    def judge(self, books, event, strange):
        intents = books.intents()
        intent = intents[event['intent_id']]
        limits = {k: Decimal(v) for k, v in self.world.limits.items()}
        value = order_value(intent)
        last = {r['intent_id']: r['id'] for r in books.rows(
            "SELECT intent_id, max(id) AS id FROM intent_events"
            " WHERE dst = 'SENDING' GROUP BY 1")}
        others = [i for i in intents.values()
                  if last[i['id']] < event['id'] and i['id'] != intent['id']]
        what = 'intent %d, %s %s of %s' % (intent['id'], intent['side'],
                                           value, intent['product_id'])
        self.age(intent, what)
        self.per_day(books, event, others, limits, what)
        self.cooldown(books, event, intent, intents, what)
        if intent['side'] == 'BUY':
            if value > limits['max_order']:
                self.world.fail('%s: over max_order' % what)
            if not strange and event['src'] == '':
                self.position(books, intent, others, value, limits, what)
                self.loss(books, event, limits, what)

    def age(self, intent, what):
        age = seconds(intent['created_at']) - seconds(intent['decided_at'])
        if age > AGE_S:
            self.world.fail('%s: the decision was %s s old' % (what, age))

    def per_day(self, books, event, others, limits, what):
        """Of the day of the event; those found late count as they stand."""
        day = event['at'][:10]
        late = {r[0] for r in books.rows(
            "SELECT intent_id FROM intent_events WHERE src IN"
            " ('REJECTED', 'ABANDONED') AND dst IN ('OPEN', 'DONE')")}
        count = sum(1 for o in others if o['created_at'][:10] == day and
                    o['state'] not in NOT_COUNTED and o['id'] not in late)
        if count >= limits['max_orders_day']:
            self.world.fail('%s: %d before it on %s' % (what, count, day))

    def position(self, books, intent, others, value, limits, what):
        sums = books.sums()
        mine = {i['order_id'] for i in books.rows(
            'SELECT order_id FROM intents WHERE order_id IS NOT NULL')} - \
            {o['order_id'] for o in others}
        held = Decimal(0)
        for r in books.rows('SELECT DISTINCT order_id, side FROM fills WHERE'
                            ' product_id = ?', intent['product_id']):
            if r['order_id'] not in mine:
                sign = 1 if r['side'] == 'BUY' else -1
                held += sign * sums[r['order_id']][0]
        waiting = Decimal(0)
        for o in others:
            if o['state'] in LIVE and o['side'] == 'BUY' and \
                    o['product_id'] == intent['product_id']:
                _, spent, fee = sums.get(o['order_id'], (0, 0, 0))
                waiting += max(Decimal(0),
                               Decimal(o['reserve']) - spent - fee)
        after = max(held, Decimal(0)) * Decimal(intent['reference_price']) + \
            waiting + value
        if after > limits['max_position'] + Decimal('1e-9'):
            self.world.fail('%s: the position would be %s' % (what, after))

    def loss(self, books, event, limits, what):
        day = event['at'][:10]
        gain = books.amounts('SELECT gain FROM disposals WHERE sold_at >= ?'
                             ' AND sold_at < ?', day, day + 'U')
        if -gain >= limits['max_daily_loss'] and self.lost == day:
            self.world.fail('%s: %s lost on that day' % (what, -gain))

    lost = None     # the day on which the limit was reached before this look

    def cooldown(self, books, event, intent, intents, what):
        """Two acts of one bot; what was not sent or given up is no act."""
        name = intent['triggered_by']
        if not name.startswith('bot:') or event['src'] != '':
            return
        minutes = books.one('SELECT cooldown_minutes FROM bots WHERE id = ?',
                            int(name[4:]))
        for o in intents.values():
            if o['id'] >= intent['id'] or o['triggered_by'] != name or \
                    o['state'] == 'ABANDONED' or o['reason'] == 'not_sent':
                continue
            apart = seconds(intent['created_at']) - seconds(o['created_at'])
            if apart < minutes * 60:
                self.world.fail('%s: %s s after intent %d of %s' % (
                    what, apart, o['id'], name))
