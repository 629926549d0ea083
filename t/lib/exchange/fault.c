#include "exchange/fault.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *help;
} kinds[] = {
	[FAULT_NONE] = { "", "" },
	[FAULT_CUT_BEFORE] = { "cut_before", "close before serving" },
	[FAULT_RESET_BEFORE] = { "reset_before", "reset before serving" },
	[FAULT_UNAUTHORIZED] = { "unauthorized", "401 for a good token" },
	[FAULT_STATUS] = { "status", "=N answer N, unserved" },
	[FAULT_LOSE_ANSWER] = { "lose_answer", "serve, then close" },
	[FAULT_RESET] = { "reset", "serve, then reset" },
	[FAULT_DELAY] = { "delay", "=MS serve, wait, answer" },
	[FAULT_SERVED_STATUS] = { "served_status", "=N serve, answer N" },
	[FAULT_HTML] = { "html", "serve, answer 200 with HTML" },
	[FAULT_EMPTY] = { "empty", "serve, answer 200 with nothing" },
	[FAULT_BRACES] = { "braces", "serve, answer {}" },
	[FAULT_TRUNCATE] = { "truncate", "serve, answer half of it, close" },
	[FAULT_LONG_LENGTH] = { "long_length", "Content-Length too long" },
	[FAULT_SHORT_LENGTH] = { "short_length", "Content-Length too short" },
	[FAULT_CHUNK_GARBAGE] = { "chunk_garbage", "chunks that are none" },
	[FAULT_GARBAGE] = { "garbage", "serve, answer no HTTP" },
	[FAULT_ENDLESS] = { "endless", "serve, answer without end" },
	[FAULT_SLOW] = { "slow", "=MS a byte of the answer" },
	[FAULT_STALL] = { "stall", "=MS of silence behind the headers" },
	[FAULT_REDIRECT] = { "redirect", "=URL serve, answer 302" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

const char *
fault_name(enum fault_kind kind)
{
	return kinds[kind].name;
}

bool
fault_is_before(const struct fault *f)
{
	return f->kind < FAULT_LOSE_ANSWER;
}

void
fault_help(void)
{
	for (size_t i = 1; i < KINDS; i++)
		printf("    %-25s %s\n", kinds[i].name, kinds[i].help);
}

static enum tb_status
set_kind(struct fault *f, const char *name, const char *value,
    struct tb_err *err)
{
	for (size_t i = 1; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0) {
			f->kind = (enum fault_kind)i;
			(void)snprintf(f->value, sizeof(f->value), "%s", value);
			return TB_OK;
		}
	return tb_fail(err, TB_EINVAL, "no such kind of fault: %s", name);
}

static enum tb_status
set_member(struct fault *f, const char *name, const char *value,
    struct tb_err *err)
{
	const struct {
		const char *name;
		char *text;
		size_t size;
	} texts[] = {
		{ "body", f->body, sizeof(f->body) },
		{ "retry_after", f->retry_after, sizeof(f->retry_after) },
		{ "method", f->method, sizeof(f->method) },
		{ "path", f->path, sizeof(f->path) },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].name, name) == 0) {
			(void)snprintf(texts[i].text, texts[i].size, "%s",
			    value);
			return TB_OK;
		}
	if (strcmp(name, "skip") == 0)
		f->skip = strtoll(value, NULL, 10);
	else if (strcmp(name, "times") == 0)
		f->times = strtoll(value, NULL, 10);
	else
		return tb_fail(err, TB_EINVAL, "a fault has no %s", name);
	return TB_OK;
}

enum tb_status
fault_add(struct faults *f, const char *rule, struct tb_err *err)
{
	struct fault fault = { .body = "json" };
	char text[4 * FAULT_TEXT_MAX], *rest = text, *part;
	enum tb_status status = TB_OK;

	if (f->count == FAULTS_MAX || strlen(rule) >= sizeof(text))
		return tb_fail(err, TB_EINVAL, "too many or too long faults");
	(void)snprintf(text, sizeof(text), "%s", rule);
	while (status == TB_OK && (part = strsep(&rest, ",")) != NULL) {
		char *value = strchr(part, '=');

		if (value != NULL)
			*value++ = '\0';
		else
			value = text + strlen(rule); /* "" */
		status = fault.kind == FAULT_NONE ?
		    set_kind(&fault, part, value, err) :
		    set_member(&fault, part, value, err);
	}
	if (status == TB_OK)
		f->rules[f->count++] = fault;
	return status;
}

static bool
concerns(const struct fault *f, const char *method, const char *path)
{
	return (f->method[0] == '\0' || strcmp(f->method, method) == 0) &&
	    (f->path[0] == '\0' || fnmatch(f->path, path, 0) == 0) &&
	    (f->times == 0 || f->used < f->times);
}

const struct fault *
fault_for(struct faults *f, const char *method, const char *path)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fault *rule = &f->rules[i];

		if (!concerns(rule, method, path) || rule->seen++ < rule->skip)
			continue;
		rule->used++;
		return rule;
	}
	return NULL;
}
