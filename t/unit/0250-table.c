/*
 * table: widths in columns of the terminal, figures for people, and nothing
 * that could drive a terminal.
 */

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include "io/progress.h"
#include "io/table.h"
#include "tap.h"

static struct tb_err err;

static struct decimal
amount(const char *s)
{
	struct decimal d = DECIMAL_ZERO;

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		abort();
	return d;
}

static void
test_layout(void)
{
	static const char *const headings[] = { "product", ">size", "note",
		NULL };
	struct buffer out;
	struct table *t;

	buffer_init(&out, 4096);
	ok(table_open(&t, headings, false, &err) == TB_OK, "three columns");
	table_cell(t, "BTC-USD");
	table_cell(t, "1,250.00");
	table_cell(t, "caf\xc3\xa9");
	table_cell(t, "\xe6\x97\xa5\xe6\x9c\xac");
	table_cell(t, "5");
	table_cell(t, NULL);
	table_rule(t);
	table_cell(t, "total");
	table_cell(t, "7");
	ok(table_write(t, &out, &err) == TB_OK, "written");
	is(buffer_string(&out),
	    "product      size  note\n"
	    "BTC-USD  1,250.00  caf\xc3\xa9\n"
	    "\xe6\x97\xa5\xe6\x9c\xac            5  -\n"
	    "-------  --------  ----\n"
	    "total           7\n",
	    "text left, figures right, wide letters counted");
	table_free(t);

	buffer_clear(&out);
	ok(table_open(&t, headings, true, &err) == TB_OK, "in colour");
	table_cell_colour(t, "a\033[2Jb", TABLE_RED);
	table_cell_colour(t, "1", TABLE_PLAIN);
	table_cell(t, "");
	ok(table_write(t, &out, &err) == TB_OK, "written");
	is(buffer_string(&out),
	    "\033[1mproduct\033[0m      \033[1msize\033[0m  "
	    "\033[1mnote\033[0m\n"
	    "\033[31ma\\u{1b}[2Jb\033[0m     1  \n",
	    "colours are ours, none come from outside");
	table_free(t);

	buffer_clear(&out);
	ok(table_open(&t, headings, false, &err) == TB_OK, "without rows");
	ok(table_write(t, &out, &err) == TB_OK, "written");
	is(buffer_string(&out), "product  size  note\n", "headings alone");
	table_free(t);
	table_free(NULL);
	buffer_release(&out);
}

static void
test_many_rows(void)
{
	static const char *const headings[] = { "n", NULL };
	struct buffer out;
	struct table *t;
	char text[16];

	buffer_init(&out, 1 << 20);
	ok(table_open(&t, headings, false, &err) == TB_OK, "a long table");
	for (int i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		table_rule(t);
		table_cell(t, text);
	}
	ok(table_write(t, &out, &err) == TB_OK, "written");
	is_int((long long)out.len,
	    2 + 5 * 10000 + 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5,
	    "with every row and rule");
	table_free(t);
	buffer_release(&out);
}

static void
test_amount(void)
{
	static const struct {
		const char *amount;
		int places;
		const char *want;
	} cases[] = {
		{ "0", 2, "0.00" },
		{ "1250", 2, "1,250.00" },
		{ "-1250.005", 2, "-1,250.00" },
		{ "-1250.015", 2, "-1,250.02" },
		{ "999.995", 2, "1,000.00" },
		{ "123456789", 0, "123,456,789" },
		{ "100", 0, "100" },
		{ "1000", 0, "1,000" },
		{ "0.2132552648459785", 8, "0.21325526" },
		{ "-0.001", 2, "0.00" },
		{ "170141183460469231731.687303715884105727", 18,
		    "170,141,183,460,469,231,731.687303715884105727" },
		{ "170141183460469231731.687303715884105727", 0,
		    "170,141,183,460,469,231,731.687303715884105727" },
	};
	char buf[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		table_amount(amount(cases[i].amount), cases[i].places, buf);
		is(buf, cases[i].want, cases[i].amount);
	}
}

static void
test_escape(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "plain \xe2\x82\xac", "plain \xe2\x82\xac" },
		{ "a\nb\tc", "a\\u{a}b\\u{9}c" },
		{ "\033]0;x\007", "\\u{1b}]0;x\\u{7}" },
		{ "\x7f\xc2\x80\xc2\x9b", "\\u{7f}\\u{80}\\u{9b}" },
		{ "\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f",
		    "\\u{61c}\\u{200e}\\u{200f}" },
		{ "\xe2\x80\xaa\xe2\x80\xae", "\\u{202a}\\u{202e}" },
		{ "\xe2\x81\xa6\xe2\x81\xa9", "\\u{2066}\\u{2069}" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}" },
		{ "\xff\xc0\xaf\xed\xa0\x80",
		    "\\x{ff}\\x{c0}\\x{af}\\x{ed}\\x{a0}\\x{80}" },
		{ "", "" },
	};
	struct buffer out;

	buffer_init(&out, 4096);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buffer_clear(&out);
		table_escape(&out, cases[i].text, strlen(cases[i].text));
		is(buffer_string(&out), cases[i].want, cases[i].want);
	}
	buffer_clear(&out);
	table_escape(&out, "a\0b", 3);
	is(buffer_string(&out), "a\\u{0}b", "NUL");
	buffer_release(&out);
}

