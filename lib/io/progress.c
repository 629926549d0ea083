#include "io/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"

#define REDRAW_MS 100
#define LINE_BYTES 160
#define ERASE "\r\033[K"

void
progress_begin(struct progress *p, int fd, const char *what, bool quiet)
{
	*p = (struct progress){ .fd = -1, .what = what };
	if (quiet || fd < 0 || !isatty(fd))
		return;
	p->fd = fd;
	p->started_ms = instant_boot_ms();
}

/* A terminal that does not take it misses nothing that counts. */
static void
draw(const struct progress *p, const char *line)
{
	ssize_t n = write(p->fd, line, strlen(line));

	(void)n;
}

static int
percent_of(uint64_t done, uint64_t total)
{
	bool is_small = done <= UINT64_MAX / 100;

	return (int)(is_small ? done * 100 / total : done / (total / 100));
}

void
progress_show(struct progress *p, uint64_t done, uint64_t total,
    const char *unit)
{
	char line[LINE_BYTES];
	int64_t now_ms, elapsed_ms;

	if (p->fd < 0)
		return;
	now_ms = instant_boot_ms();
	if (p->visible && now_ms - p->drawn_ms < REDRAW_MS)
		return;
	elapsed_ms = now_ms - p->started_ms;
	if (total > 0 && done <= total)
		snprintf(line, sizeof(line),
		    ERASE "%s: %d%%, %" PRIu64 " %s, %" PRId64 " s", p->what,
		    percent_of(done, total), done, unit, elapsed_ms / 1000);
	else
		snprintf(line, sizeof(line),
		    ERASE "%s: %" PRIu64 " %s, %" PRId64 " s", p->what, done,
		    unit, elapsed_ms / 1000);
	draw(p, line);
	p->visible = true;
	p->drawn_ms = now_ms;
}

void
progress_end(struct progress *p)
{
	if (p->visible)
		draw(p, ERASE);
	p->visible = false;
	p->fd = -1;
}
