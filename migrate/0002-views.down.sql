DROP VIEW v_signals;
DROP VIEW v_positions;
DROP VIEW v_trades;
