/*
 * tb-sync doctor: is all well?  A row a part, with its verdict: ok, warn or
 * bad.  It changes nothing.
 */

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/keyfile.h"
#include "order/config.h"
#include "order/halt.h"
#include "store/bots.h"
#include "store/candles.h"
#include "store/intents.h"
#include "store/schema.h"
#include "tb-sync.h"

#define BOTS_PAGE 32
#define DISK_BAD_MIB 64
#define DISK_WARN_MIB 1024
#define CLOCK_WARN_US (5 * INSTANT_US_PER_S)

enum health { OK, WARN, BAD };

struct visit {
	const struct cli *cli;
	struct cli_rows rows;
	struct config config;
	struct db *db;
	struct desk *desk;
	enum health worst;
};

static const struct cli_column columns[] = {
	{ "check", "Part", CLI_TEXT, 0 },
	{ "verdict", "Verdict", CLI_TEXT, 0 },
	{ "message", "What was found", CLI_TEXT, 0 },
	{ 0 },
};

static enum tb_status say(struct visit *v, const char *check,
    enum health verdict, struct tb_err *err, const char *fmt, ...)
    TB_PRINTF(5, 6);

static enum tb_status
say(struct visit *v, const char *check, enum health verdict, struct tb_err *err,
    const char *fmt, ...)
{
	static const char *const names[] = { "ok", "warn", "bad" };
	struct json_writer *w = cli_row(&v->rows);
	char words[TB_ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	if (verdict > v->worst)
		v->worst = verdict;
	json_open(w, '{');
	json_key(w, "check");
	json_string(w, check);
	json_key(w, "verdict");
	json_string(w, names[verdict]);
	json_key(w, "message");
	json_string(w, words);
	json_close(w, '}');
	return cli_row_end(&v->rows, err);
}

/* ------------------------------------------------------------- database -- */

static enum tb_status
look_at_schema(struct visit *v, struct tb_err *err)
{
	struct tb_err found = { 0 };
	int version = 0;

	if (schema_version(v->db, &version, &found) != TB_OK ||
	    schema_is_known(v->db, version, &found) != TB_OK)
		return say(v, "schema", BAD, err, "%s", found.msg);
	if (version < schema_newest())
		return say(v, "schema", BAD, err,
		    "version %d, this tool wants %d: run tb-migrate up",
		    version, schema_newest());
	if (schema_check(v->db, &found) != TB_OK)
		return say(v, "schema", BAD, err, "%s", found.msg);
	return say(v, "schema", OK, err, "version %d", version);
}

static enum tb_status
look_at_file(struct visit *v, struct tb_err *err)
{
	struct tb_err found = { 0 };

	if (schema_integrity(v->db, &found) != TB_OK)
		return say(v, "database", BAD, err, "%s", found.msg);
	if (db_is_remote(v->db))
		return say(v, "database", WARN, err,
		    "%s: on a network file system, where locks are not to be"
		    " trusted",
		    v->cli->db);
	return say(v, "database", OK, err, "%s: whole", v->cli->db);
}

static enum tb_status
look_at_disk(struct visit *v, struct tb_err *err)
{
	char path[CLI_PATH_MAX];
	struct statvfs fs;
	unsigned long long mib;

	snprintf(path, sizeof(path), "%s", v->cli->db);
	if (statvfs(dirname(path), &fs) != 0)
		return say(v, "disk", BAD, err, "%s", strerror(errno));
	mib = (unsigned long long)fs.f_bavail * fs.f_frsize >> 20;
	return say(v, "disk",
	    mib < DISK_BAD_MIB	    ? BAD :
		mib < DISK_WARN_MIB ? WARN :
				      OK,
	    err, "%llu MiB are free", mib);
}

static enum tb_status
look_at_orders(struct visit *v, struct tb_err *err)
{
	struct tb_err found = { 0 };
	struct intent intent;
	enum tb_status status;
	int64_t after = 0;
	int count = 0;

	while ((status = intents_next(v->db, after, INTENT_UNRESOLVED, &intent,
		    &found)) == TB_OK) {
		after = intent.id;
		count++;
		intent_release(&intent);
	}
	if (status != TB_ENOENT)
		return say(v, "orders", BAD, err, "%s", found.msg);
	if (count > 0)
		return say(v, "orders", BAD, err,
		    "%d may be live: run tb-sync reconcile", count);
	return say(v, "orders", OK, err, "the fate of each is known");
}

static enum tb_status
look_at_trading(struct visit *v, struct tb_err *err)
{
	char why[TB_ERR_MAX], alarm[HALT_WHY_MAX],
	    restored[INSTANT_STRLEN] = "";
	struct tb_err found = { 0 };
	bool halted = true;

	if (halt_look(v->db, &halted, why, &found) != TB_OK)
		return say(v, "trading", BAD, err, "%s", found.msg);
	/* Who halts trading by hand knows it; an alarm has to be looked at. */
	if (halted)
		return say(v, "trading",
		    db_meta_get(v->db, META_ALARM, alarm, sizeof(alarm),
			&found) == TB_OK ?
			BAD :
			WARN,
		    err, "%s", why);
	if (db_meta_get(v->db, META_RESTORED, restored, sizeof(restored),
		&found) == TB_OK &&
	    restored[0] != '\0' && !v->desk->is_paper)
		return say(v, "trading", BAD, err,
		    "restored from a copy at %s: run tb-sync first", restored);
	return say(v, "trading", OK, err, "not halted");
}

/* ----------------------------------------------------------------- data -- */

static enum tb_status
look_at_series(struct visit *v, const struct bot_row *bot, struct tb_err *err)
{
	char until[INSTANT_STRLEN];
	struct tb_err found = { 0 };
	int64_t covered_us = 0, old_us;

	if (candles_covered_until(v->db, bot->product_id, bot->granularity_s,
		&covered_us, &found) != TB_OK)
		return say(v, "data", BAD, err, "%s", found.msg);
	if (covered_us == 0)
		return say(v, "data", BAD, err,
		    "%s %s: no candles, but bot \"%s\" looks at them: run"
		    " tb-sync",
		    bot->product_id, granularity_name(bot->granularity_s),
		    bot->name);
	old_us = v->cli->now_us - covered_us;
	instant_format_s(instant_floor_s(covered_us), until);
	return say(v, "data",
	    old_us > INSTANT_US_PER_S * 2 * bot->granularity_s ? WARN : OK, err,
	    "%s %s: known until %s", bot->product_id,
	    granularity_name(bot->granularity_s), until);
}

static enum tb_status
look_at_data(struct visit *v, struct tb_err *err)
{
	static struct bot_row page[BOTS_PAGE];
	enum tb_status status;
	int64_t after = 0;
	size_t count, running = 0;

	do {
		status = bots_page(v->db, after, page, BOTS_PAGE, &count, err);
		for (size_t i = 0; status == TB_OK && i < count; i++) {
			after = page[i].id;
			if (page[i].status == BOT_STOPPED)
				continue;
			running++;
			status = look_at_series(v, &page[i], err);
		}
	} while (status == TB_OK && count == BOTS_PAGE);
	if (status == TB_OK && running == 0)
		status = say(v, "data", OK, err, "no bot is running");
	return status;
}

/* ---------------------------------------------------------------- venue -- */

static enum tb_status
look_at_key_file(struct visit *v, struct tb_err *err)
{
	const char *path = v->config.key_file;
	struct tb_err found = { 0 };
	int fd;

	if (path[0] == '\0')
		return TB_OK; /* whether there is a key, the venue tells */
	if (keyfile_open(path, &fd, &found) != TB_OK)
		return say(v, "key file", BAD, err, "%s", found.msg);
	(void)close(fd);
	return say(v, "key file", OK, err, "%s: ours alone", path);
}

static enum tb_status
look_at_key(struct visit *v, const struct venue_hello *hello,
    struct tb_err *err)
{
	if (!hello->has_key)
		return say(v, "key", BAD, err,
		    "the venue was given none: no orders, no balances");
	if (hello->can_transfer)
		return say(v, "key", WARN, err,
		    "it may move money out, which nobody here needs: make one"
		    " without");
	if (!hello->can_trade)
		return say(v, "key", WARN, err,
		    "it may look, but not trade: enough for tb-sync");
	return say(v, "key", OK, err, "it may look and trade, and no more");
}

static enum tb_status
look_at_clock(struct visit *v, int64_t off_us, struct tb_err *err)
{
	int64_t far_us = off_us < 0 ? -off_us : off_us;

	return say(v, "clock",
	    far_us > DESK_CLOCK_US     ? BAD :
		far_us > CLOCK_WARN_US ? WARN :
					 OK,
	    err, "%lld ms from the venue's", (long long)(off_us / 1000));
}

static enum tb_status
look_at_venue(struct visit *v, struct tb_err *err)
{
	struct venue_hello hello;
	struct tb_err found = { 0 };
	struct venue *market = NULL;
	struct venue *venue = v->desk->venue;
	enum tb_status status = TB_OK;
	int64_t asked_us;

	if (desk_market(v->desk, &market, &found) != TB_OK)
		return say(v, "venue", WARN, err, "%s", found.msg);
	if (venue == market) /* first: with a bad one the venue says nothing */
		status = look_at_key_file(v, err);
	if (status != TB_OK)
		return status;
	asked_us = instant_now_us();
	if (market->verbs->hello(market, &hello, &found) != TB_OK)
		return say(v, "venue", BAD, err, "%s", found.msg);
	status = say(v, "venue", OK, err, "%s answers%s%s", hello.name,
	    venue == market ? " for account " : "",
	    venue == market ? hello.account : "");
	if (status == TB_OK && hello.has_time)
		status = look_at_clock(v,
		    (asked_us + instant_now_us()) / 2 - hello.time_us, err);
	if (status == TB_OK && venue == market)
		status = look_at_key(v, &hello, err);
	return status;
}

/* ------------------------------------------------------------------ all -- */

static enum tb_status
look_at_all(struct visit *v, struct tb_err *err)
{
	struct tb_err found = { 0 };
	enum tb_status status;

	status = look_at_schema(v, err);
	if (status == TB_OK)
		status = look_at_file(v, err);
	if (status == TB_OK)
		status = look_at_disk(v, err);
	if (status != TB_OK || v->worst == BAD)
		return status; /* the rest would read a damaged database */
	if (desk_open(&v->desk, v->db, &v->config, DESK_DRY, &found) != TB_OK)
		return say(v, "venue", BAD, err, "%s", found.msg);
	status = look_at_orders(v, err);
	if (status == TB_OK)
		status = look_at_trading(v, err);
	if (status == TB_OK)
		status = look_at_data(v, err);
	if (status == TB_OK)
		status = look_at_venue(v, err);
	return status;
}

enum tb_status
run_doctor(const struct cli *cli, struct tb_err *err)
{
	static struct visit v;
	enum tb_status status;

	v.cli = cli;
	status = config_read(&v.config, cli->config, cli->config_given, err);
	if (status == TB_OK)
		status = db_open(&v.db, cli->db, DB_ANY_VERSION, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&v.rows, cli, columns, 0);
	status = look_at_all(&v, err);
	if (status == TB_OK && v.worst == BAD)
		status = TB_END;
	status = cli_rows_end(&v.rows, status, err);
	desk_close(v.desk);
	db_close(v.db);
	return status;
}
