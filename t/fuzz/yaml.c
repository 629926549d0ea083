/*
 * yaml: any bytes are a tree of bounded depth, or are refused with a place;
 * as bots too.
 */

#include <assert.h>
#include <string.h>

#include "bot/botfile.h"
#include "io/yaml.h"

#include "fuzz.h"

/* Every node stands in its parent, and no deeper than it may. */
static void
check_tree(const struct yaml *y)
{
	const struct yaml_node *n = yaml_root(y);
	int depth = 1;

	while (n != NULL) {
		assert((n->kind == YAML_SCALAR) == (n->text != NULL));
		assert(n->parent == NULL ||
		    (n->parent->kind == YAML_MAPPING) == (n->key != NULL));
		if (n->key != NULL)
			assert(yaml_get(n->parent, n->key) == n);
		assert(n->line >= 1 && n->column >= 1);
		if (n->child != NULL) {
			assert(n->child->parent == n);
			n = n->child;
			assert(++depth <= YAML_DEPTH_MAX + 1);
			continue;
		}
		while (n != NULL && n->next == NULL) {
			n = n->parent;
			depth--;
		}
		n = n == NULL ? NULL : n->next;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct tb_err err = { 0 };
	struct botfile file;
	struct yaml *y;
	enum tb_status status = yaml_parse(&y, "f", text, size, &err);

	assert(status == TB_OK || status == TB_ECONFIG);
	if (status == TB_OK)
		check_tree(y);
	else
		assert(strncmp(err.msg, "f:", 2) == 0);
	yaml_close(y);
	status = botfile_parse(&file, "f", text, size, NULL, &err);
	assert(status == TB_OK || status == TB_ECONFIG);
	botfile_release(&file);
	return 0;
}
