/*
 * replay: the files named, each through the target once.  No file is a
 * finding of its own: a broken promise ends in abort().
 */

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static int
replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	size_t size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
		perror(path);
		return 1;
	}
	size = (size_t)ftell(file);
	rewind(file);
	data = malloc(size + 1); /* no more: what reads beyond it is seen */
	if (data == NULL || fread(data, 1, size, file) != size) {
		perror(path);
		return 1;
	}
	fclose(file);
	(void)LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int
main(int argc, char *argv[])
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%d inputs\n", argc - 1);
	return argc > 1 ? failed : 2;
}
