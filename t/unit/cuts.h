#ifndef CUTS_H
#define CUTS_H

/*
 * cuts: the power fails at any call that something made to the disk, and
 * takes any part of what was not synced; the real store opens what is left.
 * Without TB_CRASH=all a sample of the calls.
 */

#include <sys/stat.h>

#include "aftermath.h"
#include "disk.h"
#include "tap.h"

#define CUTS_SAMPLE 8	/* places of a course */
#define CUTS_IMAGES 10	/* of a place, at most */
#define CUTS_FINDINGS 5 /* that are told in words */

struct course {
	const char *tool, *venue; /* for t/lib/tally.sh */
	const char *what;	  /* that is done */
	void (*run)(void);	  /* over the folder that is watched */
	/* What is wrong with the database at path, cut there; HARM_NONE. */
	enum harm (*judge)(size_t cut, const char *path);
};

static bool
cuts_all(void)
{
	const char *crash = getenv("TB_CRASH");

	return crash != NULL && strcmp(crash, "all") == 0;
}

/* The database's path in the folder of images. */
static const char *
cuts_path(char folder[static 96])
{
	static char path[112];

	snprintf(folder, 96, "%s/cut", fake_dir);
	(void)mkdir(folder, 0700);
	snprintf(path, sizeof(path), "%s/tb.db", folder);
	return path;
}

static size_t
cuts_judge(const struct course *course, size_t harms[static HARMS])
{
	size_t step = cuts_all() ? 1 : disk.count / CUTS_SAMPLE + 1;
	unsigned most = cuts_all() ? CUTS_IMAGES : CUTS_IMAGES / 2;
	size_t images = 0, found = 0;
	char folder[96];
	const char *path = cuts_path(folder);

	for (size_t cut = 0; cut <= disk.count;
	     cut = cut < disk.count && cut + step > disk.count ? disk.count :
								 cut + step)
		for (unsigned lost = disk_images(cut, most); lost-- > 0;) {
			enum harm kind;

			disk_image(cut, lost, folder);
			kind = course->judge(cut, path);
			images++;
			harms[kind]++;
			if (kind != HARM_NONE && found++ < CUTS_FINDINGS)
				printf("# call %zu, loss %u: %s\n", cut, lost,
				    harm_words);
		}
	return images;
}

/* A course, cut everywhere: one test. */
static void
cuts(const struct course *course)
{
	size_t harms[HARMS] = { 0 }, images;

	course->run();
	images = cuts_judge(course, harms);
	ok(images > 10 && harms[HARM_NONE] == images,
	    "%s, the power cut at %zu calls, %zu images", course->what,
	    disk.count, images);
	tally(course->tool, course->venue, "power cut", images, harms);
	disk_forget();
}

#endif /* CUTS_H */
