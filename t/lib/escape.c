/*
 * escape: to be preloaded into a tool: when it opens its database or asks an
 * exchange, it tries to get out, and says on standard error how that went.
 *
 *	TB_ESCAPE='read:/etc/passwd write:/tmp/x exec:/bin/true connect:80'
 *
 * A line a word: the word, a blank, and "done" or why not.
 */

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What was interposed, as far as it matters here. */
int sqlite3_open_v2(const char *path, void **out, int flags, const char *vfs);
int curl_easy_perform(void *handle);

static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd == -1 ? errno : close(fd);
}

static int
try_exec(const char *path)
{
	char *argv[] = { NULL, NULL };
	int code, status = 0;
	pid_t pid;

	argv[0] = strdup(path);
	code = posix_spawn(&pid, path, NULL, NULL, argv, argv + 1);
	if (code == 0)
		(void)waitpid(pid, &status, 0);
	free(argv[0]);
	return code;
}

static int
try_port(const char *port, int listening)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)strtol(port, NULL, 10)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int code = listening ? bind(fd, (struct sockaddr *)&a, sizeof(a)) :
			       connect(fd, (struct sockaddr *)&a, sizeof(a));

	code = code == 0 ? 0 : errno;
	(void)close(fd);
	return code;
}

static int
attempt(const char *verb, const char *what)
{
	if (strcmp(verb, "read") == 0)
		return try_open(what, O_RDONLY);
	if (strcmp(verb, "write") == 0)
		return try_open(what, O_WRONLY | O_CREAT);
	if (strcmp(verb, "remove") == 0)
		return unlink(what) == 0 ? 0 : errno;
	if (strcmp(verb, "exec") == 0)
		return try_exec(what);
	if (strcmp(verb, "connect") == 0)
		return try_port(what, 0);
	if (strcmp(verb, "listen") == 0)
		return try_port(what, 1);
	return kill((pid_t)strtol(what, NULL, 10), 0) == 0 ?
	    0 :
	    errno; /* "signal" */
}

static void
escape(void)
{
	char *words = getenv("TB_ESCAPE"), *rest = NULL, *word;

	if (words == NULL)
		return;
	words = strdup(words);
	(void)unsetenv("TB_ESCAPE"); /* once */
	for (word = strtok_r(words, " \n\t", &rest); word != NULL;
	     word = strtok_r(NULL, " \n\t", &rest)) {
		char *colon = strchr(word, ':');
		int code;

		*colon = '\0';
		code = attempt(word, colon + 1);
		dprintf(STDERR_FILENO, "%s:%s %s\n", word, colon + 1,
		    code == 0 ? "done" : strerrorname_np(code));
	}
	free(words);
}

int
sqlite3_open_v2(const char *path, void **out, int flags, const char *vfs)
{
	int (*real)(const char *, void **, int, const char *);

	escape();
	*(void **)&real = dlsym(RTLD_NEXT, "sqlite3_open_v2");
	return real(path, out, flags, vfs);
}

int
curl_easy_perform(void *handle)
{
	int (*real)(void *);

	escape();
	*(void **)&real = dlsym(RTLD_NEXT, "curl_easy_perform");
	return real(handle);
}
