#ifndef TB_BASE_SANDBOX_H
#define TB_BASE_SANDBOX_H

/*
 * sandbox: what this process, and whatever it starts, may still reach.
 *
 * Landlock, where the kernel has it: files that were not allowed cannot be
 * opened, made or removed any more, nothing can be executed, no TCP port be
 * listened on or connected to, and no process outside be sent a signal.  What
 * is open stays usable.  An older kernel keeps fewer of these promises, or
 * none; nothing here fails, as everything works without it.
 *
 *	struct sandbox s;
 *
 *	sandbox_begin(&s);
 *	sandbox_allow(&s, folder, SANDBOX_CHANGE);
 *	sandbox_enter(&s);
 */

#include <stdbool.h>
#include <stdint.h>

enum sandbox_access {
	SANDBOX_READ,	/* a file, or all below a folder */
	SANDBOX_CHANGE, /* and write, make and remove files there */
};

struct sandbox {
	int rules;   /* -1: the kernel has no part in it */
	uint64_t fs; /* private: what it can forbid of files */
};

void sandbox_begin(struct sandbox *s);

/* sandbox_allow: a path; one that is not there is left out. */
void sandbox_allow(struct sandbox *s, const char *path,
    enum sandbox_access access);

/* sandbox_allow_port: connections to a TCP port, of any host. */
void sandbox_allow_port(struct sandbox *s, uint16_t port);

/*
 * sandbox_enter: from now on, for good.  Sets PR_SET_NO_NEW_PRIVS.
 *
 * returns: whether the kernel keeps it
 */
bool sandbox_enter(struct sandbox *s);

#endif /* TB_BASE_SANDBOX_H */
