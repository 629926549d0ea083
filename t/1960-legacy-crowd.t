#!/bin/sh
#
# Many orders of one moment, size and bot are all real, and take no longer than
# as many at different moments.

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'

# crowd FILE STEP_US: 12000 orders, so far apart
crowd() {
	python3 - "$1" "$2" <<'END'
import sqlite3, sys
from datetime import datetime, timedelta
c = sqlite3.connect(sys.argv[1])
c.execute("CREATE TABLE trades (id INTEGER PRIMARY KEY, bot_id, product_id,"
          " side, size FLOAT, price FLOAT, fee, order_id UNIQUE, status,"
          " combined_signal_score FLOAT, signal_scores, size_usd FLOAT,"
          " created_at, filled_at)")
for n in range(1, 12001):
    at = datetime(2025, 9, 1) + timedelta(microseconds=n * int(sys.argv[2]))
    at = at.strftime("%Y-%m-%d %H:%M:%S.%f")
    c.execute("INSERT INTO trades VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
              (n, 1, "BTC-USD", "BUY", 25.0, 1e5, None, f"o-{n}", "completed",
               -0.3, '{"a": 1}', 25.0, at, at))
c.commit()
END
}
# cost FILE: user milliseconds of its plan
cost() {
	python3 - "$1" <<'END'
import resource, subprocess, sys
with open(sys.argv[1] + ".plan", "w") as f:
    subprocess.run(["tb-migrate", "plan", "-q", "-o", "ndjson", "--at",
                    "2026-01-01", sys.argv[1]], stdout=f, check=True)
print(int(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime * 1000))
END
}
races() {
	[ "$(grep -c '"race_double"' "$1.plan")" = "$2" ]
}
crowd apart.db 200000000
crowd once.db 0
alike() {
	apart=$(cost apart.db) && once=$(cost once.db) || return 1
	echo "apart $apart ms, at once $once ms"
	[ "$once" -le $((4 * apart + 200)) ]
}
ok 'orders of one moment cost no more than others' alike
ok 'each of them raced' races once.db 12001
ok 'none of the others did' races apart.db 0
