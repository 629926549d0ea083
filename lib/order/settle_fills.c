/*
 * settle_fills: the fills of an order go into the books, and come to what the
 * order says.
 */

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "order/settling.h"
#include "store/books.h"
#include "store/legacy_fills.h"

/* The one of size and value that the venue did not tell. */
static enum tb_status
complete(struct fill *f, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (decimal_sign(f->value) == 0 && decimal_sign(f->size) != 0)
		status = decimal_mul(f->size, f->price, DECIMAL_HALF_EVEN,
		    &f->value);
	else if (decimal_sign(f->size) == 0 && decimal_sign(f->value) != 0)
		status = decimal_div(f->value, f->price, DECIMAL_HALF_EVEN,
		    &f->size);
	return status == TB_OK ?
	    TB_OK :
	    tb_fail(err, TB_ERANGE, "fill %s: its figures do not fit",
		f->entry_id);
}

static enum tb_status
book(struct settling *s, const struct fill *fill, struct tb_err *err)
{
	struct booking booking;
	enum tb_status status;

	status = books_fill(s->desk->db, fill, &booking, err);
	if (status != TB_OK)
		return status;
	s->booked |= !booking.repeated;
	s->out->gains_changed += booking.gains_changed;
	if (fill->at_us > s->filled_at_us)
		s->filled_at_us = fill->at_us;
	s->last_price = fill->price;
	return TB_OK;
}

enum tb_status
settling_leave_out(struct settling *s, struct fill *page, size_t *count,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;
	size_t kept = 0;
	bool known;

	for (size_t i = 0; status == TB_OK && i < *count; i++) {
		if (strcmp(page[i].order_id, s->order->order_id) != 0)
			continue;
		status = legacy_fill_meet(s->desk->db, &page[i], &known,
		    s->known_order_id, err);
		if (known)
			s->known++;
		else if (kept++ != i)
			page[kept - 1] = page[i];
	}
	*count = kept;
	return status;
}

/*
 * Not every venue names the fill that a reversal takes back.
 *
 * inout: *fill	 reverses: named where it is known now; on the last page at last
 */
static enum tb_status
name_reversed(struct settling *s, struct fill *fill, bool last,
    struct tb_err *err)
{
	enum tb_status status;
	bool sure;

	status =
	    books_find_reversed(s->desk->db, fill, fill->reverses, &sure, err);
	if (status == TB_OK && !sure && !last)
		fill->reverses[0] = '\0'; /* a better one may come */
	if (status == TB_ENOENT && last)
		return tb_fail(err, TB_EINVAL,
		    "fill %.64s: a reversal of trade %.64s, of which the books"
		    " have no fill",
		    fill->entry_id, fill->venue_trade_id);
	return status == TB_ENOENT ? TB_OK : status;
}

/* Book a reversal, or hold it back until its fill has come. */
static enum tb_status
take_back(struct settling *s, struct fill *fill, bool last, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (fill->reverses[0] == '\0')
		status = name_reversed(s, fill, last, err);
	if (status != TB_OK)
		return status;
	if (fill->reverses[0] != '\0')
		return book(s, fill, err);
	if (s->held_count == SETTLING_HELD_MAX)
		return tb_fail(err, TB_ERANGE,
		    "order %.64s: more than %d reversals before what they take"
		    " back",
		    s->order->order_id, SETTLING_HELD_MAX);
	if (fill != &s->held[s->held_count])
		s->held[s->held_count] = *fill;
	s->held_count++;
	return TB_OK;
}

enum tb_status
settling_book(struct settling *s, struct fill *page, size_t count, bool last,
    struct tb_err *err)
{
	const size_t waiting = s->held_count;
	enum tb_status status = TB_OK;

	for (size_t i = 0; status == TB_OK && i < count; i++) {
		status = complete(&page[i], err);
		if (status == TB_OK && page[i].kind != FILL_REVERSAL)
			status = book(s, &page[i], err);
	}
	s->held_count = 0;
	for (size_t i = 0; status == TB_OK && i < waiting; i++)
		status = take_back(s, &s->held[i], last, err);
	for (size_t i = 0; status == TB_OK && i < count; i++)
		if (page[i].kind == FILL_REVERSAL)
			status = take_back(s, &page[i], last, err);
	return status;
}

