/* paper_faults: the words that make the paper venue misbehave, for tests. */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "venue/paper.h"

#define COUNT_MAX 1000000 /* of any count */

/* Digits only, and not too many. */
static bool
read_count(const char *s, size_t len, int *out)
{
	int n = 0;

	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		n = n * 10 + (s[i] - '0');
		if (n > COUNT_MAX)
			return false;
	}
	*out = n;
	return true;
}

static bool
read_refusal(const char *s, size_t len, struct paper_faults *f)
{
	if (len == 0 || len >= sizeof(f->refuse_reason))
		return false;
	memcpy(f->refuse_reason, s, len);
	f->refuse_reason[len] = '\0';
	f->refuse = 1;
	return true;
}

static bool
read_part(const char *s, size_t len, struct paper_faults *f)
{
	f->fills_part = true;
	return decimal_parse(s, len, &f->fill_part) == TB_OK &&
	    decimal_sign(f->fill_part) > 0 &&
	    decimal_cmp(f->fill_part, DECIMAL_OF(1)) < 0;
}

/* One "name=value". */
static bool
read_word(const char *s, size_t len, struct paper_faults *f)
{
	const struct {
		const char *name;
		int *count;
	} counts[] = {
		{ "lose-answer", &f->lose_answer },
		{ "lose-request", &f->lose_request },
		{ "not-sent", &f->not_sent },
		{ "hang", &f->hang },
		{ "fill-late", &f->fill_late },
		{ "hide", &f->hide },
	};
	const char *equals = memchr(s, '=', len);
	size_t name_len, value_len;

	if (equals == NULL)
		return false;
	name_len = (size_t)(equals - s);
	value_len = len - name_len - 1;
	if (name_len == 6 && memcmp(s, "refuse", 6) == 0)
		return read_refusal(equals + 1, value_len, f);
	if (name_len == 9 && memcmp(s, "fill-part", 9) == 0)
		return read_part(equals + 1, value_len, f);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (strlen(counts[i].name) == name_len &&
		    memcmp(s, counts[i].name, name_len) == 0)
			return read_count(equals + 1, value_len,
			    counts[i].count);
	return false;
}

enum tb_status
paper_faults_parse(const char *text, struct paper_faults *out,
    struct tb_err *err)
{
	struct paper_faults f = { 0 };
	size_t len;

	for (const char *s = text == NULL ? "" : text; *s != '\0'; s += len) {
		len = strcspn(s, ",");
		if (!read_word(s, len, &f))
			return tb_fail(err, TB_EINVAL,
			    "paper fault \"%.*s\": expected lose-answer=N, "
			    "lose-request=N, not-sent=N, hang=N, "
			    "refuse=REASON, fill-late=N, fill-part=0.N or "
			    "hide=N",
			    len > 40 ? 40 : (int)len, s);
		if (s[len] == ',')
			s++;
	}
	*out = f;
	return TB_OK;
}