static void
test_width(void)
{
	is_int((long long)table_width("abc"), 3, "ASCII");
	is_int((long long)table_width("caf\xc3\xa9"), 4, "Latin");
	is_int((long long)table_width("cafe\xcc\x81"), 4, "a mark upon e");
	is_int((long long)table_width("\xe6\x97\xa5\xe6\x9c\xac"), 4, "Kanji");
	is_int((long long)table_width("\xf0\x9f\x98\x80"), 2, "an emoji");
	is_int((long long)table_width("\xe2\x96\x81\xe2\x96\x88"), 2, "bars");
}

/* The sparkline of the amounts in words; good until the next. */
static const char *
spark(const char *const *words, size_t count, size_t width)
{
	static struct buffer out;
	struct decimal values[16];

	buffer_release(&out);
	buffer_init(&out, 4096);
	for (size_t i = 0; i < count; i++)
		values[i] = amount(words[i]);
	table_sparkline(&out, values, count, width);
	return buffer_string(&out);
}

static void
test_sparkline(void)
{
	static const char *const rising[] = { "0", "1", "2", "3", "4", "5", "6",
		"7" };
	static const char *const flat[] = { "5", "5", "5" };
	static const char *const pairs[] = { "0", "2", "7", "9" };
	static const char *const edge[] = { "170141183460469231731",
		"-170141183460469231731" };

	is(spark(rising, 8, 80),
	    "\xe2\x96\x81\xe2\x96\x82\xe2\x96\x83\xe2\x96\x84\xe2\x96\x85"
	    "\xe2\x96\x86\xe2\x96\x87\xe2\x96\x88",
	    "eight heights");
	is(spark(flat, 3, 80), "\xe2\x96\x85\xe2\x96\x85\xe2\x96\x85", "flat");
	is(spark(pairs, 4, 2), "\xe2\x96\x81\xe2\x96\x88", "means of pairs");
	is(spark(rising, 0, 80), "", "none");
	is(spark(rising, 8, 0), "", "no room");
	ok(strlen(spark(edge, 2, 80)) == 6, "the edges of the range");
	(void)spark(NULL, 0, 0);
}

/* What a terminal was told, which comes in pieces: as much as is expected, or
 * all that comes within seconds. */
static void
is_drawn(int master, const char *expected, const char *what)
{
	struct pollfd in = { .fd = master, .events = POLLIN };
	char drawn[512] = "";
	size_t len = 0;
	ssize_t n;

	while (len < strlen(expected) && poll(&in, 1, 5000) == 1) {
		n = read(master, drawn + len, sizeof(drawn) - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	drawn[len] = '\0';
	is(drawn, expected, what);
}

/* What progress draws upon a terminal. */
static void
test_progress(void)
{
	struct progress p;
	char drawn[512] = "";
	int master, slave;

	progress_begin(&p, -1, "importing", false);
	ok(p.fd == -1, "no terminal, no line");
	progress_show(&p, 1, 2, "rows");
	progress_end(&p);

	if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
		skip("no terminal can be had");
		return;
	}
	fcntl(master, F_SETFL, O_NONBLOCK);
	progress_begin(&p, slave, "importing", true);
	progress_show(&p, 1, 2, "rows");
	progress_end(&p);
	ok(read(master, drawn, sizeof(drawn)) <= 0, "quiet is quiet");
	progress_begin(&p, slave, "importing", false);
	p.started_ms += 900; /* however slow this machine is */
	progress_show(&p, 1, 3, "rows");
	p.drawn_ms += 1000000;
	progress_show(&p, 2, 3, "rows"); /* too soon */
	progress_end(&p);
	is_drawn(master, "\r\033[Kimporting: 33%, 1 rows, 0 s\r\033[K",
	    "drawn once, then wiped");
	progress_begin(&p, slave, "importing", false);
	p.started_ms += 900;
	progress_show(&p, UINT64_MAX, UINT64_MAX, "bytes");
	is_drawn(master,
	    "\r\033[Kimporting: 100%, 18446744073709551615 bytes, 0 s",
	    "as much as there can be");
	progress_end(&p);
	close(master);
	close(slave);
}

int
main(void)
{
	test_layout();
	test_many_rows();
	test_amount();
	test_escape();
	test_width();
	test_sparkline();
	test_progress();
	return tap_done();
}
