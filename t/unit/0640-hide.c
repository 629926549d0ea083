/* hide: what a line that goes out does not tell. */

#include "coinbase/hide.h"

#include "tap.h"

static void
hides(const char *line, const char *expected, const char *what)
{
	static const struct key key = { .name = "organizations/o/apiKeys/k" };
	char text[512];

	snprintf(text, sizeof(text), "%s", line);
	hide_secrets(&key, text, strlen(text));
	is(text, expected, what);
}

int
main(void)
{
	char text[] = "organizations/o/apiKeys/k eyJh.eyJz.s-_x!";

	hides("{\"a\":\"no such key organizations/o/apiKeys/k!\"}",
	    "{\"a\":\"no such key *************************!\"}", "the name");
	hides("organizations/o/apiKeys/", "organizations/o/apiKeys/",
	    "not a part of it");
	hides("\"Bearer eyJhbGci.eyJzdWIi.MEUC_-0\"",
	    "\"Bearer *************************\"", "a token");
	hides("eyJhbGci.eyJ", "************", "a token that is cut");
	hides("\"cursor\":\"eyJhbGciOiJF\"", "\"cursor\":\"eyJhbGciOiJF\"",
	    "a cursor that is JSON in base64 stays");
	hides("\"eyJhbGci.1\"", "\"eyJhbGci.1\"", "so does a dot behind it");
	hides("\"-----BEGIN EC PRIVATE KEY-----\\nMHcC+/0=\\n\"",
	    "\"******************************************\"", "a PEM");
	hides("\"-----BEGIN X\\\"\"", "\"************\\\"\"",
	    "what is escaped behind it stays escaped");
	hides("", "", "nothing");
	hides("eyJ", "eyJ", "what ends too soon");
	hide_secrets(NULL, text, strlen(text));
	is(text, "organizations/o/apiKeys/k **************!",
	    "without a key only tokens");
	return tap_done();
}
