/*
 * lines: what tb-trade does with any bytes until it decides: lines, arrays
 * and documents into objects, objects into signals and intents.  What was
 * read as an intent is written, and reads back as the same.
 */

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wire/intent.h"
#include "wire/signalline.h"
#include "wire/stream.h"

#include "fuzz.h"

static void
check_intent(const struct intent_line *intent)
{
	static struct json_token tokens[64];
	struct intent_line back;
	struct tb_err err;
	struct buffer first, second;
	struct json_writer w = { .out = &first };
	struct json j;

	assert(decimal_sign(intent->has_size_usd ? intent->size_usd :
						   intent->size_crypto) > 0);
	buffer_init(&first, 1 << 16);
	buffer_init(&second, 1 << 16);
	intent_line_write(&w, intent);
	buffer_add(&second, first.data, first.len);
	assert(json_read(second.data, second.len, tokens, 64, &j, &err) ==
	    TB_OK);
	assert(intent_line_read(&j, j.tokens, &back, &err) == TB_OK);
	buffer_clear(&second);
	w = (struct json_writer){ .out = &second };
	intent_line_write(&w, &back);
	assert(strcmp(buffer_string(&first), buffer_string(&second)) == 0);
	buffer_release(&first);
	buffer_release(&second);
}

static void
check_item(const struct stream_item *item)
{
	static struct signalline line;
	struct intent_line intent;
	struct tb_err err;

	assert(item->object->kind == JSON_OBJECT);
	assert(strlen(item->text) == item->text_len);
	assert(strpbrk(item->text, "\n\r\t") == NULL);
	if (line_kind(&item->json, item->object) == LINE_SIGNAL)
		(void)!signalline_read(&item->json, item->object, &line, &err);
	else if (intent_line_read(&item->json, item->object, &intent, &err) ==
	    TB_OK)
		check_intent(&intent);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct stream_item item;
	struct stream *s;
	struct tb_err err;
	enum tb_status status;

	if (fd < 0)
		fd = memfd_create("lines", MFD_CLOEXEC);
	assert(fd >= 0 && ftruncate(fd, 0) == 0);
	assert(pwrite(fd, data, size, 0) == (ssize_t)size);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	assert(stream_open(&s, fd, &err) == TB_OK);
	while ((status = stream_next(s, &item, &err)) == TB_OK ||
	    status == TB_EINVAL)
		if (status == TB_OK)
			check_item(&item);
	assert(status == TB_END);
	stream_close(s);
	return 0;
}
