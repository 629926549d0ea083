-- What must never be found in a database of tb: every query returns no row.
--
--	sqlite3 -readonly ~/.local/share/tb/tb.db <check.sql
--
-- "tb-portfolio verify" runs the same queries and, beyond them, what SQL cannot
-- say: the chains of hashes and the seals of rows (I19), the canonical form of
-- every amount (I20), and lots, disposals and positions made anew from the
-- fills.  "PRAGMA integrity_check" is I12.
--
-- Three numbers are missing because the database alone cannot tell: the limits
-- of an order and of a day stand in tb.yaml (I16); what the venue has, compared
-- with the books, is what "tb-sync reconcile" reports, as a difference may be
-- someone's own holding (I22); and what an order comes to after fees is neither
-- kept nor needed, as its value and its fees are (I23; I04 sums them up).

-- The venue has two orders of one decision.
SELECT 'I01', client_order_id, count(*) FROM orders
WHERE client_order_id IS NOT NULL GROUP BY 2 HAVING count(*) > 1;

-- The venue acknowledged, but its order is not in the books.
SELECT 'I02', id, order_id FROM intents
WHERE order_id IS NOT NULL AND order_id NOT IN (SELECT order_id FROM orders);

-- The venue has our client id, the intent does not know the order.
SELECT 'I03', i.id, o.order_id, i.state FROM orders o
JOIN intents i USING (client_order_id) WHERE i.order_id IS NOT o.order_id;

-- Settled, but its fills do not add up to what the venue told.  (Stock
-- decimal_cmp takes 0.50 for more than 0.5: sums are trimmed.)
SELECT 'I04', i.id, i.order_id FROM intents i JOIN orders o USING (order_id)
WHERE i.state = 'SETTLED' AND EXISTS (SELECT 1 FROM (
    SELECT coalesce(decimal_sum(f.size), '0') AS size,
    coalesce(decimal_sum(f.value), '0') AS value,
    coalesce(decimal_sum(f.fee), '0') AS fee
    FROM fills f WHERE f.order_id = i.order_id AND f.kind <> 'reversal'
    AND NOT EXISTS (SELECT 1 FROM fills r WHERE r.reverses = f.entry_id))
    WHERE rtrim(rtrim(size || iif(instr(size, '.'), '', '.'), '0'), '.')
    <> o.filled_size
    OR rtrim(rtrim(value || iif(instr(value, '.'), '', '.'), '0'), '.')
    <> o.filled_value
    OR rtrim(rtrim(fee || iif(instr(fee, '.'), '', '.'), '0'), '.')
    <> o.total_fees);

-- The events of an intent are not counted from 1 without a gap,
SELECT 'I06', intent_id FROM intent_events
GROUP BY intent_id HAVING min(seq) <> 1 OR max(seq) <> count(*);

-- do not end in its state,
SELECT 'I07', i.id, i.state FROM intents i WHERE i.state IS NOT
    (SELECT dst FROM intent_events e WHERE e.intent_id = i.id
    ORDER BY seq DESC LIMIT 1);

-- or tell a move that there is not; each begins where the one before ended.
SELECT 'I08', intent_id, seq, src, dst FROM intent_events e
WHERE (src, dst) NOT IN (SELECT src, dst FROM transitions)
    OR src <> coalesce((SELECT dst FROM intent_events b
    WHERE b.intent_id = e.intent_id AND b.seq = e.seq - 1), '');

-- More was executed than was asked for.
SELECT 'I09', i.id, o.order_id FROM intents i JOIN orders o USING (order_id)
WHERE (i.base_size IS NOT NULL
    AND decimal_cmp(o.filled_size, i.base_size) > 0)
    OR (i.quote_size IS NOT NULL
    AND decimal_cmp(o.filled_value, i.quote_size) > 0);

