/*
 * csv: RFC 4180 row by row, plain and gzip'ed; what is damaged is told.
 */

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buffer.h"
#include "io/csv.h"
#include "tap.h"

#define BIG (4 << 20)

static struct tb_err err;
static struct buffer out;

static int
file_of(const char *s, size_t len)
{
	int fd = memfd_create("csv", MFD_CLOEXEC);

	if (fd < 0 || write(fd, s, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* All rows as "line[a][b]|", errors as "!message|". */
static const char *
rows_of(const char *s, size_t len)
{
	int fd = file_of(s, len);
	struct csv *csv;
	enum tb_status status = csv_open(&csv, fd, "f", &err);

	buffer_clear(&out);
	if (status != TB_OK) {
		buffer_add_format(&out, "!%d %s", status, err.msg);
		close(fd);
		return buffer_string(&out);
	}
	while ((status = csv_next(csv, &err)) == TB_OK || status == TB_EINVAL) {
		if (status == TB_EINVAL) {
			buffer_add_format(&out, "!%s|", err.msg);
			continue;
		}
		buffer_add_format(&out, "%lu", csv_line(csv));
		for (size_t i = 0; i < csv_columns(csv); i++) {
			size_t n;
			const char *field = csv_field(csv, (int)i, &n);

			buffer_add_char(&out, '[');
			buffer_add(&out, field, n);
			buffer_add_char(&out, ']');
		}
		buffer_add_char(&out, '|');
	}
	if (status != TB_END)
		buffer_add_format(&out, "!%d %s", status, err.msg);
	csv_close(csv);
	close(fd);
	return buffer_string(&out);
}

static void
test_rows(void)
{
	static const struct {
		const char *text, *want, *what;
	} cases[] = {
		{ "a,b\n1,2\n3,4\n", "2[1][2]|3[3][4]|", "two rows" },
		{ "a,b\n1,2", "2[1][2]|", "no newline at the end" },
		{ "a,b\r\n1,2\r\n", "2[1][2]|", "CRLF" },
		{ "\xef\xbb\xbf"
		  "a,b\n1,2\n",
		    "2[1][2]|", "a byte order mark" },
		{ "\n\na,b\n\r\n1,2\n\n\n", "5[1][2]|", "blank lines" },
		{ "a,b\n,\n", "2[][]|", "empty fields" },
		{ "a,b\n\"\",\"x\"\n", "2[][x]|", "quoted" },
		{ "a,b\n\"1,2\",\"3\n4\"\n5,6\n", "2[1,2][3\n4]|4[5][6]|",
		    "a comma and a newline in quotes" },
		{ "a,b\n\"say \"\"x\"\"\",\"\"\"\"\n", "2[say \"x\"][\"]|",
		    "doubled quotes" },
		{ "a,b\n\"x\r\ny\",2\r\n", "2[x\r\ny][2]|", "CRLF in quotes" },
		{ "a\n\"x\"\n", "2[x]|", "one column" },
		{ "a,b\n1\n2,3\n", "!f:2: 1 fields, expected 2|3[2][3]|",
		    "a field too few" },
		{ "a,b\n1,2,3\n4,5\n", "!f:2: 3 fields, expected 2|3[4][5]|",
		    "a field too many" },
		{ "a,b\n1,x\"y\n4,5\n",
		    "!f:2: field 2: a quote inside|3[4][5]|",
		    "a quote inside a field" },
		{ "a,b\n\"x\"y,2\n4,5\n",
		    "!f:2: field 1: expected a comma behind the quote|"
		    "3[4][5]|",
		    "something behind a quote" },
		{ "a,b\n1,\"x\n4,5\n",
		    "!f:2: a quote that is not closed|3[4][5]|",
		    "a quote that is not closed" },
		{ "a,b\n\xff,2\n4,5\n", "!f:2: invalid UTF-8|3[4][5]|",
		    "bad UTF-8" },
		{ "a,b\n\"x\"\"\n4,5\n",
		    "!f:2: a quote that is not closed|3[4][5]|",
		    "a doubled quote does not close" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is(rows_of(cases[i].text, strlen(cases[i].text)), cases[i].want,
		    cases[i].what);
	is(rows_of("a,b\n1\0,2\n3,4\n", 13), "!f:2: a NUL|3[3][4]|", "a NUL");
}

static void
test_header(void)
{
	static const char text[] = "Time,\"Open price\",,close\n1,2,3,4\n";
	char wide[512] = "";
	struct csv *csv;
	size_t len;
	int fd = file_of(text, sizeof(text) - 1);

	ok(csv_open(&csv, fd, "f", &err) == TB_OK, "a header");
	is_int((long long)csv_columns(csv), 4, "of four columns");
	is_int(csv_column(csv, "time"), 0, "found in any case");
	is_int(csv_column(csv, "OPEN PRICE"), 1, "in quotes");
	is_int(csv_column(csv, "CLOSE"), 3, "behind one without a name");
	is_int(csv_column(csv, "volume"), -1, "or not at all");
	is(csv_name(csv, 1), "Open price", "as written");
	ok(csv_next(csv, &err) == TB_OK, "a row");
	is(csv_name(csv, 3), "close", "names stay");
	is(csv_field(csv, 3, &len), "4", "a field");
	is_int((long long)len, 1, "and its length");
	is(csv_field(csv, -1, &len), "", "no column, no text");
	is_int((long long)len, 0, "of no length");
	is_int((long long)csv_progress(csv), sizeof(text) - 1, "all consumed");
	csv_close(csv);
	csv_close(NULL);
	close(fd);

	is(rows_of("", 0), "!10 f: empty, expected the names of columns",
	    "nothing");
	is(rows_of("\n\n", 2), "!10 f: empty, expected the names of columns",
	    "blank lines alone");
	is(rows_of("a,b,A\n", 6), "!10 f:1: repeated column \"A\"",
	    "a repeated column");
	is(rows_of("\xff\xfe"
		   "a\0,\0",
	       6),
	    "!10 f:1: a NUL", "UTF-16");

	for (int i = 0; i < CSV_COLUMNS_MAX; i++)
		snprintf(wide + strlen(wide), sizeof(wide) - strlen(wide),
		    "%sc%d", i == 0 ? "" : ",", i);
	is(rows_of(wide, strlen(wide)), "", "64 columns");
	snprintf(wide + strlen(wide), sizeof(wide) - strlen(wide), ",more");
	is(rows_of(wide, strlen(wide)), "!10 f:1: more than 64 fields",
	    "and no more");
}

static void
test_limits(void)
{
	static char big[BIG];
	size_t len = 4;

	memcpy(big, "a,b\n", 4);
	memset(&big[len], 'x', CSV_ROW_MAX - 1);
	big[len += CSV_ROW_MAX - 1] = ',';
	memcpy(&big[len + 1], "\r\n1,2\n", 6);
	ok(strncmp(rows_of(big, len + 7), "2[xxx", 5) == 0,
	    "a row of 65536 bytes");
	ok(strcmp(out.data + out.len - 11, "[]|3[1][2]|") == 0, "and the next");

	memcpy(&big[len], "x,\n1,2\n", 7);
	is(rows_of(big, len + 7),
	    "!f:2: a row of more than 65536 bytes|3[1][2]|", "a byte more");
	memcpy(&big[len], "x,\r\n1,2\n", 8);
	is(rows_of(big, len + 8),
	    "!f:2: a row of more than 65536 bytes|3[1][2]|", "with CR too");

	memset(&big[4], 'x', BIG - 4);
	memcpy(&big[BIG - 5], "\n1,2\n", 5);
	is(rows_of(big, BIG), "!f:2: a row of more than 65536 bytes|3[1][2]|",
	    "4 MiB");

	memset(&big[4], 'x', BIG - 4);
	memcpy(&big[4], "\"1,2\n3,4\n", 9);
	for (size_t i = 13; i + 4 <= BIG; i += 4)
		memcpy(&big[i], "5,6\n", 4);
	ok(strncmp(rows_of(big, 13 + 4 * ((BIG - 13) / 4)),
	       "!f:2: a quote that is not closed|3[3][4]|4[5][6]|", 48) == 0,
	    "a stray quote hides one line only");
}

/* ---------------------------------------------------------------- gzip -- */

/* text as one gzip member at to. */
static size_t
gzip(const char *text, size_t len, unsigned char *to, size_t size)
{
	z_stream z = { 0 };
	unsigned char copy[4096];
	size_t written;

	memcpy(copy, text, len);
	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, 0) != Z_OK)
		abort();
	z.next_in = copy;
	z.avail_in = (uInt)len;
	z.next_out = to;
	z.avail_out = (uInt)size;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	written = z.total_out;
	deflateEnd(&z);
	return written;
}

static void
test_gzip(void)
{
	static const char text[] = "a,b\n1,2\n3,4\n";
	unsigned char packed[1024];
	const char *bytes = (const char *)packed;
	size_t len = gzip(text, sizeof(text) - 1, packed, sizeof(packed));
	size_t more;
	int told = 0;

	is(rows_of(bytes, len), "2[1][2]|3[3][4]|", "gzip");
	for (size_t i = 2; i < len; i++)
		told += strstr(rows_of(bytes, i), "f: truncated gzip") != NULL;
	is_int(told, (long long)len - 2, "cut anywhere: told");

	packed[len - 6] ^= 1; /* in the checksum */
	ok(strstr(rows_of(bytes, len), "f: damaged gzip") != NULL,
	    "a wrong checksum: %s", buffer_string(&out));
	packed[len - 6] ^= 1;
	packed[len] = 'x';
	is(rows_of(bytes, len + 1),
	    "2[1][2]|3[3][4]|"
	    "!14 f: something behind the end of the gzip",
	    "something behind it");
	more = gzip("5,6\n", 4, &packed[len], sizeof(packed) - len);
	is(rows_of(bytes, len + more), "2[1][2]|3[3][4]|4[5][6]|",
	    "two members");
	packed[3] = 0xff;
	is(rows_of(bytes, len), "!10 f: damaged gzip", "a bad header");
	is(rows_of("\x1f\x8b", 2), "!10 f: truncated gzip", "two bytes");
}

/* Real files: as many rows as the index says. */
static void
test_real(void)
{
	char path[512];
	struct csv *csv;
	long rows = 0;
	FILE *file;

	if (tap_shared("candles/BTC-USD_1m_bitfinex_2014.csv.gz", path,
		sizeof(path)) == NULL) {
		skip("the candles are not there");
		return;
	}
	file = fopen(path, "rb");
	ok(csv_open(&csv, fileno(file), "f", &err) == TB_OK, "real candles");
	while (csv_next(csv, &err) == TB_OK)
		rows++;
	is_int(rows, 283787, "every row of a year of minutes");
	csv_close(csv);
	fclose(file);
}

int
main(void)
{
	buffer_init(&out, 64 << 20);
	test_rows();
	test_header();
	test_limits();
	test_gzip();
	test_real();
	buffer_release(&out);
	return tap_done();
}
