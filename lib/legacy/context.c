#include "legacy/context.h"

#include <stdbool.h>
#include <stdint.h>

#include "io/json.h"
#include "io/utf8.h"
#include "legacy/value.h"

#define HEX "0123456789abcdef"
#define SCORES_MAX (1U << 17) /* bytes that a trade carries along */

static void
write_hex(struct json_writer *w, const struct foreign_value *v)
{
	static const char digits[] = HEX;
	struct buffer text;

	buffer_init(&text, 2 * (size_t)FOREIGN_VALUE_MAX);
	for (size_t i = 0; i < v->len; i++) {
		unsigned char byte = (unsigned char)v->text[i];

		buffer_add_char(&text, digits[byte >> 4]);
		buffer_add_char(&text, digits[byte & 15]);
	}
	json_open(w, '{');
	json_key(w, "hex");
	json_string_n(w, buffer_string(&text), text.len);
	json_close(w, '}');
	buffer_release(&text);
}

/* What a JSON text can carry unchanged. */
static bool
is_text(const struct foreign_value *v)
{
	size_t at = 0, n;
	uint32_t c;

	while (at < v->len) {
		n = utf8_decode(v->text + at, v->len - at, &c);
		if (n == 0 || c == 0)
			return false;
		at += n;
	}
	return true;
}

static void
write_value(struct json_writer *w, const struct foreign_value *v)
{
	switch (v->kind) {
	case FOREIGN_NULL:
		json_null(w);
		break;
	case FOREIGN_INTEGER:
		json_raw(w, v->text, v->len);
		break;
	case FOREIGN_REAL:
		if (v->text[v->len - 1] == 'y')
			json_string_n(w, v->text, v->len);
		else
			json_raw(w, v->text, v->len);
		break;
	case FOREIGN_TEXT:
		if (is_text(v))
			json_string_n(w, v->text, v->len);
		else
			write_hex(w, v);
		break;
	case FOREIGN_BLOB:
		write_hex(w, v);
		break;
	}
}

void
legacy_row_write(const struct foreign_rows *rows, struct buffer *out)
{
	struct json_writer w = { .out = out };
	const struct foreign_table *t = rows->table;

	json_open(&w, '{');
	for (size_t i = 0; i < t->column_count; i++) {
		if (t->columns[i].generated)
			continue;
		json_key(&w, t->columns[i].name);
		write_value(&w, &rows->values[i]);
	}
	json_close(&w, '}');
}

/* The old sign said sell where the score was positive. */
static void
write_score(struct json_writer *w, const struct legacy_fields *signal)
{
	const struct foreign_value *v = signal->of[LF_SCORE];
	struct decimal score;

	if (legacy_number(v, &score) != LEGACY_READ)
		return;
	json_key(w, "combined_score");
	json_amount(w, decimal_neg(score));
	json_key(w, "old_combined_score");
	json_amount(w, score);
}

/* Strict JSON as it is, all else as a text; the row itself has them whole. */
static void
write_scores(struct json_writer *w, const struct foreign_value *v)
{
	struct buffer compact;
	bool nan;

	if (v->kind == FOREIGN_NULL)
		return;
	json_key(w, "signal_scores");
	if (v->len > SCORES_MAX) {
		json_open(w, '{');
		json_key(w, "left_out_bytes");
		json_int(w, (long long)v->len);
		json_close(w, '}');
		return;
	}
	if (v->kind != FOREIGN_TEXT || !legacy_scores(v, &nan)) {
		write_value(w, v);
		return;
	}
	buffer_init(&compact, FOREIGN_VALUE_MAX);
	json_compact(v->text, v->len, &compact);
	json_raw(w, buffer_string(&compact), compact.len);
	buffer_release(&compact);
}

/* "" is what the row had not. */
static void
write_text(struct json_writer *w, const char *key, const char *text)
{
	if (*text == '\0')
		return;
	json_key(w, key);
	json_string(w, text);
}

/* The words and digits of the old row. */
static void
write_old(struct json_writer *w, const struct legacy_item *item,
    const char *file)
{
	char label[LEGACY_LABEL_MAX];

	json_key(w, "legacy");
	json_open(w, '{');
	write_text(w, "file", file);
	write_text(w, "table", item->table);
	legacy_ref_label(&item->ref, label);
	write_text(w, "id", label);
	if (item->has_bot) {
		json_key(w, "bot_id");
		json_int(w, item->bot_id);
	}
	write_text(w, "status", item->status_word);
	for (int i = 0; i < LEGACY_NUMBERS; i++)
		write_text(w, legacy_number_word((enum legacy_number)i),
		    item->digits[i]);
	write_text(w, "venue_order_id", item->venue_order_id);
	if (item->has_signal) {
		legacy_ref_label(&item->signal, label);
		write_text(w, "order_row", label);
	}
	if (item->fee_unknown) {
		json_key(w, "fee_unknown");
		json_bool(w, true);
	}
	json_close(w, '}');
}

void
legacy_context_write(const struct legacy_item *item, const char *file,
    const struct legacy_fields *signal, struct buffer *out)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	if (signal != NULL) {
		write_score(&w, signal);
		write_scores(&w, signal->of[LF_SCORES]);
	}
	write_old(&w, item, file);
	json_close(&w, '}');
}
