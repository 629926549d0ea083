-- A seal on every row that no chain of hashes covers and no other table tells
-- again: SHA-256 over its columns, written with each of its changes.  The step
-- itself seals what is there.

ALTER TABLE intents ADD COLUMN seal TEXT CHECK (length(seal) = 64);
ALTER TABLE orders ADD COLUMN seal TEXT CHECK (length(seal) = 64);
ALTER TABLE trades ADD COLUMN seal TEXT CHECK (length(seal) = 64);
ALTER TABLE cash_flows ADD COLUMN seal TEXT CHECK (length(seal) = 64);
ALTER TABLE equity ADD COLUMN seal TEXT CHECK (length(seal) = 64);