/* |off| is at most SETTLE_TOLERANCE of the order's figure. */
static bool
is_near(struct decimal off, struct decimal figure)
{
	decimal_units most = decimal_abs(figure).v / SETTLE_TOLERANCE_PARTS;

	return decimal_abs(off).v <= most;
}

/*
 * The id of an adjustment: from what the books held to what the order said,
 * and when; the same adjustment is booked once.
 */
static void
adjustment_id(const struct venue_order *order, const struct decimal had[3],
    char out[static ORDER_ID_MAX])
{
	const struct decimal now[3] = { order->filled_size, order->filled_value,
		order->total_fees };
	char text[DECIMAL_STRLEN], hex[DIGEST_HEX];
	struct digest d;

	digest_init(&d);
	digest_add_field(&d, order->order_id);
	for (size_t i = 0; i < 3; i++) {
		decimal_format(had[i], text);
		digest_add_field(&d, text);
		decimal_format(now[i], text);
		digest_add_field(&d, text);
	}
	digest_add(&d, &order->updated_at_us, sizeof(order->updated_at_us));
	digest_hex(&d, hex);
	snprintf(out, ORDER_ID_MAX, "adjustment:%s", hex);
}

static enum tb_status
adjust(struct settling *s, const struct decimal had[3],
    const struct decimal off[3], struct tb_err *err)
{
	const struct venue_order *order = s->order;
	struct fill fill = {
		.side = order->side,
		.kind = FILL_ADJUSTMENT,
		.nature = NATURE_TRADE,
		.size = off[0],
		.value = off[1],
		.fee = off[2],
		.price = s->last_price,
		.at_us = order->updated_at_us > s->filled_at_us ?
		    order->updated_at_us :
		    s->filled_at_us,
		.venue_seq = INT64_MAX, /* behind what it completes */
	};

	adjustment_id(order, had, fill.entry_id);
	memcpy(fill.venue_trade_id, fill.entry_id, sizeof(fill.venue_trade_id));
	memcpy(fill.order_id, order->order_id, sizeof(fill.order_id));
	memcpy(fill.product_id, order->product_id, sizeof(fill.product_id));
	return book(s, &fill, err);
}

static void
tell_difference(struct settling *s, const struct decimal had[3])
{
	char size[2][DECIMAL_STRLEN], value[2][DECIMAL_STRLEN],
	    fee[2][DECIMAL_STRLEN];

	decimal_format(had[0], size[0]);
	decimal_format(s->order->filled_size, size[1]);
	decimal_format(had[1], value[0]);
	decimal_format(s->order->filled_value, value[1]);
	decimal_format(had[2], fee[0]);
	decimal_format(s->order->total_fees, fee[1]);
	s->out->differs = true;
	snprintf(s->out->words, sizeof(s->out->words),
	    "order %.64s: its fills come to %s coins, %s and %s fees, but the"
	    " order says %s, %s and %s",
	    s->order->order_id, size[0], value[0], fee[0], size[1], value[1],
	    fee[1]);
}

/* Fills may come later than the order that they add up to. */
static bool
may_still_come(const struct settling *s, const struct decimal off[3])
{
	return decimal_sign(off[0]) > 0 && decimal_sign(off[1]) > 0 &&
	    s->desk->instant_us - s->order->updated_at_us < SETTLE_LATE_US;
}

enum tb_status
settling_add_up(struct settling *s, struct decimal sums[3], bool *equal,
    struct tb_err *err)
{
	const struct decimal told[3] = { s->order->filled_size,
		s->order->filled_value, s->order->total_fees };
	struct decimal off[3];
	enum tb_status status;

	*equal = true;
	for (size_t i = 0; i < 3; i++) {
		if (decimal_sub(told[i], sums[i], &off[i]) != TB_OK)
			return tb_fail(err, TB_ERANGE,
			    "order %s: its sums do not fit",
			    s->order->order_id);
		*equal = *equal && decimal_sign(off[i]) == 0;
	}
	if (*equal || !s->order->settled)
		return TB_OK;
	if (!is_near(off[0], told[0]) || !is_near(off[1], told[1])) {
		if (!may_still_come(s, off))
			tell_difference(s, sums);
		return TB_OK;
	}
	status = adjust(s, sums, off, err);
	*equal = status == TB_OK;
	if (*equal)
		memcpy(sums, told, sizeof(told));
	return status;
}
