#include "venue/program.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "venue/child.h"
#include "venue/protocol.h"

#ifndef TB_LIBEXECDIR /* of the build */
# define TB_LIBEXECDIR "/usr/local/libexec/tb"
#endif

#define PATH_MAX_BYTES 4096

struct program {
	struct venue venue; /* the first member */
	char name[32];
	char *argv[PROGRAM_ARGS_MAX + 1]; /* owned; argv[0] is the path */
	char *key_file;			  /* owned: TB_KEY_FILE=... or NULL */
	const int *lock_fd;
	int64_t answer_within_ms;
	struct child child;
	struct json_token *tokens; /* PROTOCOL_TOKENS_MAX */
	int64_t last_id;
	bool hung; /* an order may be under way in it: ask nothing more */
};

_Static_assert(offsetof(struct program, venue) == 0, "a venue is a program");

static struct program *
program_of(struct venue *v)
{
	return (struct program *)v;
}

/* ------------------------------------------------------------------- ask -- */

static int
lock_of(const struct program *p)
{
	return p->lock_fd == NULL ? -1 : *p->lock_fd;
}

/*
 * A program that listens, with the send lock if it needs one.  What said
 * something that nobody asked for is not to be trusted with a question.
 */
static enum tb_status
make_ready(struct program *p, bool needs_lock, struct tb_err *err)
{
	bool lacks_lock = needs_lock && lock_of(p) != -1 && !p->child.has_lock;

	if (p->hung)
		return tb_fail(err, TB_ENET, "it hangs with an order");
	if (child_is_ready(&p->child) && !lacks_lock)
		return TB_OK;
	child_kill(&p->child);
	return child_start(&p->child,
	    &(struct child_setup){
		p->argv, p->key_file, lock_of(p), PROGRAM_LOCK_FD },
	    err);
}

static enum tb_status
say(struct program *p, struct protocol_request *r, int64_t until_ms,
    struct tb_err *err)
{
	struct buffer line;
	enum tb_status status;

	r->id = ++p->last_id;
	buffer_init(&line, PROTOCOL_REQUEST_MAX + 1);
	protocol_request_write(&line, r);
	buffer_add_char(&line, '\n');
	status = buffer_status(&line, err);
	if (status == TB_OK)
		status =
		    child_say(&p->child, line.data, line.len, until_ms, err);
	buffer_release(&line);
	return status;
}

static enum tb_status
hear(struct program *p, const struct protocol_request *r,
    struct protocol_answer *a, int64_t until_ms, struct tb_err *err)
{
	enum tb_status status;
	size_t len;
	char *line;

	a->id = r->id;
	a->verb = r->verb;
	status = child_hear(&p->child, until_ms, &line, &len, err);
	if (status != TB_OK)
		return status;
	status = protocol_answer_read(line, len, p->tokens, a, err);
	if (status != TB_OK)
		tb_err_at(err, "its answer makes no sense");
	return status;
}

/* Every verb but place. */
static enum tb_status
ask(struct program *p, struct protocol_request *r, struct protocol_answer *a,
    struct tb_err *err)
{
	int64_t until_ms = instant_boot_ms() + p->answer_within_ms;
	enum tb_status status;

	p->venue.retry_after_ms = 0;
	status = make_ready(p, false, err);
	if (status == TB_OK) {
		status = say(p, r, until_ms, err);
		if (status == TB_OK)
			status = hear(p, r, a, until_ms, err);
		if (status != TB_OK)
			child_kill(&p->child);
	}
	if (status == TB_OK && a->status != TB_OK) {
		p->venue.retry_after_ms = a->retry_after_ms;
		status = tb_fail(err, a->status, "%s", a->message);
	}
	if (status != TB_OK)
		tb_err_at(err, "venue %s: %s", p->name,
		    venue_verb_name(r->verb));
	return status;
}

static void
put(char *to, size_t size, const char *from)
{
	int len = snprintf(to, size, "%s", from);

	assert(len >= 0 && (size_t)len < size);
	(void)len;
}

