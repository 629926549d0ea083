/*
 * jqexpr: what an expression gives, and what it cannot do: row 84 of the list
 * of bad inputs.  Under ASan the child has no limit of memory (and a stack of
 * its own kind): those tests are left out.
 */

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/instant.h"
#include "io/jqexpr.h"
#include "io/jqexpr_join.h"
#include "tap.h"

static struct jqexpr *jq;
static struct tb_err err;

/* "number 0.5", "true", "error: words", "config: words". */
static const char *
eval(const char *expression, const char *input)
{
	static const char *const kinds[] = { "null", "false", "true", "number ",
		"other" };
	static char text[TB_ERR_MAX + 32];
	struct jqexpr_value value = { 0 };
	enum tb_status status;

	err = (struct tb_err){ 0 };
	status =
	    jqexpr_eval(jq, expression, input, strlen(input), &value, &err);
	if (status == TB_OK)
		snprintf(text, sizeof(text), "%s%s", kinds[value.kind],
		    value.number);
	else
		snprintf(text, sizeof(text), "%s: %s",
		    status == TB_ECONFIG    ? "config" :
			status == TB_EINVAL ? "error" :
					      "other status",
		    err.msg);
	return text;
}

static const struct {
	const char *expression, *input, *want;
} values[] = {
	{ "if .close < 0.97 * .sma_20 then 1 else 0 end",
	    "{\"close\":96,\"sma_20\":100}", "number 1" },
	{ ".individual_signals.rsi.value < 70",
	    "{\"individual_signals\":{\"rsi\":{\"value\":71}}}", "false" },
	{ ".a", "{\"a\":0.1}", "number 0.1" },
	{ ".a / 3", "{\"a\":1}", "number 0.3333333333333333" },
	{ ".", "1e-8", "number 1e-08" },
	{ ".missing", "{}", "null" },
	{ "empty", "{}", "null" },
	{ "1, 2, error(\"no\")", "{}", "number 1" },
	{ "range(1e9)", "{}", "number 0" },
	{ "repeat(1)", "{}", "number 1" },
	{ "\"text\"", "{}", "other" },
	{ "[]", "{}", "other" },
	{ "error(\"my words\")", "{}", "error: my words" },
	{ "error({\"a\":1})", "{}", "error: {\"a\":1}" },
	{ ".a.b", "{\"a\":1}", "error: Cannot index number with string \"b\"" },
	{ "infinite", "{}", "error: gave a number that is not finite" },
	{ "nan", "{}", "error: gave a number that is not finite" },
	{ "1e308 * 10", "{}", "error: gave a number that is not finite" },
	{ "halt", "{}", "error: halted" },
	{ "\"x\" | halt_error", "{}", "error: halted" },
	{ "now", "{}", "error: a rule knows no time but its candle's" },
};

static void
test_values(void)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		is(eval(values[i].expression, values[i].input), values[i].want,
		    values[i].expression);
	ok(strncmp(eval(".", "{"), "error: Unfinished JSON term", 27) == 0,
	    "half an input: %s", err.msg);
}

