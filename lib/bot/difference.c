#include "bot/difference.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bot/field.h"

#define VALUE_MAX 8192 /* bytes of one value as text */

struct difference {
	enum tb_status (*each)(const char *, const char *, const char *, void *,
	    struct tb_err *);
	void *arg;
	struct tb_err *err;
	struct buffer from, to; /* the two texts of a key */
};

/* "" is none, and none is NULL. */
static const char *
text_or_null(const struct buffer *b)
{
	return b->len == 0 ? NULL : b->data;
}

/* Tell of a path if the two texts differ. */
static enum tb_status
compare(struct difference *d, const char *path)
{
	enum tb_status status = buffer_status(&d->from, d->err);

	if (status == TB_OK)
		status = buffer_status(&d->to, d->err);
	if (status != TB_OK ||
	    strcmp(buffer_string(&d->from), buffer_string(&d->to)) == 0)
		return status;
	return d->each(path, text_or_null(&d->from), text_or_null(&d->to),
	    d->arg, d->err);
}

/*
 * One signal: all keys of the kind of `shown`; a side that is NULL or of
 * another kind has none of them.
 */
static enum tb_status
compare_signal(struct difference *d, const struct bot *from,
    const struct bot_signal *was, const struct bot *to,
    const struct bot_signal *is)
{
	const struct bot_signal *shown = is != NULL ? is : was;
	const char *keys[BOT_KEYS_MAX];
	char path[BOT_PATH_MAX];
	enum tb_status status = TB_OK;

	assert(shown != NULL);
	bot_signal_keys(shown->kind, keys);
	for (size_t i = 0; keys[i] != NULL && status == TB_OK; i++) {
		buffer_clear(&d->from);
		buffer_clear(&d->to);
		if (was != NULL)
			(void)bot_get_signal(from, was, keys[i], &d->from);
		if (is != NULL)
			(void)bot_get_signal(to, is, keys[i], &d->to);
		(void)snprintf(path, sizeof(path), "signals.%s.%s", shown->key,
		    keys[i]);
		status = compare(d, path);
	}
	return status;
}

static enum tb_status
compare_signals(struct difference *d, const struct bot *from,
    const struct bot *to)
{
	const struct bot_signal *was, *is;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < from->signal_count && status == TB_OK; i++) {
		was = &from->signals[i];
		is = bot_find_signal(to, was->key);
		if (is == NULL || is->kind != was->kind)
			status = compare_signal(d, from, was, to, NULL);
	}
	for (size_t i = 0; i < to->signal_count && status == TB_OK; i++) {
		is = &to->signals[i];
		was = bot_find_signal(from, is->key);
		if (was != NULL && was->kind != is->kind)
			was = NULL;
		status = compare_signal(d, from, was, to, is);
	}
	return status;
}

enum tb_status
bot_difference(const struct bot *from, const struct bot *to,
    enum tb_status (*each)(const char *path, const char *from, const char *to,
	void *arg, struct tb_err *err),
    void *arg, struct tb_err *err)
{
	struct difference d = { .each = each, .arg = arg, .err = err };
	const char *keys[BOT_KEYS_MAX];
	enum tb_status status = TB_OK;

	buffer_init(&d.from, VALUE_MAX);
	buffer_init(&d.to, VALUE_MAX);
	bot_keys(keys);
	for (size_t i = 0; keys[i] != NULL && status == TB_OK; i++) {
		(void)bot_get(from, keys[i], &d.from);
		(void)bot_get(to, keys[i], &d.to);
		status = compare(&d, keys[i]);
	}
	if (status == TB_OK)
		status = compare_signals(&d, from, to);
	buffer_release(&d.from);
	buffer_release(&d.to);
	return status;
}
