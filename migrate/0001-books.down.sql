-- Before the books there is nothing: the way back exists only while every
-- table is empty (tb-migrate looks, and names the first that is not).
DROP TABLE quarantine;
DROP TABLE equity;
DROP TABLE balances;
DROP TABLE cash_flows;
DROP TABLE portfolio;
DROP TABLE disposals;
DROP TABLE lots;
DROP TABLE fills;
DROP TABLE trades;
DROP TABLE refusals;
DROP TABLE orders;
DROP TABLE intent_events;
DROP TABLE intents;
DROP TABLE transitions;
DROP TABLE evaluations;
DROP TABLE bot_configs;
DROP TABLE bots;
DROP TABLE candle_coverage;
DROP TABLE candles;
DROP TABLE products;
DROP TABLE meta;
