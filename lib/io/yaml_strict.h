#ifndef TB_IO_YAML_STRICT_H
#define TB_IO_YAML_STRICT_H

/*
 * yaml_strict: what YAML forbids and libyaml 0.2.5 lets through: a comment
 * without a blank in front, lines that are indented too little inside of
 * quotes and brackets, tabs that indent, and block texts whose first lines
 * are blank and wider than the text.  Each could mean something else to
 * another reader of the same file.
 *
 * Private to yaml.c.
 */

#include <stdint.h>
#include <yaml.h>

#include "io/yaml.h"

struct yaml_strict_level {
	bool is_flow; /* in brackets */
	long column;  /* of a block collection, from 0 */
	size_t at;    /* byte where it begins */
};

struct yaml_strict {
	const char *text; /* borrowed, as is offsets */
	size_t len;
	const uint32_t *offsets; /* byte of each character; NULL: as counted */
	size_t seen;		 /* byte behind what events have told of */
	int depth;
	struct yaml_strict_level levels[YAML_DEPTH_MAX];
};

/*
 * yaml_strict_check: to be asked of each event, in order, which the caller
 * has found no fault with.
 *
 * out:	    *where  the place, if there is a problem
 * returns: the problem, or NULL
 */
const char *yaml_strict_check(struct yaml_strict *s, const yaml_event_t *event,
    yaml_mark_t *where);

#endif /* TB_IO_YAML_STRICT_H */