/* A page of a list: rows and the cursor, which has to move on. */
static enum tb_status
ask_page(struct program *p, struct protocol_request *r,
    struct protocol_answer *a, char cursor[static VENUE_CURSOR_MAX],
    size_t *count, struct tb_err *err)
{
	enum tb_status status;

	*count = 0;
	put(r->cursor, sizeof(r->cursor), cursor);
	status = ask(p, r, a, err);
	if (status != TB_OK)
		return status;
	if (a->cursor[0] != '\0' && strcmp(a->cursor, r->cursor) == 0)
		return tb_fail(err, TB_EINVAL,
		    "venue %s: %s: the list goes in circles", p->name,
		    venue_verb_name(r->verb));
	*count = a->count;
	put(cursor, VENUE_CURSOR_MAX, a->cursor);
	return TB_OK;
}

/* ----------------------------------------------------------------- verbs -- */

static enum tb_status
program_hello(struct venue *v, struct venue_hello *out, struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_HELLO };
	struct protocol_answer a = { 0 };
	enum tb_status status = ask(program_of(v), &r, &a, err);

	*out = a.hello;
	return status;
}

static enum tb_status
program_products(struct venue *v, char cursor[static VENUE_CURSOR_MAX],
    struct product *out, size_t max, size_t *count, struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_PRODUCTS };
	struct protocol_answer a = { .rows.products = out, .max = max };

	return ask_page(program_of(v), &r, &a, cursor, count, err);
}

/* Closed candles of the range that was asked for, oldest first. */
static enum tb_status
check_candles(const struct protocol_request *r, const struct candle *candles,
    size_t count, struct tb_err *err)
{
	int64_t from_s = r->from_s;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < count && status == TB_OK; i++) {
		const struct candle *c = &candles[i];

		status = candle_check(c, (int)r->granularity_s, err);
		if (status == TB_OK &&
		    (c->start_s < from_s || c->start_s >= r->to_s))
			status = tb_fail(err, TB_EINVAL,
			    "it is out of the range or out of order");
		if (status != TB_OK)
			tb_err_at(err, "candle %zu", i + 1);
		from_s = c->start_s + 1;
	}
	return status;
}

static enum tb_status
program_candles(struct venue *v, const char *product_id, int granularity_s,
    int64_t from_s, int64_t to_s, struct candle *out, size_t max, size_t *count,
    struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_CANDLES,
		.granularity_s = granularity_s,
		.from_s = from_s,
		.to_s = to_s };
	struct protocol_answer a = { .rows.candles = out, .max = max };
	struct program *p = program_of(v);
	enum tb_status status;

	*count = 0;
	put(r.product_id, sizeof(r.product_id), product_id);
	status = ask(p, &r, &a, err);
	if (status != TB_OK)
		return status;
	status = check_candles(&r, out, a.count, err);
	if (status == TB_OK)
		*count = a.count;
	else
		tb_err_at(err, "venue %s: candles", p->name);
	return status;
}

static enum tb_status
program_price(struct venue *v, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_PRICE };
	struct protocol_answer a = { 0 };
	enum tb_status status;

	put(r.product_id, sizeof(r.product_id), product_id);
	status = ask(program_of(v), &r, &a, err);
	if (status == TB_OK)
		*out = a.price;
	return status;
}

static enum tb_status
program_balances(struct venue *v, char cursor[static VENUE_CURSOR_MAX],
    struct venue_balance *out, size_t max, size_t *count, struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_BALANCES };
	struct protocol_answer a = { .rows.balances = out, .max = max };

	return ask_page(program_of(v), &r, &a, cursor, count, err);
}

static enum tb_status
program_cancel(struct venue *v, const char *order_id, struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_CANCEL };
	struct protocol_answer a = { 0 };

	put(r.order_id, sizeof(r.order_id), order_id);
	return ask(program_of(v), &r, &a, err);
}

