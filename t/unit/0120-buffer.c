/* buffer: bytes up to a maximum, and a failure that sticks. */

#include "base/buffer.h"

#include <stdint.h>

#include "tap.h"

static void
test_appends(void)
{
	struct buffer b;
	struct tb_err err = { 0 };

	buffer_init(&b, 1000);
	ok(b.data == NULL, "empty allocates nothing");
	is(buffer_string(&b), "", "and reads as \"\"");
	buffer_add_string(&b, "price ");
	buffer_add_format(&b, "%d.%02d", 40000, 5);
	buffer_add_char(&b, ';');
	buffer_add(&b, "\0x", 2);
	buffer_add(&b, NULL, 0);
	is(buffer_string(&b), "price 40000.05;", "text");
	is_int((long long)b.len, 17, "a NUL among the bytes counts");
	is_int(buffer_status(&b, &err), TB_OK, "all fitted");
	buffer_clear(&b);
	is(buffer_string(&b), "", "cleared");
	ok(b.data != NULL, "which keeps the allocation");
	buffer_release(&b);
	ok(b.data == NULL && b.max == 1000, "released, and usable again");
	buffer_release(&b);
}

static void
test_grows(void)
{
	struct buffer b;
	bool same = true;

	buffer_init(&b, SIZE_MAX);
	for (int i = 0; i < 100000; i++)
		buffer_add_format(&b, "%d", i % 10);
	for (size_t i = 0; i < b.len; i++)
		same = same && b.data[i] == (char)('0' + i % 10);
	ok(same && b.len == 100000, "100,000 appends keep their bytes");
	ok(b.capacity < 4 * b.len, "within a factor of the need");
	buffer_release(&b);
}

static void
test_maximum(void)
{
	struct buffer b;
	struct tb_err err = { 0 };

	buffer_init(&b, 5);
	buffer_add_string(&b, "12345");
	is_int(buffer_status(&b, &err), TB_OK, "as long as the maximum");
	buffer_add_char(&b, '6');
	is_int(buffer_status(&b, &err), TB_ERANGE, "one past it");
	is(err.msg, "longer than 5 bytes", "in words");
	is(buffer_string(&b), "12345", "what there was stays");
	buffer_clear(&b);
	buffer_add_string(&b, "ab");
	buffer_add_format(&b, "%s", "cdef");
	buffer_add_string(&b, "x");
	is(buffer_string(&b), "ab", "nothing is appended after a failure");
	is_int(buffer_status(&b, NULL), TB_ERANGE, "which sticks");
	buffer_clear(&b);
	buffer_add_format(&b, "%s", "abcde");
	is_int(buffer_status(&b, &err), TB_OK, "until it is cleared");
	is(buffer_string(&b), "abcde", "formatted up to the maximum");
	buffer_release(&b);

	buffer_init(&b, 0);
	buffer_add(&b, "", 0);
	is_int(buffer_status(&b, &err), TB_OK, "nothing fits into nothing");
	buffer_add_char(&b, 'x');
	is_int(buffer_status(&b, &err), TB_ERANGE, "something does not");
	buffer_release(&b);
}

static void
test_no_memory(void)
{
	struct buffer b;
	struct tb_err err = { 0 };

	buffer_init(&b, SIZE_MAX - 1);
	b.failed = TB_ENOMEM; /* as after a realloc that was refused */
	buffer_add_string(&b, "x");
	is_int(buffer_status(&b, &err), TB_ENOMEM, "out of memory is told");
	ok(b.data == NULL, "and nothing was appended");
	buffer_release(&b);
}

int
main(void)
{
	test_appends();
	test_grows();
	test_maximum();
	test_no_memory();
	return tap_done();
}
