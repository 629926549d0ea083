"""A story: steps drawn from a seed, then calm weather, then the accounts."""

import json
import os
from decimal import Decimal

from books import Books, plain
from limits import Watch
from world import PRODUCTS, instant

KILLED = 0.25           # of the tools that may be
FULL = 0.06             # run out of disk
REPEATED = 0.25         # of the decisions were asked for before
CALM_S = 4000           # longer than any lag, and than the limiter remembers
READINGS = 5            # of an order that is nowhere, before it is given up

# Seconds between steps: of a cron job, and of people in a hurry.
PACES = ((1, 5, 20, 61, 299, 300, 300, 301, 900, 4000),
         (1, 1, 2, 5, 5, 20, 61, 100), (1, 5, 20, 30, 61, 100, 300, 40000))

# How many stops (two a system call) tools make, about.
STOPS = {'paper': {'tb-trade': 700, 'tb-sync': 260, 'tb-signal': 330,
                   'tb-migrate': 2200, 'tb-portfolio': 300},
         'coinbase': {'tb-trade': 900, 'tb-sync': 1800, 'tb-signal': 330,
                      'tb-migrate': 2200, 'tb-portfolio': 300}}


class Story:
    def __init__(self, world, venue, steps):
        self.w, self.venue, self.steps = world, venue, steps
        self.dice = world.dice
        self.eager = 0
        self.pace = self.dice.choice(PACES)
        self.decisions = []     # lines that were asked for
        self.told = set()       # orders that were answered as executed
        self.kept = []          # backups: file, what was told by then
        self.watch = Watch(world)
        self.count = {'killed': 0, 'human': 0, 'readings': 0, 'restores': 0,
                      'orders': 0, 'doubled': 0, 'lost': 0, 'rows': 0,
                      'unresolved': 0}

    # ------------------------------------------------------------- steps --

    def act(self):
        acts = [(30, self.trade), (22, self.signals), (16, self.sync),
                (5, self.refresh), (4, self.cancel), (12, self.weather),
                (4, self.people), (5, self.jump), (4, self.backup),
                (3, self.restore), (3, self.look), (1, self.halt),
                (2, self.rebuild), (8, self.two)]
        if self.venue.name == 'coinbase':
            acts += [(4, self.kill_venue), (5, self.reconcile)]
        return self.dice.choices([a for _, a in acts],
                                 [n for n, _ in acts])[0]

    def tool(self, name, *argv, text='', mild=False):
        """A tool, perhaps killed or without room; as a sentence, what it
        answered, and its exit status."""
        kill, room, how = 0, None, ''
        if not mild and self.dice.random() < KILLED:
            kill = self.dice.randint(60, STOPS[self.venue.name][name])
            how = ' killed at %d' % kill
        elif not mild and self.dice.random() < FULL:
            room = self.dice.choice((0, 512, 8192, 200000, 300000))
            how = ' with room for %d' % room
        status, out, err = self.w.run(name, *argv, text=text, kill=kill,
                                      room=room)
        self.count['killed'] += status == 137
        if status == 137:
            how = ' killed at %d' % kill
        elif kill:
            how = ' (ended before %d)' % kill
        self.err = err
        return status, out, '%s%s -> %d' % (
            ' '.join((name, *argv)).replace(self.w.folder + '/', ''), how,
            status)

    def answers(self, out, lines, status):
        words = []
        for line in out.splitlines(keepends=True):
            if not line.endswith('\n'):
                continue        # it was killed
            told = json.loads(line)
            words.append(told.get('reason') or told['trade']['status'])
            if told['trade_executed']:
                self.told.add(told['trade']['order_id'])
        if status in (0, 3, 4, 5, 6, 9, 69) and len(words) != lines and \
                not self.err:
            self.w.fail('%d lines were answered by %d' % (lines, len(words)))
        return words

    def new_line(self):
        dice = self.dice
        product = dice.choice(PRODUCTS)
        line = {'product_id': product, 'id': 'd%d' % len(self.decisions),
                'side': dice.choice(('BUY', 'BUY', 'BUY', 'SELL')),
                'size_usd': dice.choice((10, 10, 12.5, 12.5, 20.01, 33.33,
                                         49.99, 50, 60, 150))}
        if dice.random() < 0.3:
            line['ts'] = self.stamp(dice.choice((0, 0, -30, -290, -400, 4, 9)))
        if dice.random() < 0.3:
            line['type'] = dice.choice(('limit', 'limit_ioc', 'post_only'))
            price = 100 if product == 'BTC-USD' else 7.31
            line['limit_price'] = round(price * dice.choice(
                (0.8, 0.97, 1, 1.03, 1.5)), 2)
        return json.dumps(line)

    def some_line(self):
        """A new decision, or one that was asked for before."""
        often = 0.9 if self.eager > 0 else REPEATED
        self.eager -= 1
        if self.decisions and self.dice.random() < often:
            return self.dice.choice(self.decisions[-6:])
        self.decisions.append(self.new_line())
        return self.decisions[-1]

    def stamp(self, seconds):
        return instant(self.w.now + self.w.skew + seconds)

    def trade(self):
        lines = []
        for _ in range(self.dice.choice((1, 1, 1, 2, 4))):
            lines.append(self.some_line())
        luck = self.venue.before_trade(self.dice)
        status, out, how = self.tool('tb-trade', text='\n'.join(lines) + '\n')
        words = self.answers(out, len(lines), status)
        return '%s%s: %s: %s' % (luck, how, '; '.join(map(self.short, lines)),
                               ' '.join(words))

    def two(self):
        """Two tools at once, the first of them at any point of its way."""
        lines, more = [[self.some_line() for _ in range(n)] for n in (
            self.dice.choice((1, 2)), self.dice.choice((1, 1, 2)))]
        if self.dice.random() < 0.3:
            more = lines
        second = self.dice.choice((
            (['tb-trade'], more), (['tb-trade'], more),
            (['tb-signal'], []), (['tb-portfolio', 'rebuild'], []),
            (['tb-portfolio', 'verify'], []), (['tb-trade', 'refresh'], []),
            (['tb-sync', '-q', *self.venue.clean], []),
            (['tb-migrate', 'backup', 'two-%d.db' % self.w.runs], [])))
        at = self.dice.randint(60, STOPS[self.venue.name]['tb-trade'])
        luck = self.venue.before_trade(self.dice)
        status, out, code, said = self.w.run_two(
            ['tb-trade'], '\n'.join(lines) + '\n',
            (second[0], ''.join(n + '\n' for n in second[1])), at,
            self.dice.random() < 0.3)
        if code in ('70', '134', '139'):
            self.w.fail('%s -> %s' % (second[0], code))
        words = self.answers(out, len(lines), None)
        if second[1]:
            words.append('|')
            words += self.answers(said, len(second[1]), None)
        return '%stb-trade -> %d, at %d %s -> %s: %s | %s: %s' % (
            luck, status, at, ' '.join(second[0]), code or 'not begun',
            '; '.join(map(self.short, lines)),
            '; '.join(map(self.short, second[1])), ' '.join(words))

    @staticmethod
    def short(line):
        told = json.loads(line)
        if 'evaluation_id' in told:
            return '%s %s' % (told['name'], told['recommended_action'])
        return '%s %s %s %s%s' % (
            told['id'], told['side'], told['size_usd'],
            told['product_id'][:3], ' at %s' % told['limit_price']
            if 'limit_price' in told else '')

    def signals(self):
        """The line of cron, pipe by pipe."""
        dice, text = self.dice, ''
        if self.venue.name == 'coinbase' and dice.random() < 0.6:
            status, _, how = self.tool('tb-sync', '-q')
            text += how + '; '
        status, out, how = self.tool('tb-signal')
        text += how + '; '
        lines = [n for n in out.splitlines(keepends=True)
                 if n.endswith('\n')]
        if dice.random() < 0.15:
            lines += lines          # somebody's tee
        if dice.random() < 0.1 and lines:
            lines.append(lines[0][:dice.randint(1, len(lines[0]) - 2)])
        text += self.venue.before_trade(dice)
        status, out, how = self.tool('tb-trade', text=''.join(lines))
        words = self.answers(out, len(lines), status)
        lines = [n for n in lines if n.endswith('\n')]
        self.decisions += [n.rstrip('\n') for n in lines
                           if json.loads(n).get('ready_to_trade')]
        return '%s%s: %s: %s' % (text, how, '; '.join(map(self.short, lines)),
                                 ' '.join(words))

    def sync(self):
        return self.tool('tb-sync', '-q',
                         *self.dice.choice(self.venue.syncs))[2]

    def reconcile(self):
        return self.tool('tb-sync', '-q', 'reconcile')[2]

    def refresh(self):
        return self.tool('tb-trade', 'refresh')[2]

    def cancel(self):
        return self.tool('tb-trade', 'cancel',
                         str(self.dice.randint(1, 12)))[2]

    def weather(self):
        return 'weather: ' + self.venue.change_weather(self.dice)

    def people(self):
        return 'people: ' + self.venue.people(self.dice)

    def kill_venue(self):
        """Its next programs are killed at a system call of theirs."""
        at = self.dice.choice(('', str(self.dice.randint(60, 2500))))
        self.w.write('kill-venue', at)
        self.w.faults += at != ''
        return 'the program of the venue is killed at ' + (at or 'no call')

    def jump(self):
        """Of the clock of this machine alone."""
        w = self.w
        w.skew = self.dice.choice((*[0] * 8, 4, -4, 20, -3, -2, 45, -45, 100,
                                   3600, -3600, 86400 * 3, -86400))
        w.faults += w.skew != 0
        return 'the clock is %d s off' % w.skew

    def backup(self):
        file = 'kept-%d.db' % len(self.kept)
        before = set(self.told)
        status, _, how = self.tool('tb-migrate', 'backup', self.w.path(file))
        if status == 0:
            self.kept.append((file, before))
        else:
            self.kept.append(None)
        return how

    def restore(self):
        there = [k for k in self.kept if k]
        if not there:
            return self.backup()
        file, told = self.dice.choice(there)
        text = ''
        while True:     # whose restore was killed restores again
            status, _, how = self.tool('tb-migrate', 'restore',
                                       self.w.path(file), mild=bool(text))
            text += how + '; '
            if status == 0 or not self.dice.random() < 0.9:
                break
        if status != 0:
            self.w.must('tb-migrate', 'restore', self.w.path(file))
        self.count['restores'] += 1
        self.eager = 4      # somebody asks again for what seems to be gone
        if self.venue.name == 'paper':
            self.told = set(told)
        books = Books(self.w)
        self.watch.begin(books)
        books.close()
        return text.rstrip('; ')

    def look(self):
        name, *argv = self.dice.choice((
            ('tb-portfolio', 'verify'), ('tb-portfolio',),
            ('tb-migrate', 'check'), ('tb-trade', 'list')))
        status, _, how = self.tool(name, *argv)
        if status == 8 and not self.has_unknown():
            self.w.fail('%s: %s' % (how, self.err))
        return how

    def has_unknown(self):
        books = Books(self.w)
        n = books.one("SELECT count(*) FROM intents WHERE state IN"
                      " ('SENDING', 'UNKNOWN')")
        books.close()
        return n > 0

    def rebuild(self):
        return self.tool('tb-portfolio', 'rebuild')[2]

    def halt(self):
        if os.path.exists(self.w.path('halt')):
            return self.tool('tb-trade', 'resume')[2]
        return self.tool('tb-trade', 'halt', 'for lunch')[2]

    # ------------------------------------------------------------- whole --

    def pass_time(self, seconds):
        self.w.now += seconds
        self.venue.at()

    def play(self):
        self.venue.begin()
        for step in range(self.steps):
            self.pass_time(self.dice.choice(self.pace))
            if self.dice.random() < 0.4:
                self.venue.market(self.dice)
            self.watch.before()
            self.w.say(self.act()())
            self.watch.look()
        self.settle()
        self.compare()

    def human(self, *argv, allowed=(0,)):
        self.count['human'] += 1
        self.w.must(*argv, allowed=allowed)
        self.w.say('a human: ' + ' '.join(argv))

    def settle(self):
        """Calm weather, the right time; who has to look looks."""
        w = self.w
        w.skew = 0
        w.write('kill-venue', '')
        self.venue.calm()
        w.wait_for_lock()
        self.pass_time(CALM_S)
        self.venue.market(self.dice)
        clean, status = self.venue.clean, 5
        for _ in range(READINGS):
            status, _, err = w.run('tb-sync', '-q', *clean)
            w.say('calm: tb-sync -> %d %s' % (status, err.strip()))
            if not self.has_unknown():
                break
            self.count['readings'] += 1
            self.pass_time(100)
        self.resolve()
        if self.venue.moved_money():
            w.run('tb-sync', '-q', *clean)
            self.human('tb-sync', 'reconcile', '--fix')
        status, _, _ = w.run('tb-trade', 'status')
        if status == 1:
            self.human('tb-trade', 'resume')
        self.pass_time(30)
        w.must('tb-sync', '-q', *clean)
        w.say('one clean tb-sync -> 0')

    def resolve(self):
        """What no reading has found, by the venue's own list."""
        books = Books(self.w)
        unknown = books.rows("SELECT id, client_order_id FROM intents WHERE"
                             " state IN ('SENDING', 'UNKNOWN')")
        books.close()
        orders, _ = self.venue.truth()
        for intent in unknown:
            as_what = [o['order_id'] for o in orders.values()
                       if o['client_order_id'] == intent['client_order_id']]
            how = ['--as', as_what[0]] if as_what else ['--as-not-placed']
            self.human('tb-sync', 'resolve', str(intent['id']), *how)

    # --------------------------------------------------------- invariants --

    def compare(self):
        self.invariants()
        orders, balances = self.venue.truth()
        books = Books(self.w)
        try:
            wrong = self.differences(books, orders, balances)
            before = plain(books.ledger())
        finally:
            books.close()
        if wrong:
            self.w.fail('; '.join(wrong))
        self.ask_again(before)

    def invariants(self):
        with open(os.path.join(self.w.top, 'share/check.sql')) as file:
            out = self.w.must('sqlite3', '-readonly', 'tb.db',
                              text=file.read())
        if out:
            self.count['rows'] += 1
            self.w.fail('check.sql: ' + out)
        self.w.must('tb-portfolio', 'verify')
        self.w.must('tb-migrate', 'check')

    def differences(self, books, orders, balances):
        wrong, placed = [], {}
        mine, sums = books.orders(), books.sums()
        for o in orders.values():
            placed.setdefault(o['client_order_id'], []).append(o['order_id'])
            filled = any(o['sums'])
            if not filled and not o['ours']:
                continue
            here = mine.get(o['order_id'])
            if here is None:
                if filled or not self.count['restores']:
                    wrong.append('lost: order %s' % o)
                continue
            if (here['product_id'], here['side'], here['status']) != \
                    (o['product_id'], o['side'], o['status']):
                wrong.append('order %s is told otherwise: %s' % (
                    o, tuple(here)))
            if sums.get(o['order_id'], [Decimal(0)] * 3) != o['sums']:
                wrong.append('order %s: its fills come to %s' % (
                    o, sums.get(o['order_id'])))
        wrong += ['only here: order %s' % id for id in mine
                  if id not in orders]
        self.count['orders'] = len(orders)
        for id, ids in placed.items():
            if len(ids) > 1 and not self.venue.doubled:
                self.count['doubled'] += 1
                wrong.append('doubled: %s is %s' % (id, ids))
        wrong += ['told, but not there: ' + id for id in self.told
                  if id not in orders]
        for i in books.intents().values():
            if i['state'] in ('SENDING', 'UNKNOWN'):
                self.count['unresolved'] += 1
                wrong.append('intent %d is %s' % (i['id'], i['state']))
            if i['state'] in ('REJECTED', 'ABANDONED') and \
                    i['client_order_id'] in placed:
                wrong.append('intent %d is %s, but has %s' % (
                    i['id'], i['state'], placed[i['client_order_id']]))
        if books.balances() != balances:
            wrong.append('the books come to %s, the venue holds %s' % (
                books.balances(), balances))
        self.count['lost'] += sum('lost' in w or 'told' in w for w in wrong)
        return wrong

    def ask_again(self, before):
        """Asking again, and making anew what is derived, changes nothing."""
        self.w.must('tb-sync', '-q', *self.venue.clean)
        self.w.must('tb-portfolio', 'rebuild')
        books = Books(self.w)
        after = plain(books.ledger())
        books.close()
        for had, has in zip(before, after):
            if had != has:
                self.w.fail('asked again, the books differ: %s %s' % (
                    [r for r in had if r not in has],
                    [r for r in has if r not in had]))
