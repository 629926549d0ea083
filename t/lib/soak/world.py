"""One machine of a simulation: a folder, its clock, and the tools in it.

True time is the venue's and moves only when a step says so; the clock of this
machine is `skew` seconds ahead of it (build/t/clock.so shows it to the tools).
All chance comes from one seed.
"""

import fcntl
import os
import random
import resource
import subprocess
import tempfile
import time

BEGIN = 1767225600      # 2026-01-01
PRODUCTS = ('BTC-USD', 'ETH-USD')
TOOL_S = 90             # of real time: whoever takes longer hangs

BOTS = """\
bots:
  - name: Weak
    product_id: BTC-USD
    granularity: 5m
    status: RUNNING
    trade_size_usd: 20
    confirmation_minutes: 0
    cooldown_minutes: 10
    signals: {{rsi: {{weight: 1.0, period: 2, oversold: {low}, overbought: 55}}}}
  - name: Trend
    product_id: ETH-USD
    granularity: 5m
    status: RUNNING
    trade_size_usd: 30.01
    buy_threshold: 0.01
    sell_threshold: -0.01
    confirmation_minutes: 5
    cooldown_minutes: 15
    signals: {{ma: {{weight: 1.0, fast: 2, slow: 3}}}}
"""

LIMITS = """\
limits:
  max_order: {max_order}
  max_position: {max_position}
  max_orders_day: {max_orders_day}
  max_daily_loss: {max_daily_loss}
"""


def new_folder():
    """In memory where that goes: power cuts are tried elsewhere."""
    memory = '/dev/shm'
    return tempfile.mkdtemp(prefix='tb-soak-', dir=memory if os.access(
        memory, os.W_OK | os.X_OK) else None)


class Failure(Exception):
    """An invariant does not hold."""


def instant(seconds):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))


class World:
    def __init__(self, top, build, folder, seed, tell=None):
        self.top, self.build = top, build
        self.folder, self.seed = folder, seed
        self.dice = random.Random('%s' % seed)
        self.now, self.skew = BEGIN, 0
        self.trace = []
        self.tell = tell        # what each line of the trace is given to
        self.runs = self.faults = 0
        self.environment = {
            'PATH': build + ':' + build + '/t:/usr/bin:/bin',
            'HOME': folder, 'TB_DB': self.path('tb.db'),
            'TB_CONFIG': self.path('tb.yaml'),
            'TB_CLOCK': self.path('clock'),
            'KILLAT_REPORT': self.path('killed'),
            'LD_PRELOAD': build + '/t/clock.so', 'LC_ALL': 'C', 'TZ': 'UTC'}
        self.limits = {
            'max_order': self.dice.choice(('50', '100', '200.05')),
            'max_position': self.dice.choice(('120', '300', '700.01')),
            'max_orders_day': self.dice.choice((4, 12, 40)),
            'max_daily_loss': self.dice.choice(('1', '20'))}

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), 'w') as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def say(self, text):
        line = '%s %s' % (instant(self.now), text)
        self.trace.append(line)
        if self.tell:
            self.tell(line)

    def fail(self, what):
        self.say('BROKEN: ' + what)
        raise Failure(what)

    # ------------------------------------------------------------- tools --

    def wind(self):
        """The clock of this machine shows its time."""
        ahead = (self.now + self.skew) * 10**9 - time.time_ns()
        self.write('clock', str(ahead))

    def run(self, *argv, text='', kill=0, room=None, front=()):
        """Run a tool: killed at its kill-th steady stop; no file of it may
        grow over room bytes.  Returns its exit status and what it wrote."""
        self.wind()
        self.runs += 1
        if kill:
            front = ('killat', '-e', str(kill))
        limit = None if room is None else lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (room, room))
        self.faults += room is not None
        child = subprocess.Popen(
            [*front, *argv], env=self.environment, cwd=self.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, preexec_fn=limit)
        try:
            out, err = child.communicate(text, timeout=TOOL_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            self.fail('%s hangs' % ' '.join(argv))
        if child.returncode < 0 or child.returncode == 70:
            self.fail('%s: exit status %d: %s' % (
                ' '.join(argv), child.returncode, err))
        if child.returncode == 137:
            self.faults += 1
            self.wait_for_lock()
        return child.returncode, out, err

    def run_two(self, first, text, second, at, kills):
        """The first stands still at its stop while the second runs to its
        end, which finds locks held for ever; then it goes on, or is killed.
        Returns exit status and output of each."""
        self.write('two.in', second[1])
        self.write('two.out', '')
        self.write('two.sh', '#!/bin/sh\n(TB_CLOCK_HASTY=1 exec %s) <two.in'
                   ' >two.out 2>two.err\necho $? >two.code\n' %
                   ' '.join(second[0]))
        self.write('two.code', '')
        self.faults += 1
        front = ('killat', '-e', *(['-k'] if kills else []), '-t',
                 'sh two.sh', str(at))
        status, out, _ = self.run(*first, text=text, front=front)
        with open(self.path('two.code')) as code, \
                open(self.path('two.out')) as two:
            return status, out, code.read().strip(), two.read()

    def must(self, *argv, text='', allowed=(0,)):
        status, out, err = self.run(*argv, text=text)
        if status not in allowed:
            self.fail('%s: exit status %d: %s%s' % (
                ' '.join(argv), status, out[-800:], err[-800:]))
        return out

    def wait_for_lock(self):
        """A venue's program that outlived its caller has ended its request."""
        try:
            file = open(self.path('tb.db.lock'))
        except FileNotFoundError:
            return
        with file:
            for _ in range(3000):
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    time.sleep(0.01)
        self.fail('the send lock is held for ever')
