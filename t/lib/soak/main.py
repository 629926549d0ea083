"""Run simulations.

    main.py TOP BUILD [OPTION ...]

    --paper N --coinbase N   so many seeds of each venue
    --for SECONDS            instead, seeds of both as long as that
    --from N                 the first seed (1)
    --steps N                of a story (drawn: 8 to 40)
    --replay VENUE:SEED      this one, with its trace
    --jobs N                 at once

A seed that fails is printed with its trace and what replays it.
"""

import argparse
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from coinbase import Coinbase       # noqa: E402
from paper import Paper             # noqa: E402
from story import Story             # noqa: E402
from world import Failure, World, new_folder    # noqa: E402

VENUES = {'paper': Paper, 'coinbase': Coinbase}


def options():
    p = argparse.ArgumentParser()
    p.add_argument('top')
    p.add_argument('build')
    p.add_argument('--paper', type=int, default=0)
    p.add_argument('--coinbase', type=int, default=0)
    p.add_argument('--for', type=float, default=0, dest='seconds')
    p.add_argument('--from', type=int, default=1, dest='first')
    p.add_argument('--steps', type=int, default=0)
    p.add_argument('--replay')
    p.add_argument('--one')     # as --replay, but what it came to, as JSON
    p.add_argument('--jobs', type=int, default=os.cpu_count())
    return p.parse_args()


def one(top, build, name, seed, steps, tell=None):
    """A story; its counts, and its trace where it failed."""
    folder = new_folder()
    world = World(top, build, folder, '%s:%d' % (name, seed), tell)
    venue = VENUES[name](world)
    steps = steps or world.dice.randint(8, 40)
    story = Story(world, venue, steps)
    broken = None
    try:
        story.play()
    except Failure as why:
        broken = str(why)
    except Exception as why:    # of the simulation itself
        broken = '%s: %s' % (type(why).__name__, why)
        if tell:
            raise
    finally:
        venue.end()
        if not (broken and tell):
            shutil.rmtree(folder, ignore_errors=True)
    if broken and tell:
        print('it lies in ' + folder)
    return {**story.count, 'steps': steps, 'runs': world.runs,
            'faults': world.faults, 'seed': seed, 'venue': name,
            'broken': broken, 'trace': world.trace}


def apart(o, name, seed):
    """The same in a process of its own: a story has its own folder to be in.
    Not by ProcessPoolExecutor, which wants semaphores in /dev/shm."""
    told = subprocess.run(
        [sys.executable, os.path.abspath(__file__), o.top, o.build,
         '--one', '%s:%d' % (name, seed), '--steps', str(o.steps)],
        stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)


def seeds(o):
    """Venue and seed, one after the other; in turn where time decides."""
    if o.seconds:
        end, seed = time.monotonic() + o.seconds, o.first
        while time.monotonic() < end:
            yield 'paper', seed
            yield 'coinbase', seed
            seed += 1
        return
    many = [('coinbase', o.first + n) for n in range(o.coinbase)] + \
        [('paper', o.first + n) for n in range(o.paper)]
    yield from many


def command(o, told):
    again = '%s/t/lib/soak.sh --replay %s:%d' % (
        os.environ.get('TB_SOAK_TOP', o.top), told['venue'], told['seed'])
    return again + (' --steps %d' % o.steps if o.steps else '')


def tally(totals):
    """A line each for the table of all harnesses."""
    path = os.environ.get('TB_TALLY')
    if not path:
        return
    with open(path, 'a') as file:
        for venue, t in totals.items():
            file.write('\t'.join(map(str, (
                'all tools', venue, 'simulation', t['faults'], t['doubled'],
                t['lost'], t['rows'], t['unresolved']))) + '\n')


def show(totals, broken, begun):
    for venue, t in totals.items():
        print('%s: %d seeds, %d steps, %d runs of tools, %d of them killed,'
              ' %d faults in all, %d restores, %d orders; a human was needed'
              ' %d times, %d more readings' % (
                  venue, t['seeds'], t['steps'], t['runs'], t['killed'],
                  t['faults'], t['restores'], t['orders'], t['human'],
                  t['readings']))
    print('%d seeds failed, in %d s' % (broken, time.monotonic() - begun))


def run(o):
    totals, broken, begun = {}, 0, time.monotonic()
    progress = sys.stderr.isatty()
    with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
        waiting, source = set(), seeds(o)
        while True:
            while len(waiting) < 2 * o.jobs:
                next_one = next(source, None)
                if next_one is None:
                    break
                waiting.add(pool.submit(apart, o, *next_one))
            if not waiting:
                break
            done, waiting = concurrent.futures.wait(
                waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for told in (d.result() for d in done):
                t = totals.setdefault(told['venue'], dict.fromkeys(
                    (*told, 'seeds'), 0))
                t['seeds'] += 1
                for key, value in told.items():
                    if isinstance(value, int) and key != 'seed':
                        t[key] += value
                if told['broken']:
                    broken += 1
                    print('\n'.join(told['trace']))
                    print('seed %s:%d fails: %s\nreplay: %s' % (
                        told['venue'], told['seed'], told['broken'],
                        command(o, told)), flush=True)
            if progress:
                sys.stderr.write('\r%d s, %s, %d failed ' % (
                    time.monotonic() - begun, ', '.join(
                        '%d %s seeds' % (t['seeds'], v)
                        for v, t in totals.items()), broken))
    if progress:
        sys.stderr.write('\r\033[K')
    show(totals, broken, begun)
    tally(totals)
    return 1 if broken else 0


def main():
    o = options()
    if o.one:
        venue, seed = o.one.split(':')
        json.dump(one(o.top, o.build, venue, int(seed), o.steps), sys.stdout)
        return 0
    if o.replay:
        venue, seed = o.replay.split(':')
        told = one(o.top, o.build, venue, int(seed), o.steps, print)
        print(told['broken'] or 'whole')
        return 1 if told['broken'] else 0
    return run(o)


if __name__ == '__main__':
    sys.exit(main())
