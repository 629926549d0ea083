/*
 * tb-signal: candles from where series are asked for: the database, a CSV
 * file, or standard input.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "io/csv.h"
#include "store/bars.h"
#include "store/candles.h"
#include "tb-signal.h"

#define PAIRS_MAX 1024		 /* products and granularities stored */
#define FIRST_S (-62135596800.0) /* the year 1 begins */
#define LAST_S 253402300799.0	 /* the year 9999 ends */

/* A block that fills, and who takes it. */
struct intake {
	const struct cli *cli;
	signal_take_block *take;
	void *arg;
	struct bar bars[CANDLES_BLOCK];
	size_t count;
};

/* Hands the block on; it is empty again. */
static enum tb_status
hand_on(struct intake *in, struct tb_err *err)
{
	size_t count = in->count;

	in->count = 0;
	return count == 0 ? TB_OK : in->take(in->bars, count, in->arg, err);
}

/* ----------------------------------------------------------- database -- */

static enum tb_status
asked_granularity(const char *asked, int *out_s, struct tb_err *err)
{
	if (granularity_parse(asked, strlen(asked), out_s) == TB_OK)
		return TB_OK;
	return tb_fail(err, TB_EUSAGE,
	    "--granularity: expected one such as 5m, got '%s'", asked);
}

/* The only one that is stored. */
static enum tb_status
only_granularity(struct db *db, const char *product_id, int *out_s,
    struct tb_err *err)
{
	struct candle_series *pairs = calloc(PAIRS_MAX, sizeof(*pairs));
	size_t count = 0, found = 0;
	enum tb_status status;

	if (pairs == NULL)
		return tb_nomem(err);
	status = candles_series(db, pairs, PAIRS_MAX, &count, err);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i].product_id, product_id) != 0)
			continue;
		*out_s = pairs[i].granularity_s;
		found++;
	}
	free(pairs);
	if (status == TB_OK && found == 0)
		return tb_fail(err, TB_ENOENT,
		    "no candles of %s: tb-sync import candles", product_id);
	if (status == TB_OK && found > 1)
		return tb_fail(err, TB_EUSAGE,
		    "candles of %s are of several granularities: say which by"
		    " --granularity",
		    product_id);
	return status;
}

/* TB_END: the block is full, and the statement ends before it is written. */
static enum tb_status
take_stored(const struct bar *bar, void *arg, struct tb_err *err)
{
	struct intake *in = arg;

	(void)err;
	in->bars[in->count++] = *bar;
	return in->count == CANDLES_BLOCK ? TB_END : TB_OK;
}

/* The candles that were closed at the instant. */
static enum tb_status
read_stored(struct intake *in, struct db *db, const char *product_id,
    int granularity_s, struct tb_err *err)
{
	int64_t from_s = INT64_MIN;
	int64_t to_s = evaluator_until_s(in->cli->now_us, granularity_s);
	enum tb_status status;
	bool full;

	do {
		status = bars_each(db, product_id, granularity_s, from_s, to_s,
		    take_stored, in, err);
		full = status == TB_END;
		if (full)
			from_s = in->bars[CANDLES_BLOCK - 1].start_s + 1;
		if (full || status == TB_OK)
			status = hand_on(in, err);
	} while (full && status == TB_OK);
	return status;
}

static enum tb_status
read_product(struct intake *in, const char *product_id, struct tb_err *err)
{
	const char *asked = signal_options.granularity;
	struct db *db = NULL;
	int granularity_s = 0;
	enum tb_status status = db_open(&db, in->cli->db, DB_READ, err);

	if (status == TB_OK)
		status = asked != NULL ?
		    asked_granularity(asked, &granularity_s, err) :
		    only_granularity(db, product_id, &granularity_s, err);
	if (status == TB_OK)
		status = read_stored(in, db, product_id, granularity_s, err);
	db_close(db);
	return status;
}

/* ---------------------------------------------------------------- CSV -- */

enum { TIMESTAMP, OPEN, HIGH, LOW, CLOSE, VOLUME, CSV_FIELDS };
static const char *const csv_fields[CSV_FIELDS] = { "timestamp", "open", "high",
	"low", "close", "volume" };

