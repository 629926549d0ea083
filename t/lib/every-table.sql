-- A row in every table of a fresh paper database, for tests of the schema.
-- Hashes and figures are of the right form and otherwise made up.
INSERT INTO products VALUES ('BTC-USD', '0.00000001', '0.01', '0.01',
    '0.00000001', '1', '0', '0', 0, 0, 0, 0, 0, 1,
    '2025-09-11T10:30:00.000000Z');
INSERT INTO candles VALUES ('BTC-USD', 300, 1757586300, '39990', '40010.5',
    '39980', '40000', '12.25');
INSERT INTO candle_coverage VALUES ('BTC-USD', 300,
    '2025-09-11T10:30:00.000000Z');
INSERT INTO bots (id, name, product_id, granularity, status, signal_config,
    buy_threshold, sell_threshold, combine, style, config_hash, created_at,
    updated_at) VALUES (7, 'BTC Oversold', 'BTC-USD', 300, 'RUNNING', '{}',
    '0.5', '-0.5', 'sum', 'default', printf('%064d', 1),
    '2025-09-11T10:30:00.000000Z', '2025-09-11T10:30:00.000000Z');
INSERT INTO bot_configs VALUES (7, '2025-09-11T10:30:00.000000Z',
    printf('%064d', 1), '{}');
INSERT INTO evaluations VALUES ('BTC Oversold/1', 7, 'BTC-USD',
    '2025-09-11T10:30:00.000000Z', '2025-09-11T10:30:12.000000Z', 'BUY', 'HOT',
    '0.85', '{}', '2025-09-11T10:30:12.000000Z');
BEGIN;
INSERT INTO intent_events VALUES (1, 1, 1, '', 'SENDING',
    '2025-09-11T10:30:12.000000Z', NULL, printf('%064d', 2));
INSERT INTO intents (id, client_order_id, dedupe_key, request_hash, product_id,
    side, type, size_usd, reference_price, quote_size, body, state,
    reserve_currency, reserve, triggered_by, signal_context, decided_at,
    created_at, updated_at) VALUES (1, printf('%036d', 1), 's:1',
    printf('%064d', 3), 'BTC-USD', 'BUY', 'market', '50', '40000', '50', '{}',
    'SENDING', 'USD', '50', 'bot:7', '{"name":"BTC Oversold"}',
    '2025-09-11T10:30:12.000000Z', '2025-09-11T10:30:12.000000Z',
    '2025-09-11T10:30:12.000000Z');
INSERT INTO intent_events VALUES (2, 1, 2, 'SENDING', 'DONE',
    '2025-09-11T10:30:13.000000Z', NULL, printf('%064d', 4));
UPDATE intents SET state = 'DONE', order_id = 'o-1';
COMMIT;
INSERT INTO orders (order_id, client_order_id, product_id, side, type,
    status, filled_size, filled_value, total_fees, settled, created_at,
    updated_at, raw) VALUES ('o-1', printf('%036d', 1), 'BTC-USD', 'BUY',
    'market', 'FILLED', '0.00125', '50', '0.3', 1,
    '2025-09-11T10:30:13.000000Z', '2025-09-11T10:30:13.000000Z', '{}');
INSERT INTO refusals VALUES (1, '2025-09-11T10:31:00.000000Z', 'BTC-USD',
    'BUY', '5', NULL, 'minimum', '5 is under the minimum', NULL, 'manual');
INSERT INTO trades (id, product_id, side, size_usd, size_crypto, price,
    order_id, status, commission, created_at, filled_at, triggered_by,
    signal_context) VALUES (1, 'BTC-USD', 'BUY', '50', '0.00125', '40000',
    'o-1', 'filled', '0.3', '2025-09-11T10:30:13.000000Z',
    '2025-09-11T10:30:13.000000Z', 'bot:7', '{"name":"BTC Oversold"}');
INSERT INTO fills VALUES (1, 'e-1', 't-1', 'o-1', 'BTC-USD', 'BUY', 'fill',
    'trade', '0.00125', '40000', '50', '0.3', '2025-09-11T10:30:13.000000Z', 0,
    NULL, printf('%064d', 5));
INSERT INTO fills VALUES (2, 'e-2', 't-2', 'o-2', 'BTC-USD', 'SELL', 'fill',
    'trade', '0.00025', '40000', '10', '0.06', '2025-09-11T11:30:13.000000Z',
    0, NULL, printf('%064d', 6));
INSERT INTO lots VALUES (1, 'BTC-USD', 1, 1, '2025-09-11T10:30:13.000000Z',
    '0.00125', '50.3', '0.001', '40.24');
INSERT INTO disposals VALUES (1, 'BTC-USD', 2, NULL, 1,
    '2025-09-11T11:30:13.000000Z', '0.00025', '9.94', '10.06', '-0.12');
INSERT INTO portfolio VALUES ('BTC-USD', '0.001', '40.24', '40240', '-0.24',
    '-0.12', '2025-09-11T11:30:13.000000Z', '40000',
    '2025-09-11T10:30:00.000000Z', '9.94', '50.3', '0.36', '0', '0');
INSERT INTO balances VALUES ('USD', '9959.64', '0',
    '2025-09-11T11:30:13.000000Z');
INSERT INTO equity (day, value, peak, flows) VALUES ('2025-09-11', '9999.64', '10000', '10000');
INSERT INTO quarantine VALUES (1, 'old.db', 'trades', '17', '{}',
    'no order_id', '2025-09-11T10:30:00.000000Z');
