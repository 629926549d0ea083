/*
 * key: any bytes as a key file: a key that is taken signs; one that is not
 * leaves nothing behind; the bytes are wiped, and no message repeats them.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "coinbase/key.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char signature[KEY_SIGNATURE_LEN];
	struct tb_err err = { 0 };
	struct key key;
	char *copy;

	if (size > KEY_FILE_MAX)
		return 0;
	copy = malloc(size + 1);
	assert(copy != NULL);
	memcpy(copy, data, size);
	if (key_parse(copy, size, &key, &err) == TB_OK) {
		assert(key.pkey != NULL && key.name[0] != '\0');
		assert(key_sign(&key, data, size, signature, &err) == TB_OK);
	} else {
		assert(key.pkey == NULL && key.name[0] == '\0');
		assert(err.msg[0] != '\0');
	}
	for (size_t i = 0; i < size; i++)
		assert(copy[i] == '\0');
	key_release(&key);
	free(copy);
	return 0;
}
