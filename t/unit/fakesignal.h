#ifndef FAKESIGNAL_H
#define FAKESIGNAL_H

/*
 * fakesignal: a bot in the books and lines that it could have said, in front
 * of a fakevenue.
 */

#include "base/instant.h"
#include "io/json.h"
#include "store/bots.h"
#include "wire/signalline.h"

#include "fakevenue.h"

#define FAKE_BOT "Fake"
#define FAKE_HASH                                                              \
 "9f2c41d000000000000000000000000000000000000000000000000000000000"

/* A bot that buys and sells BTC-USD and cools down for five minutes. */
static int64_t
fake_bot(struct db *db)
{
	const struct bot_put put = {
		.name = FAKE_BOT,
		.product_id = "BTC-USD",
		.granularity_s = 300,
		.status = BOT_RUNNING,
		.confirmation_minutes = 5,
		.cooldown_minutes = 5,
		.buy_threshold = dec("0.5"),
		.sell_threshold = dec("-0.5"),
		.trade_size_usd = dec("20"),
		.combine = "sum",
		.style = "default",
		.signal_config = "{}",
		.config = "{}",
		.config_hash = FAKE_HASH,
	};
	struct tb_err err = { 0 };
	int64_t id = 0;

	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, bots_add(db, &put, FAKE_T0, &id, &err), &err) !=
		TB_OK) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return id;
}

/* What the bot says at an instant, as a line. */
static struct signalline
fake_line(int64_t bot_id, int64_t at_us, enum action action, const char *usd)
{
	struct evaluation_id id = {
		.name = FAKE_BOT,
		.product_id = "BTC-USD",
		.granularity_s = 300,
		.candle_at_us = at_us / SECONDS(300) * SECONDS(300),
		.hash = "9f2c41d0",
	};
	struct signalline line = {
		.bot_id = bot_id,
		.product_id = "BTC-USD",
		.temperature = TEMPERATURE_HOT,
		.has_score = true,
		.combined_score = 0.85,
		.action = action,
		.instant_us = at_us,
		.ready = true,
		.name = FAKE_BOT,
		.candle_at_us = id.candle_at_us,
		.trade_size_usd = dec(usd),
	};

	evaluation_id_format(&id, line.evaluation_id);
	return line;
}

/* The same as a decision; its text is good until the next one. */
static struct decision
fake_signal(const struct signalline *line)
{
	static struct buffer text;
	struct json_writer w = { .out = &text, .numbers = JSON_NUMBERS_NUMBER };
	struct tb_err err = { 0 };
	struct decision d;

	buffer_release(&text);
	buffer_init(&text, 65536);
	signalline_write(&w, line);
	if (decision_of_signal(line, buffer_string(&text), &d, &err) != TB_OK) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return d;
}

#endif /* FAKESIGNAL_H */
