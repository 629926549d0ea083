-- The books of tb: what the market said, what bots decided, what was asked of
-- the venue, what the venue did, and what is held because of it.
--
-- Times are UTC text of 27 characters, 2025-09-11T10:30:00.000000Z; starts of
-- candles alone are unix seconds.  Amounts are plain decimal text; the CHECK at
-- the end of their table looks at characters and length only (the canonical
-- form is the writer's duty, "tb-portfolio verify" its proof).  Columns named
-- _usd hold the product's quote currency.
--
-- No json_valid() in a CHECK: SQLite 3.40 holds it unsafe in a schema that is
-- not trusted, and none is.
--
-- Sacred: intents, intent_events, orders, fills, cash_flows, trades.
-- Derived, rebuilt at will: lots, disposals, portfolio, equity.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- market --

CREATE TABLE products (
	product_id TEXT PRIMARY KEY
	    CHECK (product_id GLOB '?*-?*' AND length(product_id) <= 41
	    AND product_id NOT GLOB '*[^A-Z0-9.-]*'),
	base_increment TEXT NOT NULL,
	quote_increment TEXT NOT NULL,
	price_increment TEXT NOT NULL,
	base_min_size TEXT NOT NULL,
	quote_min_size TEXT NOT NULL,
	base_max_size TEXT NOT NULL DEFAULT '0',
	quote_max_size TEXT NOT NULL DEFAULT '0',
	trading_disabled INTEGER NOT NULL DEFAULT 0 CHECK (trading_disabled IN (0, 1)),
	cancel_only INTEGER NOT NULL DEFAULT 0 CHECK (cancel_only IN (0, 1)),
	limit_only INTEGER NOT NULL DEFAULT 0 CHECK (limit_only IN (0, 1)),
	post_only INTEGER NOT NULL DEFAULT 0 CHECK (post_only IN (0, 1)),
	auction_mode INTEGER NOT NULL DEFAULT 0 CHECK (auction_mode IN (0, 1)),
	assumed INTEGER NOT NULL DEFAULT 0 CHECK (assumed IN (0, 1)),
	updated_at TEXT NOT NULL,
	CHECK (base_increment || quote_increment || price_increment
	    || base_min_size || quote_min_size || base_max_size
	    || quote_max_size NOT GLOB '*[^0-9.-]*'
	    AND length(base_increment || quote_increment || price_increment
	    || base_min_size || quote_min_size || base_max_size
	    || quote_max_size) <= 287)
) STRICT, WITHOUT ROWID;

-- As received; signals read doubles from the text, money reads the text.  No
-- CHECK on the figures: it would double what an import costs, and whoever reads
-- a candle checks it.
CREATE TABLE candles (
	product_id TEXT NOT NULL,
	granularity INTEGER NOT NULL, -- seconds
	start INTEGER NOT NULL,	      -- unix seconds
	open TEXT NOT NULL,
	high TEXT NOT NULL,
	low TEXT NOT NULL,
	close TEXT NOT NULL,
	volume TEXT NOT NULL,
	PRIMARY KEY (product_id, granularity, start)
) STRICT, WITHOUT ROWID;

-- All candles that close at or before synced_until are known.
CREATE TABLE candle_coverage (
	product_id TEXT NOT NULL REFERENCES products,
	granularity INTEGER NOT NULL,
	synced_until TEXT NOT NULL CHECK (length(synced_until) = 27),
	PRIMARY KEY (product_id, granularity)
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ bots --

CREATE TABLE bots (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
	name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
	product_id TEXT NOT NULL,
	granularity INTEGER NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('RUNNING', 'STOPPED', 'ERROR')),
	signal_config TEXT NOT NULL CHECK (signal_config GLOB '{*}'),
	buy_threshold TEXT NOT NULL,
	sell_threshold TEXT NOT NULL,
	combine TEXT NOT NULL CHECK (combine IN ('sum', 'mean')),
	style TEXT NOT NULL CHECK (style IN ('default', 'legacy')),
	when_expr TEXT, -- jq; NULL: no veto
	confirmation_minutes INTEGER NOT NULL DEFAULT 5 CHECK (confirmation_minutes >= 0),
	cooldown_minutes INTEGER NOT NULL DEFAULT 15 CHECK (cooldown_minutes >= 0),
	trade_size_usd TEXT NOT NULL DEFAULT '10',
	config_hash TEXT NOT NULL CHECK (length(config_hash) = 64),
	error TEXT, -- why status is ERROR
	last_evaluation_at TEXT,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	CHECK (trade_size_usd NOT GLOB '*[^0-9.-]*'
	    AND length(trade_size_usd) <= 41)
) STRICT;

-- Every configuration a bot ever had: --at uses the one of that time.
CREATE TABLE bot_configs (
	bot_id INTEGER NOT NULL,
	since TEXT NOT NULL,
	config_hash TEXT NOT NULL,
	config TEXT NOT NULL CHECK (config GLOB '{*}'), -- canonical JSON
	PRIMARY KEY (bot_id, since)
) STRICT, WITHOUT ROWID;

-- Stored where the action is not HOLD or differs from the bot's previous one.
CREATE TABLE evaluations (
	evaluation_id TEXT PRIMARY KEY,
	bot_id INTEGER NOT NULL,
	product_id TEXT NOT NULL,
	candle_at TEXT NOT NULL,    -- close of the last closed candle
	evaluated_at TEXT NOT NULL, -- the instant
	recommended_action TEXT NOT NULL
	    CHECK (recommended_action IN ('BUY', 'SELL', 'HOLD')),
	temperature TEXT NOT NULL
	    CHECK (temperature IN ('HOT', 'WARM', 'COOL', 'FROZEN')),
	combined_score TEXT NOT NULL, -- shortest text of the double
	line TEXT NOT NULL CHECK (line GLOB '{*}'),
	acted_at TEXT -- the instant at which an intent came of it
) STRICT, WITHOUT ROWID;
CREATE INDEX evaluations_by_bot ON evaluations (bot_id, candle_at);
CREATE INDEX evaluations_acted ON evaluations (bot_id, acted_at)
    WHERE acted_at IS NOT NULL;

-- ---------------------------------------------------------------- orders --

CREATE TABLE transitions (
	src TEXT NOT NULL,
	dst TEXT NOT NULL,
	PRIMARY KEY (src, dst)
) STRICT, WITHOUT ROWID;
INSERT INTO transitions (src, dst) VALUES
    ('', 'SENDING'),
    ('SENDING', 'OPEN'), ('SENDING', 'DONE'), ('SENDING', 'REJECTED'),
    ('SENDING', 'UNKNOWN'),
    ('UNKNOWN', 'OPEN'), ('UNKNOWN', 'DONE'), ('UNKNOWN', 'SENDING'),
    ('UNKNOWN', 'ABANDONED'),
    ('OPEN', 'DONE'), ('DONE', 'SETTLED'),
    ('REJECTED', 'SENDING'), -- not_sent only: the store looks
    ('REJECTED', 'OPEN'), ('REJECTED', 'DONE'), -- late discovery: an alarm
    ('ABANDONED', 'OPEN'), ('ABANDONED', 'DONE');

-- What was asked, written down before it is asked.
CREATE TABLE intents (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	client_order_id TEXT NOT NULL UNIQUE CHECK (length(client_order_id) = 36),
	dedupe_key TEXT NOT NULL UNIQUE,
	request_hash TEXT NOT NULL CHECK (length(request_hash) = 64),
	product_id TEXT NOT NULL REFERENCES products,
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	type TEXT NOT NULL
	    CHECK (type IN ('market', 'limit', 'limit_ioc', 'post_only')),
	size_usd TEXT,	  -- asked in quote currency, or
	size_crypto TEXT, -- asked in coins
	limit_price TEXT,
	reference_price TEXT NOT NULL,
	quote_size TEXT, -- as sent: rounded to the venue's increments
	base_size TEXT,
	body TEXT NOT NULL CHECK (body GLOB '{*}'), -- the exact request
	state TEXT NOT NULL CHECK (state IN ('SENDING', 'UNKNOWN', 'OPEN',
	    'DONE', 'SETTLED', 'REJECTED', 'ABANDONED')),
	order_id TEXT UNIQUE,
	attempts INTEGER NOT NULL DEFAULT 1 CHECK (attempts BETWEEN 1 AND 5),
	reserve_currency TEXT NOT NULL,
	reserve TEXT NOT NULL, -- counts while SENDING or UNKNOWN
	readings INTEGER NOT NULL DEFAULT 0, -- complete ones that found nothing
	look_from TEXT,	 -- when looking for an UNKNOWN began to count
	reason TEXT,	 -- of REJECTED and ABANDONED: a word of tb-json(5)
	message TEXT,
	triggered_by TEXT NOT NULL,
	signal_context TEXT CHECK (signal_context GLOB '{*}'),
	decided_at TEXT NOT NULL CHECK (length(decided_at) = 27), -- age counts from
	created_at TEXT NOT NULL CHECK (length(created_at) = 27),
	updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
	CHECK ((size_usd IS NULL) <> (size_crypto IS NULL)),
	CHECK ((base_size IS NULL) <> (quote_size IS NULL)),
	CHECK ((order_id IS NOT NULL) = (state IN ('OPEN', 'DONE', 'SETTLED'))),
	CHECK (coalesce(size_usd, '') || coalesce(size_crypto, '')
	    || coalesce(limit_price, '') || reference_price
	    || coalesce(quote_size, '') || coalesce(base_size, '') || reserve
	    NOT GLOB '*[^0-9.-]*'
	    AND length(coalesce(size_usd, '') || coalesce(size_crypto, '')
	    || coalesce(limit_price, '') || reference_price
	    || coalesce(quote_size, '') || coalesce(base_size, '') || reserve
	    ) <= 287)
) STRICT;
CREATE INDEX intents_unsettled ON intents (state)
    WHERE state IN ('SENDING', 'UNKNOWN', 'OPEN', 'DONE');
CREATE INDEX intents_by_time ON intents (created_at);

-- One row a move; hash covers the row and the hash before it.
CREATE TABLE intent_events (
	id INTEGER PRIMARY KEY,
	intent_id INTEGER NOT NULL
	    REFERENCES intents DEFERRABLE INITIALLY DEFERRED,
	seq INTEGER NOT NULL CHECK (seq >= 1),
	src TEXT NOT NULL,
	dst TEXT NOT NULL,
	at TEXT NOT NULL,
	reason TEXT,
	hash TEXT NOT NULL CHECK (length(hash) = 64),
	UNIQUE (intent_id, seq),
	FOREIGN KEY (src, dst) REFERENCES transitions
) STRICT;

CREATE TRIGGER intents_insert AFTER INSERT ON intents BEGIN
	SELECT raise(ABORT, 'an intent begins as SENDING, with its event')
	WHERE NEW.state <> 'SENDING' OR NOT EXISTS (SELECT 1 FROM intent_events
	    WHERE intent_id = NEW.id AND seq = 1 AND dst = 'SENDING');
END;

CREATE TRIGGER intents_update AFTER UPDATE ON intents BEGIN
	SELECT raise(ABORT, 'the request of an intent never changes')
	WHERE (NEW.id, NEW.client_order_id, NEW.dedupe_key, NEW.request_hash,
	    NEW.product_id, NEW.side, NEW.type, NEW.body, NEW.created_at,
	    NEW.size_usd, NEW.size_crypto, NEW.limit_price, NEW.decided_at)
	    IS NOT (OLD.id, OLD.client_order_id, OLD.dedupe_key, OLD.request_hash,
	    OLD.product_id, OLD.side, OLD.type, OLD.body, OLD.created_at,
	    OLD.size_usd, OLD.size_crypto, OLD.limit_price, OLD.decided_at);
	SELECT raise(ABORT, 'the order of an intent never changes')
	WHERE OLD.order_id IS NOT NULL AND NEW.order_id IS NOT OLD.order_id;
	SELECT raise(ABORT, 'attempts grow by one on a repeated send and only then')
	WHERE NEW.attempts <> OLD.attempts
	    + (OLD.state <> 'SENDING' AND NEW.state = 'SENDING');
	SELECT raise(ABORT, 'a move of an intent needs its event')
	WHERE NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM intent_events e
	    WHERE e.intent_id = NEW.id AND e.src = OLD.state AND e.dst = NEW.state
	    AND e.seq = (SELECT max(seq) FROM intent_events
	    WHERE intent_id = NEW.id));
