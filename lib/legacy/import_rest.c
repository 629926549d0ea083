#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/instant.h"
#include "bot/botjson.h"
#include "io/json.h"
#include "legacy/history.h"
#include "legacy/import_parts.h"
#include "store/bots.h"
#include "store/evaluations.h"

#define HISTORY_US (30 * INSTANT_S_PER_DAY * INSTANT_US_PER_S)
#define NAMES_MAX 99		/* bots of one name, from several files */
#define DECISION_MAX (1U << 19) /* bytes of a row that goes along */

/* ----------------------------------------------------------------- bots -- */

/* out: *out_id  the bot, new or of the same name and configuration */
static enum tb_status
add_bot(struct importing *im, struct bot *bot, const struct bot_put *put,
    int64_t *out_id, struct tb_err *err)
{
	char wanted[BOT_NAME_MAX + 1];
	struct bot_row there;
	enum tb_status status;

	memcpy(wanted, bot->name, sizeof(wanted));
	for (int i = 2; i <= NAMES_MAX; i++) {
		status = bots_find(im->db, bot->name, &there, err);
		if (status == TB_ENOENT) {
			im->out->bots++;
			return bots_add(im->db, put, im->in->now_us, out_id,
			    err);
		}
		*out_id = there.id;
		if (status != TB_OK ||
		    strcmp(there.config_hash, put->config_hash) == 0)
			return status;
		(void)snprintf(bot->name, sizeof(bot->name), "%.60s %d", wanted,
		    i);
	}
	return tb_fail(err, TB_ERANGE, "more than %d bots are called %s",
	    NAMES_MAX, wanted);
}

static enum tb_status
store_bot(struct importing *im, struct bot *bot, int64_t *out_id,
    struct tb_err *err)
{
	char hash[DIGEST_HEX];
	struct buffer config, signals;
	struct json_writer w = { .out = &signals };
	struct bot_put put = { .name = bot->name,
		.product_id = bot->product_id,
		.granularity_s = bot->granularity_s,
		.status = bot->status,
		.confirmation_minutes = bot->confirmation_minutes,
		.cooldown_minutes = bot->cooldown_minutes,
		.buy_threshold = bot->buy_threshold,
		.sell_threshold = bot->sell_threshold,
		.trade_size_usd = bot->trade_size_usd,
		.combine = bot_combine_name(bot->combine),
		.style = score_style_name(bot->style),
		.config_hash = hash };
	enum tb_status status;

	buffer_init(&config, BOT_JSON_MAX);
	buffer_init(&signals, BOT_JSON_MAX);
	status = bot_config_text(bot, &config, hash, err);
	bot_write_signals(&w, bot);
	if (status == TB_OK)
		status = buffer_status(&signals, err);
	put.config = buffer_string(&config);
	put.signal_config = buffer_string(&signals);
	if (status == TB_OK)
		status = add_bot(im, bot, &put, out_id, err);
	buffer_release(&config);
	buffer_release(&signals);
	return status;
}

