/* tb-signal: bot ...: the bots as they are stored. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "bot/botjson.h"
#include "bot/field.h"
#include "tb-signal.h"

/* ---------------------------------------------- between store and struct -- */

/* The id that a text of digits says; 0: none. */
static int64_t
id_of(const char *text)
{
	long long id = 0;

	if (cli_integer("id", text, 1, INT64_MAX, &id, NULL) != TB_OK)
		return 0;
	return id;
}

enum tb_status
signal_find_bot(struct db *db, const char *name, struct bot_row *out,
    struct tb_err *err)
{
	enum tb_status status = bots_find(db, name, out, err);

	if (status != TB_ENOENT || id_of(name) == 0)
		return status;
	return bots_get(db, id_of(name), out, err);
}

enum tb_status
signal_load_bot(struct db *db, const struct bot_row *row, int64_t at_us,
    struct bot *out, char *hash, struct tb_err *err)
{
	struct bot_config config;
	enum tb_status status;

	bot_init(out);
	out->id = row->id;
	out->granularity_s = row->granularity_s;
	out->status = row->status;
	out->cooldown_minutes = row->cooldown_minutes;
	(void)snprintf(out->name, sizeof(out->name), "%s", row->name);
	(void)snprintf(out->product_id, sizeof(out->product_id), "%s",
	    row->product_id);
	status = bots_config(db, row->id, at_us, &config, err);
	if (status != TB_OK)
		return status;
	if (hash != NULL)
		memcpy(hash, config.config_hash, DIGEST_HEX);
	status = bot_read_config(out, config.config, err);
	if (status != TB_OK)
		tb_err_at(err, "stored configuration");
	bot_config_release(&config);
	return status;
}

