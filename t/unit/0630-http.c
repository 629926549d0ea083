/* http: which URLs are spoken to, and on which port. */

#include "coinbase/http.h"

#include "tap.h"

int
main(void)
{
	static const struct {
		const char *url;
		int port;
	} cases[] = {
		{ "https://api.coinbase.com", 443 },
		{ "https://api.coinbase.com/", 443 },
		{ "https://api.coinbase.com/api/v3:8443", 443 },
		{ "https://localhost:8443", 8443 },
		{ "https://localhost:8443/api", 8443 },
		{ "https://[::1]:65535/", 65535 },
		{ "https://[::1]", 443 },
		{ "https://[2001:db8::443]/", 443 },
		{ "https://10.0.0.1/9", 443 },
		{ "http://127.0.0.1", 80 },
		{ "http://127.0.0.1:1", 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(http_port(cases[i].url), cases[i].port, cases[i].url);
	return tap_done();
}
