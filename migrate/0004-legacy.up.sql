-- What "tb-migrate legacy" brought over from databases of the old system, and
-- where each of their rows ended.

CREATE TABLE legacy_sources (
	id INTEGER PRIMARY KEY,
	file TEXT NOT NULL UNIQUE, -- absolute path of the old database
	sha256 TEXT NOT NULL CHECK (length(sha256) = 64), -- of the copy read last
	variant TEXT NOT NULL,
	read_at TEXT NOT NULL CHECK (length(read_at) = 27),
	backup TEXT NOT NULL -- of this database, made before the first row
) STRICT;

-- Every row of an old database, once.
CREATE TABLE legacy_rows (
	source_id INTEGER NOT NULL REFERENCES legacy_sources,
	source_table TEXT NOT NULL,
	row_id INTEGER NOT NULL, -- its rowid there
	disposition TEXT NOT NULL CHECK (disposition IN
	    ('keep', 'convert', 'merge', 'quarantine', 'archive')),
	reason TEXT,
	became TEXT, -- order_id of a trade, evaluation_id, id of a bot
	row TEXT CHECK (row GLOB '{*}'), -- as it was; NULL: in quarantine, or
					 -- exported by cleanup
	hash TEXT NOT NULL CHECK (length(hash) = 64), -- SHA-256 of row
	PRIMARY KEY (source_id, source_table, row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX quarantine_by_source
    ON quarantine (source_file, source_table, source_id);
