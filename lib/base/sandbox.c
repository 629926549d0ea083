#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's interface, as it grew: linux/landlock.h of a build machine may
 * be older than the kernel that runs it. */
#define RULE_PATH 1
#define RULE_PORT 2
#define ASK_VERSION 1U

#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_READ_DIR (UINT64_C(1) << 3)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_MAKE_REG (UINT64_C(1) << 8)
#define FS_TRUNCATE (UINT64_C(1) << 14) /* version 3 */
#define FS_ALL_1 ((UINT64_C(1) << 13) - 1)
#define FS_ALL_2 ((UINT64_C(1) << 14) - 1)
#define FS_ALL_3 ((UINT64_C(1) << 15) - 1)
#define FS_ALL_5 ((UINT64_C(1) << 16) - 1)
#define FS_OF_FILES (FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE)
#define NET_CONNECT (UINT64_C(1) << 1)
#define NET_ALL_4 UINT64_C(3)	/* bind, connect */
#define SCOPE_ALL_6 UINT64_C(3) /* abstract sockets, signals */

struct attributes {
	uint64_t fs, net, scope;
};

struct path_rule {
	uint64_t access;
	int32_t fd;
} __attribute__((packed));

struct port_rule {
	uint64_t access, port;
};

/* What a kernel of this version can forbid. */
static struct attributes
all_of(long version)
{
	return (struct attributes){
		.fs = version >= 5 ? FS_ALL_5 :
		    version >= 3   ? FS_ALL_3 :
		    version >= 2   ? FS_ALL_2 :
				     FS_ALL_1,
		.net = version >= 4 ? NET_ALL_4 : 0,
		.scope = version >= 6 ? SCOPE_ALL_6 : 0,
	};
}

/* LeakSanitizer looks at /proc in the end. */
#if defined(__SANITIZE_ADDRESS__)
# define SANITIZED 1
#elif defined(__has_feature)
# if __has_feature(address_sanitizer)
#  define SANITIZED 1
# endif
#endif
#ifndef SANITIZED
# define SANITIZED 0
#endif

static long
kernel_version(void)
{
	if (SANITIZED)
		return -1;
	return syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
}

void
sandbox_begin(struct sandbox *s)
{
	long version = kernel_version();
	struct attributes all = all_of(version);

	s->fs = all.fs;
	s->rules = -1;
	if (version >= 1)
		s->rules = (int)syscall(SYS_landlock_create_ruleset, &all,
		    sizeof(all), 0);
}

void
sandbox_allow(struct sandbox *s, const char *path, enum sandbox_access access)
{
	struct path_rule rule = { .access = FS_READ_FILE | FS_READ_DIR };
	struct stat st;

	if (s->rules == -1)
		return;
	rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd == -1)
		return;
	if (access == SANDBOX_CHANGE)
		rule.access |=
		    FS_WRITE_FILE | FS_REMOVE_FILE | FS_MAKE_REG | FS_TRUNCATE;
	rule.access &= s->fs;
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.access &= FS_OF_FILES;
	(void)syscall(SYS_landlock_add_rule, s->rules, RULE_PATH, &rule, 0);
	(void)close(rule.fd);
}

void
sandbox_allow_port(struct sandbox *s, uint16_t port)
{
	const struct port_rule rule = { NET_CONNECT, port };

	if (s->rules != -1)
		(void)syscall(SYS_landlock_add_rule, s->rules, RULE_PORT, &rule,
		    0);
}

bool
sandbox_enter(struct sandbox *s)
{
	bool kept;

	if (s->rules == -1)
		return false;
	kept = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, s->rules, 0) == 0;
	(void)close(s->rules);
	s->rules = -1;
	return kept;
}
