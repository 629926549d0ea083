#!/bin/sh
#
# tb-signal: the three sample bots on real candles of October 2025, against
# the same indicators computed over all history by Python.

. "${0%/*}/lib.sh"

CSV=$SHARED/candles
[ -r "$CSV/BTC-USD_5m_coinbase_2025-09..10.csv.gz" ] ||
    skip_all 'no real candles here'
command -v python3 >/dev/null || skip_all 'no python3 here'

TB_DB=$WORK/db
export TB_DB
tb-migrate init -q --at 2025-09-01 >/dev/null
for p in BTC SOL; do
	tb-sync import candles -q --product $p-USD --granularity 5m \
	    "$CSV/$p-USD_5m_coinbase_2025-09..10.csv.gz" >/dev/null
done
tb-signal load -q --at 2025-09-01 "$TOP/share/bots.yaml" >/dev/null

cat >oracle.py <<'EOF'
"""score of each bot at each instant: NAME INSTANT SCORE ACTION"""
import csv, gzip, math, sys

def closes(path):
    with gzip.open(path, 'rt') as file:
        for row in csv.DictReader(file):
            yield (int(row['timestamp']), float(row['high']),
                   float(row['low']), float(row['close']))

def ema(n, values, alpha=None):
    alpha = alpha or 2 / (n + 1)
    out, mean = [None] * (n - 1), sum(values[:n]) / n
    out.append(mean)
    for x in values[n:]:
        mean += alpha * (x - mean)
        out.append(mean)
    return out

def sma(n, c, i):
    return math.fsum(c[i - n + 1:i + 1]) / n

def rsi(n, c):
    up = ema(n, [max(b - a, 0) for a, b in zip(c, c[1:])], 1 / n)
    down = ema(n, [max(a - b, 0) for a, b in zip(c, c[1:])], 1 / n)
    return [None] + [None if u is None else 100 * u / (u + d)
                     for u, d in zip(up, down)]

def atr(n, rows):
    ranges = [max(h, p[3]) - min(l, p[3])
              for p, (_, h, l, _) in zip(rows, rows[1:])]
    return [None] + ema(n, ranges, 1 / n)

def curve(r, low=30, high=70):
    if r <= low:
        return .5 + .5 * (low - r) / low
    if r >= high:
        return -.5 - .5 * (r - high) / (100 - high)
    return .5 - (r - low) / (high - low)

def oversold(i, c, rows, s):
    return curve(s['rsi'][i])

def bands(i, c, rows, s):
    mean = sma(20, c, i)
    sd = math.sqrt(math.fsum((x - mean) ** 2 for x in c[i - 19:i + 1]) / 20)
    b = (c[i] - (mean - 2 * sd)) / (4 * sd)
    return .6 * curve(s['rsi'][i]) + .4 * max(-1, min(1, 1 - 2 * b))

def trend(i, c, rows, s):
    macd = math.tanh((.5 * s['macd'][i] + s['macd'][i] - s['signal'][i])
                     / s['atr'][i])
    ma = math.tanh((sma(10, c, i) - sma(20, c, i)) / s['atr'][i])
    return .6 * macd + .4 * ma

def series(rows):
    c = [r[3] for r in rows]
    macd = [None if b is None else a - b
            for a, b in zip(ema(12, c), ema(26, c))]
    signal = [None] * 25 + ema(9, macd[25:])
    return c, {'rsi': rsi(14, c), 'atr': atr(14, rows), 'macd': macd,
               'signal': signal}

btc = list(closes(sys.argv[1]))
sol = list(closes(sys.argv[2]))
for name, rows, score, edge in (('BTC Oversold', btc, oversold, .5),
                                ('SOL Bands', sol, bands, .6),
                                ('BTC Trend', btc, trend, .5)):
    c, s = series(rows)
    for i in range(1000, len(rows), 487):
        x = score(i, c, rows, s)
        print(name, rows[i][0] + 300, '%.9f' % x,
              'BUY' if x >= edge else 'SELL' if x <= -edge else 'HOLD',
              sep='\t')
EOF

# Within 1e-5: a window is no whole history.
agrees() {
	python3 oracle.py "$CSV"/BTC-USD_5m_coinbase_2025-09..10.csv.gz \
	    "$CSV"/SOL-USD_5m_coinbase_2025-09..10.csv.gz >oracle &&
	[ "$(wc -l <oracle)" -gt 70 ] || return 1
	while IFS='	' read -r name at score action; do
		tb-signal --at "$at" "$name" | jq -r --argjson s "$score" \
		    --arg a "$action" --arg n "$name $at" '
		    select(.combined_score - $s | fabs > 1e-5) |
		    [$n, .combined_score, $s, .recommended_action, $a] | @tsv'
	done <oracle >differ
	cat differ
	[ ! -s differ ]
}

same_bytes() { # live, later, alone, together, and with nothing stored
	for t in 2025-10-03T07:05:10Z 2025-10-10T21:25:01Z 2025-10-31T23:59:59Z
	do
		tb-signal --at $t >together && cat together >>first
		for n in 1 2 3; do tb-signal -n --at $t $n; done >>second
	done
	same first second
}

no_warning() { # and each bot some fifty to ninety times a month
	exits 0 tb-signal check "$TOP/share/bots.yaml" &&
	[ "$(jq -r .level out | sort -u)" = note ] &&
	[ "$(grep -c ' stored candles, [1-3]\.[0-9] a day"' out)" -eq 3 ]
}

ok 'scores agree with Python over all history' agrees
ok 'the same bytes, alone and together' same_bytes
ok 'the sample bots are ready, and not too often' no_warning