/* Unix seconds, or RFC 3339; where a candle begins. */
static bool
parse_start(const char *s, size_t len, int64_t *out_s)
{
	double seconds;
	int64_t us;

	if (instant_parse(s, len, &us) == TB_OK) {
		*out_s = instant_floor_s(us);
		return us % INSTANT_US_PER_S == 0;
	}
	if (real_parse(s, len, &seconds) != TB_OK || seconds < FIRST_S ||
	    seconds > LAST_S)
		return false;
	*out_s = (int64_t)seconds;
	return real_equal((double)*out_s, seconds);
}

static enum tb_status
parse_row(const struct csv *csv, const int fields[CSV_FIELDS], struct bar *bar,
    struct tb_err *err)
{
	double *const prices[CSV_FIELDS] = { NULL, &bar->open, &bar->high,
		&bar->low, &bar->close, &bar->volume };
	size_t len;
	const char *s = csv_field(csv, fields[TIMESTAMP], &len);

	if (!parse_start(s, len, &bar->start_s))
		return tb_fail(err, TB_EINVAL,
		    "timestamp: expected unix seconds or RFC 3339, got"
		    " \"%.64s\"",
		    s);
	for (int i = OPEN; i < CSV_FIELDS; i++) {
		s = csv_field(csv, fields[i], &len);
		if (real_parse(s, len, prices[i]) != TB_OK)
			return tb_fail(err, TB_EINVAL,
			    "%s: expected a number, got \"%.64s\"",
			    csv_fields[i], s);
	}
	return TB_OK;
}

static enum tb_status
find_fields(const struct csv *csv, int fields[CSV_FIELDS], struct tb_err *err)
{
	for (int i = 0; i < CSV_FIELDS; i++) {
		fields[i] = csv_column(csv, csv_fields[i]);
		if (fields[i] < 0)
			return tb_fail(err, TB_EINVAL,
			    "no column \"%s\": expected timestamp, open, high,"
			    " low, close, volume",
			    csv_fields[i]);
	}
	return TB_OK;
}

static enum tb_status
read_rows(struct intake *in, struct csv *csv, const char *name,
    struct tb_err *err)
{
	int fields[CSV_FIELDS];
	int64_t last_s = INT64_MIN;
	struct bar bar;
	enum tb_status status = find_fields(csv, fields, err);

	if (status != TB_OK) {
		tb_err_at(err, "%s:1", name);
		return status;
	}
	while ((status = csv_next(csv, err)) == TB_OK) {
		status = parse_row(csv, fields, &bar, err);
		if (status == TB_OK && bar.start_s <= last_s)
			status = tb_fail(err, TB_EINVAL,
			    "timestamp: %lld is not after the one before",
			    (long long)bar.start_s);
		if (status != TB_OK) {
			tb_err_at(err, "%s:%lu", name, csv_line(csv));
			return status;
		}
		last_s = bar.start_s;
		in->bars[in->count++] = bar;
		if (in->count == CANDLES_BLOCK)
			status = hand_on(in, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? hand_on(in, err) : status;
}

static enum tb_status
read_file(struct intake *in, const char *path, struct tb_err *err)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	struct csv *csv = NULL;
	int fd;
	enum tb_status status = cli_open_input(path, &fd, err);

	if (status != TB_OK)
		return status;
	status = csv_open(&csv, fd, name, err);
	if (status == TB_OK)
		status = read_rows(in, csv, name, err);
	csv_close(csv);
	if (fd != 0)
		(void)close(fd); /* read only: nothing can be lost */
	return status;
}

enum tb_status
signal_candles(const struct cli *cli, const char *source,
    signal_take_block *take, void *arg, struct tb_err *err)
{
	static struct intake in; /* 48 KiB */

	in = (struct intake){ .cli = cli, .take = take, .arg = arg };
	return product_id_is_valid(source, strlen(source)) ?
	    read_product(&in, source, err) :
	    read_file(&in, source, err);
}
