/* err: one line, whole, with its place in front. */

#include "base/err.h"

#include "tap.h"

static void
test_messages(void)
{
	struct tb_err err = { 0 };

	is_int(tb_fail(&err, TB_EINVAL, "side: expected %s", "BUY"), TB_EINVAL,
	    "the value is the status");
	is_int(err.status, TB_EINVAL, "which is kept");
	is(err.msg, "side: expected BUY", "beside the words");
	tb_err_at(&err, "line %d", 12);
	is(err.msg, "line 12: side: expected BUY", "a place in front");
	is_int(err.status, TB_EINVAL, "changes no status");
	is_int(tb_fail(&err, TB_ECONFIG, "%s", err.msg), TB_ECONFIG,
	    "another class");
	is(err.msg, "line 12: side: expected BUY", "of the same words");
	is_int(tb_fail(NULL, TB_EIO, "nobody asks"), TB_EIO, "no words wanted");
	tb_err_at(NULL, "nowhere");
	err = (struct tb_err){ 0 };
	tb_err_at(&err, "line 1");
	is(err.msg, "", "no failure, no place");
	is_int(tb_nomem(&err), TB_ENOMEM, "out of memory");
	is(err.msg, "out of memory", "in words");
}

static void
test_one_line(void)
{
	struct tb_err err = { 0 };
	char text[2 * TB_ERR_MAX];

	(void)tb_fail(&err, TB_EINVAL, "a\r\nb\nc");
	is(err.msg, "a  b c", "a newline from outside becomes a blank");

	memset(text, 'x', sizeof(text));
	text[TB_ERR_MAX] = '\0';
	(void)tb_fail(&err, TB_EINVAL, "%s", text);
	is_int((long long)strlen(err.msg), TB_ERR_MAX - 1,
	    "one byte too many is cut");
	text[TB_ERR_MAX - 1] = '\0';
	(void)tb_fail(&err, TB_EINVAL, "%s", text);
	is(err.msg, text, "the longest that fits is whole");

	memcpy(text + TB_ERR_MAX - 2, "\342\202\254", 4); /* EURO SIGN */
	(void)tb_fail(&err, TB_EINVAL, "%s", text);
	is_int((long long)strlen(err.msg), TB_ERR_MAX - 2,
	    "no half of a character stays");
	memcpy(text + TB_ERR_MAX - 4, "\342\202\254", 4);
	(void)tb_fail(&err, TB_EINVAL, "%s", text);
	is(err.msg, text, "a whole one at the end does");
	tb_err_at(&err, "%s", text);
	is_int((long long)strlen(err.msg), TB_ERR_MAX - 4,
	    "a place too long is cut the same way");
}

int
main(void)
{
	test_messages();
	test_one_line();
	return tap_done();
}
