/* sandbox: what is left of the world in there. */

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* What a child of ours finds, as its exit status. */
static int
in_child(int (*work)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(work());
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
code_of(int result)
{
	if (result == -1)
		return errno;
	(void)close(result);
	return 0;
}

static bool
enter(const char *path, enum sandbox_access access)
{
	struct sandbox s;

	sandbox_begin(&s);
	if (path != NULL)
		sandbox_allow(&s, path, access);
	sandbox_allow(&s, "no/such/file", SANDBOX_CHANGE);
	return sandbox_enter(&s);
}

static int
is_kept(void)
{
	return enter(NULL, SANDBOX_READ) ? 0 : 1;
}

static int
nothing_opens(void)
{
	(void)enter(NULL, SANDBOX_READ);
	return code_of(open("file", O_RDONLY)) == EACCES &&
	    code_of(open("new", O_WRONLY | O_CREAT, 0600)) == EACCES &&
	    unlink("file") == -1 && errno == EACCES &&
	    mkdir("folder/one", 0700) == -1 && errno == EACCES;
}

static int
reading_is_not_writing(void)
{
	(void)enter("folder", SANDBOX_READ);
	return code_of(open("folder/inner", O_RDONLY)) == 0 &&
	    code_of(open("folder", O_RDONLY | O_DIRECTORY)) == 0 &&
	    code_of(open("folder/inner", O_WRONLY)) == EACCES &&
	    unlink("folder/inner") == -1 && errno == EACCES &&
	    code_of(open("file", O_RDONLY)) == EACCES;
}

static int
a_file_alone(void)
{
	(void)enter("folder/inner", SANDBOX_CHANGE);
	return code_of(open("folder/inner", O_RDWR)) == 0 &&
	    code_of(open("folder/new", O_WRONLY | O_CREAT, 0600)) == EACCES;
}

static int
changing_is_all_of_files(void)
{
	(void)enter("folder", SANDBOX_CHANGE);
	return code_of(open("folder/new", O_RDWR | O_CREAT, 0600)) == 0 &&
	    truncate("folder/new", 0) == 0 && unlink("folder/new") == 0 &&
	    mkdir("folder/one", 0700) == -1 && errno == EACCES &&
	    symlink("x", "folder/link") == -1 && errno == EACCES;
}

static int
what_is_open_stays(void)
{
	int fd = open("file", O_RDONLY);
	char byte;

	(void)enter(NULL, SANDBOX_READ);
	return read(fd, &byte, 1) == 1;
}

static int
children_are_in_it(void)
{
	(void)enter("folder", SANDBOX_READ);
	return in_child(nothing_opens);
}

static int
twice_is_less(void)
{
	(void)enter("folder", SANDBOX_READ);
	(void)enter(".", SANDBOX_CHANGE);
	return code_of(open("folder/inner", O_RDONLY)) == 0 &&
	    code_of(open("folder/inner", O_WRONLY)) == EACCES &&
	    code_of(open("file", O_RDONLY)) == EACCES;
}

static void
make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (write(fd, "x", 1) != 1)
		exit(1);
	(void)close(fd);
}

static void
test_all(void)
{
	ok(in_child(nothing_opens) == 1, "nothing allowed: nothing opens");
	ok(in_child(reading_is_not_writing) == 1, "reading is not writing");
	ok(in_child(a_file_alone) == 1, "a file is not its folder");
	ok(in_child(changing_is_all_of_files) == 1,
	    "changing: files are made and removed, folders are not");
	ok(in_child(what_is_open_stays) == 1, "what is open stays");
	ok(in_child(children_are_in_it) == 1, "a child is in it as well");
	ok(in_child(twice_is_less) == 1, "a second one gives nothing back");
}

int
main(void)
{
	char home[] = "/tmp/tb-sandbox-XXXXXX";

	if (mkdtemp(home) == NULL || chdir(home) != 0)
		return 1;
	make("file");
	(void)mkdir("folder", 0700);
	make("folder/inner");
	if (in_child(is_kept) == 0)
		test_all();
	else
		skip("this kernel has no Landlock");
	(void)unlink("folder/inner");
	(void)rmdir("folder");
	(void)unlink("file");
	(void)rmdir(home);
	return tap_done();
}