-- Not resolved for more than an hour (a replay on paper has its own clock).
SELECT 'I10', id, state, updated_at FROM intents
WHERE state IN ('SENDING', 'UNKNOWN')
    AND updated_at < strftime('%Y-%m-%dT%H:%M:%S', 'now', '-1 hour')
    AND (SELECT value FROM meta WHERE key = 'venue') <> 'paper';

-- A bot, as it is since it was changed last, acted again within its cooldown.
-- (What the venue refused, or never got, is no act; "--force" waives the rest.)
SELECT 'I14', id, triggered_by, earlier_id FROM (
    SELECT id, triggered_by, signal_context, created_at,
    lag(id) OVER w AS earlier_id, lag(created_at) OVER w AS earlier
    FROM intents i WHERE dedupe_key GLOB 's:*' AND NOT EXISTS (
	SELECT 1 FROM intent_events e WHERE e.intent_id = i.id
	AND ('REJECTED' IN (e.src, e.dst) OR 'ABANDONED' IN (e.src, e.dst)))
    WINDOW w AS (PARTITION BY triggered_by, product_id ORDER BY id))
WHERE earlier <= created_at
    AND strftime('%s', created_at) - strftime('%s', earlier)
    < 60 * (SELECT cooldown_minutes FROM bots b
    WHERE b.id = substr(triggered_by, 5) AND b.updated_at <= earlier)
    AND NOT (json_valid(signal_context)
    AND json_extract(signal_context, '$.forced') IS 1);

-- Decided more than a day before it was sent, which no setting allows, or after.
SELECT 'I15', id, decided_at, created_at FROM intents
WHERE strftime('%s', created_at) - strftime('%s', decided_at)
    NOT BETWEEN -6 AND 86400;

-- A row refers to one that is not there; the file is no database of tb.
SELECT 'I11', "table", rowid, parent FROM pragma_foreign_key_check;
SELECT 'I13', application_id FROM pragma_application_id
WHERE application_id <> 1413631828;

-- What is held is not what fills bought less what they sold of it.  (The sum
-- is trimmed: to the shell's decimal_cmp() 0.000 is more than 0.)
SELECT 'I17', p.product_id, p.crypto_balance FROM portfolio p
WHERE trim((SELECT decimal_sum(x) FROM
    (SELECT CASE side WHEN 'BUY' THEN size
    ELSE replace('-' || size, '--', '') END AS x FROM fills f
    WHERE f.product_id = p.product_id AND f.kind <> 'reversal'
    AND NOT EXISTS (SELECT 1 FROM fills r WHERE r.reverses = f.entry_id)
    UNION ALL SELECT p.uncovered_size
    UNION ALL SELECT replace('-' || p.crypto_balance, '--', ''))),
    '-0.') <> '';

-- An order that may be live reserves nothing.
SELECT 'I18', id, state, reserve FROM intents
WHERE state IN ('SENDING', 'UNKNOWN') AND decimal_cmp(reserve, '0') <= 0;

-- The clock went back (on paper, replays may).
SELECT 'I21', i.id, i.created_at FROM intents i
WHERE i.created_at < (SELECT b.created_at FROM intents b WHERE b.id < i.id
    ORDER BY b.id DESC LIMIT 1)
    AND (SELECT value FROM meta WHERE key = 'venue') <> 'paper';

-- A reversal takes back what is not there, or something of another product.
SELECT 'I24', r.id, r.reverses FROM fills r WHERE r.reverses IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM fills f WHERE f.entry_id = r.reverses
    AND f.product_id = r.product_id AND f.kind <> 'reversal');

-- Derived rows of a product that has no fills.
SELECT 'I25', product_id FROM (SELECT product_id FROM portfolio UNION
    SELECT product_id FROM lots UNION SELECT product_id FROM disposals)
WHERE product_id NOT IN (SELECT product_id FROM fills);

-- The highest value ever is below that of its own day.
SELECT 'I26', day, value, peak FROM equity WHERE decimal_cmp(value, peak) > 0;
