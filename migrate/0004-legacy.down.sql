DROP INDEX quarantine_by_source;
DROP TABLE legacy_rows;
DROP TABLE legacy_sources;