static enum tb_status
program_order(struct venue *v, const char *order_id, struct venue_order *out,
    struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_ORDER };
	struct protocol_answer a = { 0 };
	struct program *p = program_of(v);
	enum tb_status status;

	put(r.order_id, sizeof(r.order_id), order_id);
	status = ask(p, &r, &a, err);
	if (status != TB_OK)
		return status;
	if (strcmp(a.order.order_id, order_id) != 0)
		return tb_fail(err, TB_EINVAL,
		    "venue %s: asked for order %.100s, it tells of %.100s",
		    p->name, order_id, a.order.order_id);
	*out = a.order;
	return TB_OK;
}

static enum tb_status
program_orders_since(struct venue *v, int64_t since_us,
    char cursor[static VENUE_CURSOR_MAX], struct venue_order *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_ORDERS_SINCE,
		.since_us = since_us };
	struct protocol_answer a = { .rows.orders = out, .max = max };

	return ask_page(program_of(v), &r, &a, cursor, count, err);
}

static enum tb_status
program_fills_since(struct venue *v, int64_t since_us, const char *order_id,
    char cursor[static VENUE_CURSOR_MAX], struct fill *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_FILLS_SINCE,
		.since_us = since_us };
	struct protocol_answer a = { .rows.fills = out, .max = max };

	if (order_id != NULL)
		put(r.order_id, sizeof(r.order_id), order_id);
	return ask_page(program_of(v), &r, &a, cursor, count, err);
}

static enum tb_status
program_preview(struct venue *v, const struct venue_request *request,
    struct venue_preview *out, struct tb_err *err)
{
	struct protocol_request r = { .verb = VERB_PREVIEW, .order = *request };
	struct protocol_answer a = { 0 };
	enum tb_status status = ask(program_of(v), &r, &a, err);

	*out = a.preview;
	return status;
}

/* ----------------------------------------------------------------- place -- */

static void
answer_in_words(struct program *p, enum venue_outcome outcome,
    const struct tb_err *why, struct venue_answer *out)
{
	*out = (struct venue_answer){ .outcome = outcome, .hung = p->hung };
	(void)snprintf(out->words, sizeof(out->words), "venue %s: %.200s",
	    p->name, why->msg);
}

static void
program_place(struct venue *v, const struct venue_request *request,
    struct venue_answer *out)
{
	struct protocol_request r = { .verb = VERB_PLACE, .order = *request };
	struct protocol_answer a = { 0 };
	struct program *p = program_of(v);
	int64_t now_ms = instant_boot_ms();
	int64_t until_ms = now_ms + p->answer_within_ms;
	struct tb_err err = { 0 };
	enum tb_status status;

	status = make_ready(p, true, &err);
	if (status == TB_OK) {
		status = say(p, &r, until_ms, &err);
		if (status != TB_OK) /* it has nothing to send */
			child_kill(&p->child);
	}
	if (status != TB_OK) {
		answer_in_words(p, VENUE_NOT_SENT, &err, out);
		return;
	}
	if (request->send_before_ms > now_ms)
		until_ms += request->send_before_ms - now_ms;
	if (hear(p, &r, &a, until_ms, &err) == TB_OK) {
		*out = a.place;
		return;
	}
	p->hung = !child_leave(&p->child, instant_boot_ms() + PROGRAM_GRACE_MS);
	answer_in_words(p, VENUE_UNKNOWN, &err, out);
}

/* ---------------------------------------------------------- open and close */

static void
program_free(struct program *p)
{
	for (size_t i = 0; i <= PROGRAM_ARGS_MAX; i++)
		free(p->argv[i]);
	free(p->key_file);
	free(p->tokens);
	free(p);
}

static void
program_close(struct venue *v)
{
	struct program *p = program_of(v);

	if (!p->hung &&
	    !child_leave(&p->child, instant_boot_ms() + PROGRAM_GRACE_MS))
		child_kill(&p->child);
	child_release(&p->child);
	program_free(p);
}

