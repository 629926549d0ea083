#ifndef TB_IO_YAML_TREE_H
#define TB_IO_YAML_TREE_H

/*
 * yaml_tree: what yaml.c, which reads, and yaml_value.c, which looks, share.
 * Private to the two.
 */

#include "io/yaml.h"

struct block;

struct yaml {
	const char *name; /* of the file */
	struct yaml_node *root;
	struct block *blocks; /* own everything else */
};

#endif /* TB_IO_YAML_TREE_H */
