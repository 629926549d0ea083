-- How fast a venue may be asked, by all processes together.  A bucket that is
-- full at a moment lacks what drips into it until then.

CREATE TABLE pace (
	venue TEXT PRIMARY KEY CHECK (length(venue) BETWEEN 1 AND 32),
	second_full_at TEXT NOT NULL CHECK (length(second_full_at) = 27),
	hour_full_at TEXT NOT NULL CHECK (length(hour_full_at) = 27),
	resume_at TEXT NOT NULL CHECK (length(resume_at) = 27), -- not before
	setbacks INTEGER NOT NULL CHECK (setbacks >= 0) -- in a row
) STRICT, WITHOUT ROWID;
