-- What very many rows at once cost.  Two things of the tables that an import
-- fills are written otherwise, and mean the same: what is UNIQUE is an index of
-- its own, so that it can be made when all rows are in; and a choice of words
-- is a chain of OR, as SQLite makes a table of its own, for each row, of an IN
-- of three.  And a lot that is deleted, as a product is made anew, is looked for
-- among the disposals: by an index, not in all of them for each.

DROP VIEW v_trades;
DROP VIEW v_signals;

CREATE TABLE new_trades (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	product_id TEXT NOT NULL REFERENCES products,
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	size_usd TEXT NOT NULL,
	size_crypto TEXT NOT NULL,
	price TEXT NOT NULL,
	order_id TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status = 'pending' OR status = 'filled'
	    OR status = 'cancelled'),
	commission TEXT NOT NULL,
	created_at TEXT NOT NULL CHECK (length(created_at) = 27),
	filled_at TEXT,
	triggered_by TEXT NOT NULL, -- for people; no code decides by it
	signal_context TEXT CHECK (signal_context GLOB '{*}'),
	seal TEXT CHECK (length(seal) = 64),
	CHECK (size_usd || size_crypto || price || commission
	    NOT GLOB '*[^0-9.-]*'
	    AND length(size_usd || size_crypto || price || commission) <= 164)
) STRICT;
INSERT INTO sqlite_sequence SELECT 'new_trades', seq FROM sqlite_sequence
    WHERE name = 'trades'; -- no id is used again
INSERT INTO new_trades SELECT * FROM trades;
DROP TABLE trades;
ALTER TABLE new_trades RENAME TO trades;
CREATE UNIQUE INDEX trades_by_order ON trades (order_id);
CREATE INDEX trades_by_time ON trades (created_at);

CREATE TABLE new_fills (
	id INTEGER PRIMARY KEY,
	entry_id TEXT NOT NULL,
	venue_trade_id TEXT NOT NULL,
	order_id TEXT NOT NULL,
	product_id TEXT NOT NULL REFERENCES products,
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	kind TEXT NOT NULL
	    CHECK (kind = 'fill' OR kind = 'adjustment' OR kind = 'reversal'
	    OR kind = 'correction'),
	nature TEXT NOT NULL CHECK (nature = 'trade' OR nature = 'income'
	    OR nature = 'disposal' OR nature = 'fee-in-base'
	    OR nature = 'transfer-fee'),
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
INSERT INTO new_fills SELECT * FROM fills;
DROP TABLE fills;
ALTER TABLE new_fills RENAME TO fills;
CREATE UNIQUE INDEX fills_by_entry ON fills (entry_id);
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

CREATE TABLE new_evaluations (
	evaluation_id TEXT PRIMARY KEY,
	bot_id INTEGER NOT NULL,
	product_id TEXT NOT NULL,
	candle_at TEXT NOT NULL,    -- close of the last closed candle
	evaluated_at TEXT NOT NULL, -- the instant
	recommended_action TEXT NOT NULL
	    CHECK (recommended_action = 'BUY' OR recommended_action = 'SELL'
	    OR recommended_action = 'HOLD'),
	temperature TEXT NOT NULL
	    CHECK (temperature = 'HOT' OR temperature = 'WARM'
	    OR temperature = 'COOL' OR temperature = 'FROZEN'),
	combined_score TEXT NOT NULL, -- shortest text of the double
	line TEXT NOT NULL CHECK (line GLOB '{*}'),
	acted_at TEXT -- the instant at which an intent came of it
) STRICT, WITHOUT ROWID;
INSERT INTO new_evaluations SELECT * FROM evaluations;
DROP TABLE evaluations;
ALTER TABLE new_evaluations RENAME TO evaluations;
CREATE INDEX evaluations_by_bot ON evaluations (bot_id, candle_at);
CREATE INDEX evaluations_acted ON evaluations (bot_id, acted_at)
    WHERE acted_at IS NOT NULL;

CREATE TABLE new_legacy_rows (
	source_id INTEGER NOT NULL REFERENCES legacy_sources,
	source_table TEXT NOT NULL,
	row_id INTEGER NOT NULL, -- its rowid there
	disposition TEXT NOT NULL CHECK (disposition = 'keep'
	    OR disposition = 'convert' OR disposition = 'merge'
	    OR disposition = 'quarantine' OR disposition = 'archive'),
	reason TEXT,
	became TEXT, -- order_id of a trade, evaluation_id, id of a bot
	row TEXT CHECK (row GLOB '{*}'), -- as it was; NULL: in quarantine, or
					 -- exported by cleanup
	hash TEXT NOT NULL CHECK (length(hash) = 64), -- SHA-256 of row
	PRIMARY KEY (source_id, source_table, row_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_legacy_rows SELECT * FROM legacy_rows;
DROP TABLE legacy_rows;
ALTER TABLE new_legacy_rows RENAME TO legacy_rows;

CREATE INDEX disposals_by_lot ON disposals (lot_id);

CREATE VIEW v_trades AS
SELECT id, created_at, product_id, side, status, size_crypto, price, size_usd,
    commission, CAST(size_usd AS REAL) AS size_usd_approx, triggered_by,
    json_extract(signal_context, '$.name') AS bot,
    json_extract(signal_context, '$.combined_score') AS combined_score, order_id
FROM trades;

CREATE VIEW v_signals AS
SELECT e.evaluated_at, b.name, e.product_id, e.recommended_action,
    e.temperature, e.combined_score, e.candle_at, e.acted_at, e.evaluation_id
FROM evaluations e LEFT JOIN bots b ON b.id = e.bot_id;