/* The folder of the running tool, "" if that is not known. */
static void
tool_folder(char out[static PATH_MAX_BYTES])
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX_BYTES - 1);
	char *slash;

	out[len < 0 ? 0 : len] = '\0';
	slash = strrchr(out, '/');
	if (slash != NULL)
		*slash = '\0';
}

static enum tb_status
find(const struct program_config *config, char out[static PATH_MAX_BYTES],
    struct tb_err *err)
{
	static const char *const below[] = { "", "/../libexec/tb" };
	const char *name = config->name;
	char folder[PATH_MAX_BYTES];
	int len;

	tool_folder(folder);
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		len = snprintf(out, PATH_MAX_BYTES, "%s%s/tb-venue-%s", folder,
		    below[i], name);
		if (len > 0 && len < PATH_MAX_BYTES && access(out, X_OK) == 0)
			return TB_OK;
	}
	(void)snprintf(out, PATH_MAX_BYTES, "%s/tb-venue-%s", TB_LIBEXECDIR,
	    name);
	if (access(out, X_OK) == 0)
		return TB_OK;
	return tb_fail(err, TB_ECONFIG,
	    "venue %s: there is no program tb-venue-%s in %.100s,"
	    " ../libexec/tb of it, or %s",
	    name, name, folder, TB_LIBEXECDIR);
}

/* Its path and the arguments, as copies. */
static enum tb_status
keep_arguments(struct program *p, const struct program_config *config,
    struct tb_err *err)
{
	char path[PATH_MAX_BYTES];
	enum tb_status status;
	size_t count = 0;

	if (config->path != NULL) {
		if (snprintf(path, sizeof(path), "%s", config->path) >=
		    PATH_MAX_BYTES)
			return tb_fail(err, TB_ECONFIG,
			    "venue %s: the path of its program is too long",
			    p->name);
	} else {
		status = find(config, path, err);
		if (status != TB_OK)
			return status;
	}
	p->argv[count++] = strdup(path);
	for (size_t i = 0; config->args != NULL && config->args[i] != NULL;
	     i++) {
		if (count == PROGRAM_ARGS_MAX)
			return tb_fail(err, TB_ECONFIG,
			    "venue %s: more than %d arguments", p->name,
			    PROGRAM_ARGS_MAX);
		p->argv[count++] = strdup(config->args[i]);
	}
	for (size_t i = 0; i < count; i++)
		if (p->argv[i] == NULL)
			return tb_nomem(err);
	if (config->key_file != NULL &&
	    asprintf(&p->key_file, "TB_KEY_FILE=%s", config->key_file) < 0) {
		p->key_file = NULL;
		return tb_nomem(err);
	}
	return TB_OK;
}

enum tb_status
program_open(struct venue **out, const struct program_config *config,
    struct tb_err *err)
{
	static const struct venue_verbs verbs = {
		.hello = program_hello,
		.products = program_products,
		.candles = program_candles,
		.price = program_price,
		.balances = program_balances,
		.place = program_place,
		.cancel = program_cancel,
		.order = program_order,
		.orders_since = program_orders_since,
		.fills_since = program_fills_since,
		.preview = program_preview,
		.close = program_close,
	};
	struct program *p;
	enum tb_status status;

	*out = NULL;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return tb_nomem(err);
	p->venue.verbs = &verbs;
	p->venue.tells_price = true;
	p->lock_fd = config->lock_fd;
	p->answer_within_ms = config->answer_within_ms == 0 ?
	    VENUE_ANSWER_WITHIN_MS :
	    config->answer_within_ms;
	child_init(&p->child, PROTOCOL_ANSWER_MAX);
	(void)snprintf(p->name, sizeof(p->name), "%s", config->name);
	p->tokens = malloc(PROTOCOL_TOKENS_MAX * sizeof(*p->tokens));
	status =
	    p->tokens == NULL ? tb_nomem(err) : keep_arguments(p, config, err);
	if (status == TB_OK)
		*out = &p->venue;
	else
		program_free(p);
	return status;
}
