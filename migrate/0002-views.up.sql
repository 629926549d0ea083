-- For people who type SQL.  Columns named _approx are REAL, for a quick look.

CREATE VIEW v_trades AS
SELECT id, created_at, product_id, side, status, size_crypto, price, size_usd,
    commission, CAST(size_usd AS REAL) AS size_usd_approx, triggered_by,
    json_extract(signal_context, '$.name') AS bot,
    json_extract(signal_context, '$.combined_score') AS combined_score, order_id
FROM trades;

CREATE VIEW v_positions AS
SELECT product_id, crypto_balance, usd_invested, average_cost_basis, price,
    price_at, unrealized_pnl, realized_pnl, fees,
    CAST(crypto_balance AS REAL) * CAST(price AS REAL) AS current_value_approx
FROM portfolio;

CREATE VIEW v_signals AS
SELECT e.evaluated_at, b.name, e.product_id, e.recommended_action,
    e.temperature, e.combined_score, e.candle_at, e.acted_at, e.evaluation_id
FROM evaluations e LEFT JOIN bots b ON b.id = e.bot_id;
