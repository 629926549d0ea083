#include "legacy/source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "legacy/value.h"

static const struct foreign_value no_value = { .text = "" };

/* -------------------------------------------------------------- columns -- */

void
legacy_columns_find(const struct foreign_table *t, struct legacy_columns *out)
{
	static const char *const names[LEGACY_FIELDS] = {
		[LF_ID] = "id",
		[LF_BOT] = "bot_id",
		[LF_PRODUCT] = "product_id",
		[LF_SIDE] = "side",
		[LF_SIZE] = "size",
		[LF_PRICE] = "price",
		[LF_SIZE_USD] = "size_usd",
		[LF_FEE] = "fee",
		[LF_COMMISSION] = "commission",
		[LF_SIZE_IN_QUOTE] = "size_in_quote",
		[LF_ORDER] = "order_id",
		[LF_FILL] = "fill_id",
		[LF_STATUS] = "status",
		[LF_SCORE] = "combined_signal_score",
		[LF_SCORES] = "signal_scores",
		[LF_TRANCHE] = "tranche_number",
		[LF_POSITION_STATUS] = "position_status",
		[LF_AVERAGE] = "average_entry_price",
		[LF_CREATED] = "created_at",
		[LF_FILLED] = "filled_at",
	};

	for (int i = 0; i < LEGACY_FIELDS; i++)
		out->at[i] = foreign_column(t, names[i]);
}

void
legacy_fields_read(const struct legacy_columns *columns,
    const struct foreign_rows *rows, struct legacy_fields *out)
{
	for (int i = 0; i < LEGACY_FIELDS; i++)
		out->of[i] = columns->at[i] == -1 ?
		    &no_value :
		    &rows->values[columns->at[i]];
}

/* ---------------------------------------------------------------- cells -- */

bool
legacy_product(const struct foreign_value *v, char out[static PRODUCT_ID_MAX])
{
	size_t len;
	const char *s = legacy_trim(v, &len);

	out[0] = '\0';
	if (s == NULL || len >= PRODUCT_ID_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)toupper((unsigned char)s[i]);
	out[len] = '\0';
	if (product_id_is_valid(out, len))
		return true;
	out[0] = '\0';
	return false;
}

bool
legacy_integer(const struct foreign_value *v, int64_t *out)
{
	struct decimal d;

	if (legacy_number(v, &d) != LEGACY_READ ||
	    d.v % DECIMAL_ONE_UNITS != 0 ||
	    decimal_cmp(decimal_abs(d), DECIMAL_OF(INT64_MAX)) > 0)
		return false;
	*out = (int64_t)(d.v / DECIMAL_ONE_UNITS);
	return true;
}

/* ----------------------------------------------------------------- bots -- */

/* "test" as a word or the beginning of one: "Latest" is none, but the tools
 * of testers are. */
static bool
is_test_name(const struct foreign_value *v)
{
	static const char *const tools[] = { "unit", "py", "back", "paper" };
	const char *s = v->text;

	if (v->kind != FOREIGN_TEXT)
		return false;
	for (const char *p = s; (p = strcasestr(p, "test")) != NULL; p++) {
		if (p == s || !isalpha((unsigned char)p[-1]))
			return true;
		for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
			size_t len = strlen(tools[i]);

			if ((size_t)(p - s) >= len &&
			    strncasecmp(p - len, tools[i], len) == 0 &&
			    (p - len == s ||
				!isalpha((unsigned char)p[-1 - (int)len])))
				return true;
		}
	}
	return false;
}

static enum tb_status
roster_add(struct legacy_roster *roster, const struct legacy_known_bot *bot,
    struct tb_err *err)
{
	size_t room = roster->room == 0 ? 16 : 2 * roster->room;
	struct legacy_known_bot *grown;

	if (roster->count == roster->room) {
		grown = reallocarray(roster->bots, room, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		roster->bots = grown;
		roster->room = room;
	}
	roster->bots[roster->count++] = *bot;
	return TB_OK;
}

static int
compare_bots(const void *a, const void *b)
{
	const struct legacy_known_bot *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

enum tb_status
legacy_roster_read(struct legacy_roster *roster, struct foreign *file,
    const struct foreign_table *bots, struct tb_err *err)
{
	struct legacy_known_bot bot;
	struct foreign_rows rows;
	enum tb_status status;
	int id, name, pair;

	*roster = (struct legacy_roster){ 0 };
	if (bots == NULL)
		return TB_OK;
	id = foreign_column(bots, "id");
	name = foreign_column(bots, "name");
	pair = foreign_column(bots, "pair");
	status = foreign_rows_open(&rows, file, bots, err);
	while (status == TB_OK) {
		status = foreign_rows_next(&rows, err);
		if (status != TB_OK)
			break;
		bot = (struct legacy_known_bot){ .id = rows.rowid };
		if (id != -1 && !legacy_integer(&rows.values[id], &bot.id))
			continue;
		if (pair != -1)
			(void)legacy_product(&rows.values[pair], bot.pair);
		bot.is_test = name != -1 && is_test_name(&rows.values[name]);
		status = roster_add(roster, &bot, err);
	}
	foreign_rows_close(&rows);
	if (roster->count > 1)
		qsort(roster->bots, roster->count, sizeof(*roster->bots),
		    compare_bots);
	return status == TB_END ? TB_OK : status;
}

void
legacy_roster_release(struct legacy_roster *roster)
{
	free(roster->bots);
	*roster = (struct legacy_roster){ 0 };
}

const struct legacy_known_bot *
legacy_roster_find(const struct legacy_roster *roster, int64_t id)
{
	const struct legacy_known_bot key = { .id = id };

	if (roster->count == 0)
		return NULL;
	return bsearch(&key, roster->bots, roster->count, sizeof(key),
	    compare_bots);
}