static void
test_not_compiled(void)
{
	static const struct {
		const char *expression, *want;
	} cases[] = {
		{ ".a b",
		    "config: syntax error, unexpected IDENT, expecting "
		    "$end" },
		{ "if", "config: syntax error, unexpected $end" },
		{ "nosuch", "config: nosuch/0 is not defined" },
		{ "include \"x\"; 1",
		    "config: syntax error, unexpected include" },
		{ "import \"x\" as x; 1",
		    "config: syntax error, unexpected import" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = eval(cases[i].expression, "{}");

		if (!ok(strncmp(got, cases[i].want, strlen(cases[i].want)) == 0,
			"%s: %s", cases[i].expression, cases[i].want))
			printf("#   got      %s\n", got);
		ok(jqexpr_check(jq, cases[i].expression, &err) == TB_ECONFIG,
		    "and the check says so");
	}
	ok(jqexpr_check(jq, ".a > 1", &err) == TB_OK, "one that compiles");
}

static void
test_shut_in(void)
{
	char path[] = "/tmp/tb-jq-XXXXXX";
	int fd = mkstemp(path);

	setenv("TB_CANARY", "song", 1);
	is(eval("env | length", "{}"), "number 1", "an environment of one");
	is(eval("env.HOME == \"/nonexistent\"", "{}"), "true",
	    "which is a HOME that is none");
	is(eval("$ENV.TB_CANARY", "{}"), "null", "no canary sings");
	is(eval("input", "{}"), "error: break", "no more input");
	is(eval("[inputs] | length", "{}"), "number 0", "none at all");
	is(eval("input_filename", "{}"), "null", "and no file");
	ok(strncmp(eval("debug | stderr | 1", "{}"), "number", 6) == 0,
	    "debug and stderr say nothing");
	ok(fd >= 0 && lseek(fd, 0, SEEK_END) == 0, "a file stays as it is");
	close(fd);
	unlink(path);
}

static void
test_limits(void)
{
	static char expression[JQEXPR_TEXT_MAX + 2];
	int64_t from_ms = instant_boot_ms();

	is(eval("def f: f; f", "{}"), "error: took longer than 2000 ms",
	    "an endless loop");
	ok(instant_boot_ms() - from_ms < 10000, "ends in time");
	is(eval("1 + 1", "{}"), "number 2", "and the next is served");
#ifndef __SANITIZE_ADDRESS__
	ok(strncmp(eval("[range(1e9)] | length", "{}"), "error: ", 7) == 0,
	    "ten gigabytes: %s", err.msg);
	is(eval("1 + 1", "{}"), "number 2", "and the next is served");
	ok(strncmp(eval("def f: 1 + f; f", "{}"), "error: ", 7) == 0,
	    "deep recursion: %s", err.msg);
#endif
	memset(expression, ' ', sizeof(expression) - 1);
	expression[0] = '1';
	expression[JQEXPR_TEXT_MAX] = '\0';
	is(eval(expression, "{}"), "number 1", "4096 bytes");
	expression[JQEXPR_TEXT_MAX] = ' ';
	is(eval(expression, "{}"),
	    "config: an expression of 4097 bytes, expected at most 4096",
	    "and no more");
}

/* Compiling costs 20 ms, so what is compiled is kept. */
static void
test_kept(void)
{
	char expression[32], want[32];
	int64_t from_ms;
	bool all = true;

	for (int i = 0; i < 20; i++) {
		snprintf(expression, sizeof(expression), ". + %d", i);
		snprintf(want, sizeof(want), "number %d", 1 + i);
		all = all && strcmp(eval(expression, "1"), want) == 0;
	}
	ok(all, "more expressions than are kept");
	from_ms = instant_boot_ms();
	for (int i = 0; i < 1000; i++)
		all = all && strcmp(eval(". + 19", "1"), "number 20") == 0;
	ok(all, "one a thousand times");
	ok(instant_boot_ms() - from_ms < 10000, "is compiled once");
}

static void
test_can_join(void)
{
	static const struct {
		const char *what, *expression;
		bool can;
	} cases[] = {
		{ "closed brackets", "if .a then [1, {\"b\": (2)}] else 0 end",
		    true },
		{ "brackets and strings in strings",
		    "\"a \\(.b | \"(\") c\" == \"]\\\"\"", true },
		{ "one in a comment at the end", "1 # )", true },
		{ "one in a comment", "1 # (\n", true },
		{ "a comment that may go on behind ours", "1 # \\", false },
		{ "one that closes ours", "1) else (2", false },
		{ "one after a comment", "1 # (\n) else (2", false },
		{ "one closed in another string", "\"\\(1\")\"", false },
		{ "one closed by another", "(1]", false },
		{ "one that is open", "(1", false },
		{ "a string that is open", "\"", false },
		{ "one that ends in half an escape", "\"\\", false },
		{ "a question about its own line", "$__loc__.line", false },
	};
	char deep[2 * 65 + 1] = "";

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(jqexpr_can_join(cases[i].expression) == cases[i].can,
		    "%s: %s", cases[i].what,
		    cases[i].can ? "joined" : "left alone");
	memset(deep, '[', 64);
	memset(deep + 64, ']', 64);
	ok(jqexpr_can_join(deep), "64 brackets in brackets");
	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	ok(!jqexpr_can_join(deep), "and no more");
}

/* Open one that expects all values, and count to others. */
static void
reopen_expecting(int others)
{
	char expression[32];

	jqexpr_close(jq);
	if (jqexpr_open(&jq, &err) != TB_OK)
		abort();
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		jqexpr_expect(jq, values[i].expression);
	for (int i = 0; i < others; i++) {
		snprintf(expression, sizeof(expression), "%d + .", i);
		jqexpr_expect(jq, expression);
	}
}

/* Milliseconds for a count of expressions that nobody asked before. */
static int64_t
ask_many(int count, bool *all)
{
	int64_t from_ms = instant_boot_ms();
	char expression[32], want[32];

	for (int i = 0; i < count; i++) {
		snprintf(expression, sizeof(expression), "%d + .", i);
		snprintf(want, sizeof(want), "number %d", 1 + i);
		*all = *all && strcmp(eval(expression, "1"), want) == 0;
	}
	return instant_boot_ms() - from_ms;
}

static void
test_expected(void)
{
	static char long_one[JQEXPR_TEXT_MAX + 1];
	bool all = true;
	int64_t ms;

	reopen_expecting(0);
	test_values(); /* give what they gave */
	reopen_expecting(0);
	ms = ask_many(20, &all);
	reopen_expecting(100);
	ok(ask_many(100, &all) < ms,
	    "a hundred expected are sooner than"
	    " twenty others");
	ok(all, "and right");

	reopen_expecting(1);
	jqexpr_expect(jq, "nosuch");
	ok(strncmp(eval("nosuch", "{}"), "config: nosuch/0", 16) == 0,
	    "one that does not compile says so");
	is(eval("0 + .", "1"), "number 1", "the others do");

	memset(long_one, ' ', JQEXPR_TEXT_MAX);
	reopen_expecting(1);
	for (const char *c = "123456789"; *c != '\0'; c++) {
		long_one[0] = *c;
		jqexpr_expect(jq, long_one);
	}
	is(eval(long_one, "{}"), "number 9", "more than is joined");
	is(eval("0 + .", "1"), "number 1", "does no harm");
}

/* One bot's loop is asked once a candle, and costs the others nothing. */
static void
test_not_again(void)
{
	int64_t from_ms;

	is(eval("def f: f; f", "{}"), "error: took longer than 2000 ms",
	    "an endless loop");
	from_ms = instant_boot_ms();
	for (int i = 0; i <= JQEXPR_RESTARTS_MAX; i++)
		(void)eval("def f: f; f", "{\"a\":1}");
	is(eval("def f: f; f", "{}"), "error: took longer than 2000 ms",
	    "fails again");
	ok(instant_boot_ms() - from_ms < JQEXPR_LIMIT_MS,
	    "but is not run again");
	is(eval("1 + 1", "{}"), "number 2", "and the others are served");
}

#ifndef __SANITIZE_ADDRESS__
static void
test_restarts(void)
{
	struct tb_err last = { 0 };
	char expression[64];
	int died = 0;

	/* C code that frees what is nested so deep needs too much stack. */
	for (int i = 0; i <= JQEXPR_RESTARTS_MAX + 1; i++) {
		struct jqexpr_value value;
		enum tb_status status;

		snprintf(expression, sizeof(expression),
		    "reduce range(%d) as $i (1; [.])", 500000 + i);
		status = jqexpr_eval(jq, expression, "{}", 2, &value, &last);
		died += status == TB_EIO &&
		    strncmp(last.msg, "ended its process", 17) == 0;
	}
	is_int(died, JQEXPR_RESTARTS_MAX + 1, "a process and eight more died");
	ok(strncmp(last.msg, "expressions ended their process", 31) == 0,
	    "no more are started: %s", last.msg);
}
#endif

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	ok(jqexpr_open(&jq, &err) == TB_OK, "open");
	test_values();
	test_not_compiled();
	test_shut_in();
	test_limits();
	test_kept();
	test_can_join();
	test_expected();
	jqexpr_close(jq);
	jqexpr_close(NULL);
	ok(jqexpr_open(&jq, &err) == TB_OK, "open another");
	test_not_again();
	jqexpr_close(jq);
#ifndef __SANITIZE_ADDRESS__
	ok(jqexpr_open(&jq, &err) == TB_OK, "open another");
	test_restarts();
	jqexpr_close(jq);
#endif
	return tap_done();
}