END;

CREATE TRIGGER intents_delete BEFORE DELETE ON intents BEGIN
	SELECT raise(ABORT, 'an intent is never deleted');
END;
CREATE TRIGGER intent_events_update BEFORE UPDATE ON intent_events BEGIN
	SELECT raise(ABORT, 'an event never changes');
END;
CREATE TRIGGER intent_events_delete BEFORE DELETE ON intent_events BEGIN
	SELECT raise(ABORT, 'an event is never deleted');
END;

-- The venue's view, as last told.
CREATE TABLE orders (
	order_id TEXT PRIMARY KEY,
	client_order_id TEXT,
	product_id TEXT NOT NULL,
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	type TEXT NOT NULL,
	status TEXT NOT NULL, -- the venue's word; an unknown one is kept
	filled_size TEXT NOT NULL DEFAULT '0',
	filled_value TEXT NOT NULL DEFAULT '0',
	total_fees TEXT NOT NULL DEFAULT '0',
	settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	raw TEXT, -- the answer it was read from
	CHECK (filled_size || filled_value || total_fees NOT GLOB '*[^0-9.-]*'
	    AND length(filled_size || filled_value || total_fees) <= 123)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX orders_by_client ON orders (client_order_id)
    WHERE client_order_id IS NOT NULL;

-- What a rule of ours stopped before anything was sent.
CREATE TABLE refusals (
	id INTEGER PRIMARY KEY,
	at TEXT NOT NULL,
	product_id TEXT,
	side TEXT,
	size_usd TEXT,
	size_crypto TEXT,
	reason TEXT NOT NULL,
	message TEXT NOT NULL,
	dedupe_key TEXT,
	triggered_by TEXT NOT NULL,
	CHECK (coalesce(size_usd, '') || coalesce(size_crypto, '')
	    NOT GLOB '*[^0-9.-]*'
	    AND length(coalesce(size_usd, '') || coalesce(size_crypto, '')
	    ) <= 82)
) STRICT;

-- ----------------------------------------------------------------- books --

-- The portfolio transaction that an order became.  No bot in it.
CREATE TABLE trades (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	product_id TEXT NOT NULL REFERENCES products,
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	size_usd TEXT NOT NULL,
	size_crypto TEXT NOT NULL,
	price TEXT NOT NULL,
	order_id TEXT NOT NULL UNIQUE,
	status TEXT NOT NULL CHECK (status IN ('pending', 'filled', 'cancelled')),
	commission TEXT NOT NULL,
	created_at TEXT NOT NULL CHECK (length(created_at) = 27),
	filled_at TEXT,
	triggered_by TEXT NOT NULL, -- for people; no code decides by it
	signal_context TEXT CHECK (signal_context GLOB '{*}'),
	CHECK (size_usd || size_crypto || price || commission
	    NOT GLOB '*[^0-9.-]*'
	    AND length(size_usd || size_crypto || price || commission) <= 164)
) STRICT;
CREATE INDEX trades_by_time ON trades (created_at);

-- Append-only; hash covers the row and the hash before it.
CREATE TABLE fills (
	id INTEGER PRIMARY KEY,
	entry_id TEXT NOT NULL UNIQUE,
	venue_trade_id TEXT NOT NULL,
	order_id TEXT NOT NULL,
	product_id TEXT NOT NULL REFERENCES products,
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	kind TEXT NOT NULL
	    CHECK (kind IN ('fill', 'adjustment', 'reversal', 'correction')),
	nature TEXT NOT NULL CHECK (nature IN ('trade', 'income', 'disposal',
	    'fee-in-base', 'transfer-fee')),
	size TEXT NOT NULL,
	price TEXT NOT NULL,
	value TEXT NOT NULL,
	fee TEXT NOT NULL,
	at TEXT NOT NULL CHECK (length(at) = 27),
	venue_seq INTEGER NOT NULL DEFAULT 0,
	reverses TEXT, -- of a reversal: the entry_id that it takes back
	hash TEXT NOT NULL CHECK (length(hash) = 64),
	CHECK (size || price || value || fee NOT GLOB '*[^0-9.-]*'
	    AND length(size || price || value || fee) <= 164)
) STRICT;
CREATE INDEX fills_in_order ON fills (product_id, at, side, venue_seq, id);
CREATE INDEX fills_by_order ON fills (order_id);
CREATE INDEX fills_untraded ON fills (product_id) WHERE nature <> 'trade';
CREATE UNIQUE INDEX fills_reversed ON fills (reverses)
    WHERE reverses IS NOT NULL;
CREATE TRIGGER fills_update BEFORE UPDATE ON fills BEGIN
	SELECT raise(ABORT, 'a fill never changes');
END;
CREATE TRIGGER fills_delete BEFORE DELETE ON fills BEGIN
	SELECT raise(ABORT, 'a fill is never deleted');
END;

-- What is left of each buy, first in first out.
CREATE TABLE lots (
	id INTEGER PRIMARY KEY,
	product_id TEXT NOT NULL,
	fill_id INTEGER NOT NULL REFERENCES fills,
	trade_id INTEGER REFERENCES trades,
	acquired_at TEXT NOT NULL,
	size TEXT NOT NULL,
	cost TEXT NOT NULL, -- fee included
	size_left TEXT NOT NULL,
	cost_left TEXT NOT NULL,
	CHECK (size || cost || size_left || cost_left NOT GLOB '*[^0-9.-]*'
	    AND length(size || cost || size_left || cost_left) <= 164)
) STRICT;
CREATE INDEX lots_open ON lots (product_id, id) WHERE size_left <> '0';

-- Which lots a sale consumed; lot_id NULL: more was sold than was held.
CREATE TABLE disposals (
	id INTEGER PRIMARY KEY,
	product_id TEXT NOT NULL,
	fill_id INTEGER NOT NULL REFERENCES fills,
	trade_id INTEGER REFERENCES trades,
	lot_id INTEGER REFERENCES lots,
	sold_at TEXT NOT NULL,
	size TEXT NOT NULL,
	proceeds TEXT NOT NULL, -- net of the fee
	cost TEXT NOT NULL,
	gain TEXT NOT NULL, -- 0 where uncovered
	CHECK (size || proceeds || cost || gain NOT GLOB '*[^0-9.-]*'
	    AND length(size || proceeds || cost || gain) <= 164)
) STRICT;
CREATE INDEX disposals_by_time ON disposals (sold_at);
CREATE INDEX disposals_by_product ON disposals (product_id);

CREATE TABLE portfolio (
	product_id TEXT NOT NULL UNIQUE REFERENCES products,
	crypto_balance TEXT NOT NULL,
	usd_invested TEXT NOT NULL,
	average_cost_basis TEXT, -- NULL when flat
	unrealized_pnl TEXT,	 -- NULL without a price
	realized_pnl TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	price TEXT, -- what unrealized_pnl was computed with
	price_at TEXT,
	-- sums of all fills, so that a new one costs no history
	proceeds TEXT NOT NULL,
	costs TEXT NOT NULL,
	fees TEXT NOT NULL,
	uncovered_size TEXT NOT NULL,
	uncovered_proceeds TEXT NOT NULL,
	CHECK (crypto_balance || usd_invested
	    || coalesce(average_cost_basis, '')
	    || coalesce(unrealized_pnl, '') || realized_pnl
	    || coalesce(price, '') || proceeds || costs || fees
	    || uncovered_size || uncovered_proceeds NOT GLOB '*[^0-9.-]*'
	    AND length(crypto_balance || usd_invested
	    || coalesce(average_cost_basis, '')
	    || coalesce(unrealized_pnl, '') || realized_pnl
	    || coalesce(price, '') || proceeds || costs || fees
	    || uncovered_size || uncovered_proceeds) <= 451)
) STRICT;

-- Money brought in (positive) and taken out (negative).
CREATE TABLE cash_flows (
	id INTEGER PRIMARY KEY,
	at TEXT NOT NULL CHECK (length(at) = 27),
	currency TEXT NOT NULL,
	amount TEXT NOT NULL,
	note TEXT NOT NULL DEFAULT '',
	CHECK (amount NOT GLOB '*[^0-9.-]*' AND length(amount) <= 41)
) STRICT;

-- What the venue last said.
CREATE TABLE balances (
	currency TEXT PRIMARY KEY,
	available TEXT NOT NULL,
	hold TEXT NOT NULL,
	at TEXT NOT NULL,
	CHECK (available || hold NOT GLOB '*[^0-9.-]*'
	    AND length(available || hold) <= 82)
) STRICT, WITHOUT ROWID;

CREATE TABLE equity (
	day TEXT PRIMARY KEY CHECK (length(day) = 10),
	value TEXT NOT NULL,
	peak TEXT NOT NULL,
	flows TEXT NOT NULL, -- cash flows in dollars until it was written
	CHECK (value || peak || flows NOT GLOB '*[^0-9.-]*'
	    AND length(value || peak || flows) <= 123)
) STRICT, WITHOUT ROWID;

-- Rows from outside that found no place, whole, with why.
CREATE TABLE quarantine (
	id INTEGER PRIMARY KEY,
	source_file TEXT NOT NULL,
	source_table TEXT NOT NULL,
	source_id TEXT NOT NULL,
	row TEXT NOT NULL CHECK (row GLOB '{*}'),
	reason TEXT NOT NULL,
	at TEXT NOT NULL
) STRICT;