enum tb_status
signal_store_bot(struct db *db, struct bot *bot, int64_t at_us,
    struct tb_err *err)
{
	char hash[DIGEST_HEX];
	struct buffer config, signals;
	struct json_writer w = { .out = &signals };
	struct bot_put put = { .name = bot->name,
		.product_id = bot->product_id,
		.granularity_s = bot->granularity_s,
		.status = bot->status == BOT_ERROR ? BOT_RUNNING : bot->status,
		.confirmation_minutes = bot->confirmation_minutes,
		.cooldown_minutes = bot->cooldown_minutes,
		.buy_threshold = bot->buy_threshold,
		.sell_threshold = bot->sell_threshold,
		.trade_size_usd = bot->trade_size_usd,
		.combine = bot_combine_name(bot->combine),
		.style = score_style_name(bot->style),
		.when = bot_text(bot, bot->when),
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
	if (status == TB_OK && bot->id == 0)
		status = bots_add(db, &put, at_us, &bot->id, err);
	else if (status == TB_OK)
		status = bots_change(db, bot->id, &put, at_us, err);
	buffer_release(&config);
	buffer_release(&signals);
	return status;
}

/* ------------------------------------------------------------ list, show -- */

static void
write_instant(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	json_key(w, key);
	if (us == 0) {
		json_null(w);
		return;
	}
	instant_format(us, text);
	json_string(w, text);
}

/* A bot with what is no part of its configuration. */
static void
write_bot(struct json_writer *w, const struct bot_row *row,
    const struct bot *bot)
{
	json_open(w, '{');
	json_key(w, "bot_id");
	json_int(w, row->id);
	bot_write(w, bot);
	json_key(w, "config_hash");
	json_string_n(w, row->config_hash, EVALUATION_HASH - 1);
	json_key(w, "error");
	json_string(w, row->error[0] == '\0' ? NULL : row->error);
	write_instant(w, "last_evaluation_at", row->last_evaluation_at_us);
	write_instant(w, "created_at", row->created_at_us);
	write_instant(w, "updated_at", row->updated_at_us);
	json_close(w, '}');
}

static const struct cli_column bot_columns[] = {
	{ "bot_id", "Id", CLI_FIGURE, 0 },
	{ "name", "Bot", CLI_TEXT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "granularity", "Candles", CLI_TEXT, 0 },
	{ "status", "Status", CLI_TEXT, 0 },
	{ "trade_size_usd", "Size", CLI_AMOUNT, 2 },
	{ "buy_threshold", "Buy", CLI_FIGURE, 0 },
	{ "sell_threshold", "Sell", CLI_FIGURE, 0 },
	{ "confirmation_minutes", "Confirm", CLI_FIGURE, 0 },
	{ "cooldown_minutes", "Cooldown", CLI_FIGURE, 0 },
	{ "last_evaluation_at", "Evaluated", CLI_INSTANT, 0 },
	{ "error", "Error", CLI_TEXT, 0 },
	{ "config_hash", NULL, CLI_TEXT, 0 },
	{ "combine", NULL, CLI_TEXT, 0 },
	{ "style", NULL, CLI_TEXT, 0 },
	{ "when", NULL, CLI_TEXT, 0 },
	{ "signals", NULL, CLI_TEXT, 0 },
	{ 0 },
};

/* A configuration that can't be read leaves a bot of defaults, and says so. */
static enum tb_status
give_bot(const struct bot_row *stored, void *arg, struct tb_err *err)
{
	struct listing *l = arg;
	struct bot_row row = *stored;
	struct tb_err wrong = { 0 };
	struct bot bot;

	if (signal_load_bot(l->db, stored, l->cli->now_us, &bot,
		row.config_hash, &wrong) != TB_OK)
		cli_warn("bot \"%s\": %s", row.name, wrong.msg);
	write_bot(cli_row(&l->rows), &row, &bot);
	return cli_row_end(&l->rows, err);
}

enum tb_status
signal_bot_list(const struct cli *cli, struct tb_err *err)
{
	struct listing l = { .cli = cli };
	enum tb_status status;

	cli_rows_begin(&l.rows, cli, bot_columns, 0);
	status = db_open(&l.db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = bots_each(l.db, give_bot, &l, err);
	db_close(l.db);
	return cli_rows_end(&l.rows, status, err);
}

enum tb_status
signal_bot_show(const struct cli *cli, struct tb_err *err)
{
	struct listing l = { .cli = cli };
	struct bot_row row = { 0 };
	enum tb_status status;

	cli_rows_begin(&l.rows, cli, NULL, cli->argc == 1 ? CLI_ONE : 0);
	status = db_open(&l.db, cli->db, DB_READ, err);
	for (int i = 0; i < cli->argc && status == TB_OK; i++) {
		status = signal_find_bot(l.db, cli->argv[i], &row, err);
		if (status == TB_OK)
			status = give_bot(&row, &l, err);
	}
	db_close(l.db);
	return cli_rows_end(&l.rows, status, err);
}

/* ---------------------------------------------------------------- change -- */

/* KEY=VALUE operands, in their order, into a bot. */
static enum tb_status
assign(struct bot *bot, int argc, char *const *argv, struct tb_err *err)
{
	char path[BOT_PATH_MAX];
	enum tb_status status = TB_OK;

	for (int i = 0; i < argc && status == TB_OK; i++) {
		size_t len = strcspn(argv[i], "=");

		if (argv[i][len] == '\0' || len >= sizeof(path))
			return tb_fail(err, TB_EUSAGE,
			    "expected KEY=VALUE, got \"%s\"", argv[i]);
		(void)snprintf(path, sizeof(path), "%.*s", (int)len, argv[i]);
		status = bot_set_path(bot, path, argv[i] + len + 1, err);
	}
	return status;
}

/* The bot as it will be: whole, and with expressions that compile. */
static enum tb_status
check_bot(const struct bot *bot, struct tb_err *err)
{
	struct jqexpr *jq = NULL;
	enum tb_status status = bot_check(bot, err);

	if (status == TB_OK)
		status = jqexpr_open(&jq, err);
	if (status == TB_OK)
		status = bot_check_expressions(bot, jq, err);
	jqexpr_close(jq);
	return status;
}

/* Store a bot, end the transaction, and show it as it is now. */
static enum tb_status
store_and_show(struct db *db, const struct cli *cli, struct bot *bot,
    struct tb_err *err)
{
	struct cli_rows rows;
	struct bot_row row = { 0 };
	enum tb_status status;

	status = signal_store_bot(db, bot, cli->now_us, err);
	if (status == TB_OK)
		status = bots_get(db, bot->id, &row, err);
	if (status == TB_OK && cli->dry_run)
		db_rollback(db);
	else
		status = db_finish(db, status, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, NULL, CLI_ONE);
	write_bot(cli_row(&rows), &row, bot);
	status = cli_row_end(&rows, err);
	return cli_rows_end(&rows, status, err);
}

enum tb_status
signal_bot_add(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	struct bot bot;
	enum tb_status status;

	bot_init(&bot);
	status = bot_set_path(&bot, "name", cli->argv[0], err);
	if (status == TB_OK)
		status = bot_set_path(&bot, "product_id", cli->argv[1], err);
	if (status == TB_OK)
		status = assign(&bot, cli->argc - 2, cli->argv + 2, err);
	if (status == TB_OK)
		status = check_bot(&bot, err);
	if (status == TB_OK)
		status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = db_begin(db, err);
	if (status == TB_OK)
		status = store_and_show(db, cli, &bot, err);
	db_close(db);
	return status;
}

/* Read and written in one transaction: nobody's change is lost between. */
enum tb_status
signal_bot_set(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	struct bot_row row = { 0 };
	struct bot bot;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = db_begin(db, err);
	if (status == TB_OK)
		status = signal_find_bot(db, cli->argv[0], &row, err);
	if (status == TB_OK)
		status =
		    signal_load_bot(db, &row, cli->now_us, &bot, NULL, err);
	if (status == TB_OK)
		status = assign(&bot, cli->argc - 1, cli->argv + 1, err);
	if (status == TB_OK)
		status = check_bot(&bot, err);
	if (status == TB_OK)
		status = store_and_show(db, cli, &bot, err);
	db_close(db); /* what is still open is rolled back */
	return status;
}

/* --------------------------------------------------- start, stop, remove -- */

/* What is done to each bot that is named, all in one transaction. */
typedef enum tb_status bot_change(struct db *db, const struct bot_row *row,
    const struct cli *cli, struct tb_err *err);

static enum tb_status
change_named(struct db *db, const struct cli *cli, bot_change *change,
    struct tb_err *err)
{
	struct bot_row row = { 0 };
	enum tb_status status = db_begin(db, err);

	if (status != TB_OK)
		return status;
	for (int i = 0; i < cli->argc && status == TB_OK; i++) {
		status = signal_find_bot(db, cli->argv[i], &row, err);
		if (status == TB_OK)
			status = change(db, &row, cli, err);
	}
	if (status == TB_OK && cli->dry_run) {
		db_rollback(db);
		return TB_OK;
	}
	return db_finish(db, status, err);
}

static enum tb_status
open_and_change(const struct cli *cli, bot_change *change, const char *done,
    struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status = db_open(&db, cli->db, DB_WRITE, err);

	if (status == TB_OK)
		status = change_named(db, cli, change, err);
	db_close(db);
	for (int i = 0; i < cli->argc && status == TB_OK; i++)
		cli_note("%s%s: %s", cli->dry_run ? "would be " : "", done,
		    cli->argv[i]);
	return status;
}

static enum tb_status
start(struct db *db, const struct bot_row *row, const struct cli *cli,
    struct tb_err *err)
{
	return bots_set_status(db, row->id, BOT_RUNNING, cli->now_us, err);
}

static enum tb_status
stop(struct db *db, const struct bot_row *row, const struct cli *cli,
    struct tb_err *err)
{
	return bots_set_status(db, row->id, BOT_STOPPED, cli->now_us, err);
}

static enum tb_status delete (struct db *db, const struct bot_row *row,
    const struct cli *cli, struct tb_err *err) {
	(void)cli; return bots_delete(db, row->id, err);
}

enum tb_status
signal_bot_start(const struct cli *cli, struct tb_err *err)
{
	return open_and_change(cli, start, "started", err);
}

enum tb_status
signal_bot_stop(const struct cli *cli, struct tb_err *err)
{
	return open_and_change(cli, stop, "stopped", err);
}

enum tb_status
signal_bot_remove(const struct cli *cli, struct tb_err *err)
{
	return open_and_change(cli, delete, "removed", err);
}