static enum tb_status
remember_bot(struct importing *im, size_t file, const struct legacy_bot *bot,
    int64_t id, struct tb_err *err)
{
	size_t room = im->bot_room == 0 ? 64 : 2 * im->bot_room;
	struct import_bot *grown, *b;

	if (im->bot_count == im->bot_room) {
		grown = reallocarray(im->bots, room, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		im->bots = grown;
		im->bot_room = room;
	}
	b = &im->bots[im->bot_count++];
	*b = (struct import_bot){ .file = file,
		.old_id = bot->old_id,
		.id = id,
		.trade_size_usd = bot->bot.trade_size_usd };
	memcpy(b->product_id, bot->bot.product_id, sizeof(b->product_id));
	memcpy(b->name, bot->bot.name, sizeof(b->name));
	return TB_OK;
}

/* A bot that an earlier run brought is the user's now: it stays as it is. */
static enum tb_status
take_bot(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	static struct legacy_bot bot; /* it holds expressions */
	char became[24];
	int64_t id = 0;
	enum tb_status status;
	bool same;

	status = import_look(im, item, err);
	if (status == TB_OK)
		status = legacy_bot_read(im->row.data, im->row.len, &bot, err);
	if (status != TB_OK)
		return status;
	same = im->known.known && strcmp(im->known.hash, im->hash) == 0;
	if (im->known.known)
		id = strtoll(im->known.became, NULL, 10);
	else
		status = store_bot(im, &bot.bot, &id, err);
	if (status == TB_OK)
		status = remember_bot(im, item->ref.file, &bot, id, err);
	if (status != TB_OK)
		return status;
	import_count(im, "convert", same);
	if (!im->known.known && im->in->on_bot != NULL)
		status = im->in->on_bot(&bot, id, im->in->arg, err);
	if (status != TB_OK)
		return status;
	(void)snprintf(became, sizeof(became), "%" PRId64, id);
	if (same)
		return TB_OK;
	return import_record(im, item, "convert", NULL, became, err);
}

static enum tb_status
bots_of(struct importing *im, size_t file, const struct legacy_source *source,
    struct tb_err *err)
{
	struct foreign_rows rows;
	enum tb_status status;

	status =
	    foreign_rows_open(&rows, source->file, source->variant.bots, err);
	while (status == TB_OK) {
		status = foreign_rows_next(&rows, err);
		if (status != TB_OK)
			break;
		const struct legacy_item item = {
			.ref = { .file = (uint16_t)file, .rowid = rows.rowid },
			.table = source->variant.bots->name,
			.disposition = LEGACY_CONVERT,
		};
		status = take_bot(im, &item, err);
	}
	foreign_rows_close(&rows);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
import_bots(struct importing *im, struct tb_err *err)
{
	const struct legacy_source *sources;
	enum tb_status status = TB_OK;
	size_t count;

	sources = legacy_plan_sources(im->in->plan, &count);
	for (size_t i = 0; i < count && status == TB_OK; i++)
		if (sources[i].variant.bots != NULL)
			status = bots_of(im, i, &sources[i], err);
	return status;
}

/* ------------------------------------------------------------- decisions -- */

static struct import_bot *
bot_of(struct importing *im, size_t file, const struct legacy_decision *d)
{
	for (size_t i = 0; i < im->bot_count && d->has_bot; i++)
		if (im->bots[i].file == file && im->bots[i].old_id == d->bot_id)
			return &im->bots[i];
	return NULL;
}

/* HOLD after HOLD is not stored, as of any bot. */
static bool
is_news(struct import_bot *bot, const struct legacy_decision *d)
{
	bool news = d->action != LEGACY_HOLD || !bot->has_last ||
	    bot->last != d->action;

	bot->has_last = true;
	bot->last = d->action;
	return news;
}

static void
put_time(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	json_key(w, key);
	json_string(w, text);
}

static const char no_confirmation[] = "{\"since\":null,"
				      "\"since_is_bound\":false,"
				      "\"required_minutes\":0,"
				      "\"elapsed_minutes\":0,"
				      "\"confirmed\":false}";
static const char no_cooldown[] = "{\"until\":null,\"active\":false}";

/* The signal line of the decision; the old row goes with it. */
static void
write_line(struct json_writer *w, const struct import_bot *bot,
    const struct legacy_decision *d, const char *id, const struct buffer *row)
{
	json_open(w, '{');
	json_key(w, "bot_id");
	json_int(w, bot->id);
	json_key(w, "product_id");
	json_string(w, bot->product_id);
	json_key(w, "temperature");
	json_string(w, legacy_temperature(d->score));
	json_key(w, "combined_score");
	json_amount(w, d->score);
	json_key(w, "recommended_action");
	json_string(w, legacy_action_word(d->action));
	put_time(w, "last_evaluation", d->at_us);
	json_key(w, "ready_to_trade");
	json_bool(w, false);
	json_key(w, "name");
	json_string(w, bot->name);
	json_key(w, "evaluation_id");
	json_string(w, id);
	put_time(w, "candle_at", d->at_us);
	json_key(w, "not_ready");
	json_open(w, '[');
	json_string(w, "stale_data");
	json_close(w, ']');
	json_key(w, "price");
	if (d->has_price)
		json_amount_min(w, d->price, 2);
	else
		json_null(w);
	json_key(w, "trade_size_usd");
	json_amount_min(w, bot->trade_size_usd, 2);
	json_key(w, "confirmation");
	json_raw(w, no_confirmation, sizeof(no_confirmation) - 1);
	json_key(w, "cooldown");
	json_raw(w, no_cooldown, sizeof(no_cooldown) - 1);
	json_key(w, "individual_signals");
	json_raw(w, "{}", 2);
	json_key(w, "legacy");
	json_raw(w, row->data, row->len);
	json_close(w, '}');
}

static enum tb_status
put_evaluation(struct importing *im, const struct import_bot *bot,
    const struct legacy_decision *d, const char *id, struct tb_err *err)
{
	struct evaluation_row row = { .bot_id = bot->id,
		.candle_at_us = d->at_us,
		.evaluated_at_us = d->at_us };
	struct json_writer w = { .out = &im->context };
	char score[DECIMAL_STRLEN];
	enum tb_status status;

	buffer_clear(&im->context);
	write_line(&w, bot, d, id, &im->row);
	status = buffer_status(&im->context, err);
	if (status != TB_OK)
		return status;
	(void)snprintf(row.evaluation_id, sizeof(row.evaluation_id), "%s", id);
	memcpy(row.product_id, bot->product_id, sizeof(row.product_id));
	(void)snprintf(row.action, sizeof(row.action), "%s",
	    legacy_action_word(d->action));
	(void)snprintf(row.temperature, sizeof(row.temperature), "%s",
	    legacy_temperature(d->score));
	decimal_format(d->score, score);
	(void)snprintf(row.combined_score, sizeof(row.combined_score), "%.31s",
	    score);
	row.line = im->context.data; /* borrowed */
	im->out->evaluations++;
	return evaluations_put(im->db, &row, err);
}

static bool
is_wanted(const struct importing *im, const struct legacy_decision *d)
{
	if (im->in->history == LEGACY_HISTORY_30D)
		return d->at_us >= im->in->now_us - HISTORY_US;
	return im->in->history == LEGACY_HISTORY_ALL;
}

/* Why a decision that can be read is archived; NULL: it comes over. */
static const char *
why_not(struct importing *im, struct import_bot *bot,
    const struct legacy_decision *d)
{
	if (bot == NULL)
		return "no_bot";
	if (!is_news(bot, d))
		return "same_as_before";
	if (!is_wanted(im, d))
		return "older";
	return im->row.len > DECISION_MAX ? "too_long" : NULL;
}

/* A row of bot_signal_history: an evaluation, or archived. */
static enum tb_status
take_decision(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	struct legacy_decision d;
	struct import_bot *bot = NULL;
	const char *reason;
	char id[64];
	enum tb_status status;

	status =
	    legacy_decision_read(im->row.data, im->row.len, &d, &reason, err);
	if (status != TB_OK && status != TB_END)
		return status;
	if (status == TB_OK) {
		bot = bot_of(im, item->ref.file, &d);
		reason = why_not(im, bot, &d);
	}
	import_count(im, reason == NULL ? "convert" : "archive", false);
	if (bot == NULL || reason != NULL)
		return import_record(im, item, "archive", reason, NULL, err);
	(void)snprintf(id, sizeof(id), "legacy/%" PRId64 "/%" PRId64,
	    im->sources[item->ref.file].id, item->ref.rowid);
	status = put_evaluation(im, bot, &d, id, err);
	if (status == TB_OK)
		status = import_record(im, item, "convert", NULL, id, err);
	return status;
}

/* A row of an earlier run: what it became stays, the row itself is kept. */
static enum tb_status
take_again(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	const struct origin_known *had = &im->known;
	bool same = strcmp(had->hash, im->hash) == 0;

	import_count(im, had->disposition, same);
	if (same)
		return TB_OK;
	return import_record(im, item, had->disposition,
	    had->reason[0] == '\0' ? NULL : had->reason,
	    had->became[0] == '\0' ? NULL : had->became, err);
}

enum tb_status
import_other(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	enum tb_status status;

	if (strcasecmp(item->table, "bots") == 0)
		return TB_OK; /* they came first */
	status = import_look(im, item, err);
	if (status != TB_OK)
		return status;
	if (im->known.known)
		return take_again(im, item, err);
	if (strcasecmp(item->table, "bot_signal_history") == 0)
		return take_decision(im, item, err);
	import_count(im, "archive", false);
	return import_record(im, item, "archive", NULL, NULL, err);
}
