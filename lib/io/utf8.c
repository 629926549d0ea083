#include "io/utf8.h"

/* The bounds of the second byte, which alone depends on the first. */
static bool
second_is_valid(unsigned char lead, unsigned char second)
{
	switch (lead) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf; /* overlong below */
	case 0xed:
		return second >= 0x80 && second <= 0x9f; /* surrogates */
	case 0xf0:
		return second >= 0x90 && second <= 0xbf; /* overlong below */
	case 0xf4:
		return second >= 0x80 && second <= 0x8f; /* U+10FFFF */
	default:
		return second >= 0x80 && second <= 0xbf;
	}
}

/* Bytes of the character that lead begins; 0: it begins none. */
static size_t
length_of(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 4;
	return 0;
}

size_t
utf8_decode(const char *s, size_t len, uint32_t *out)
{
	static const unsigned char lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	unsigned char lead = (unsigned char)s[0];
	size_t n = length_of(lead);
	uint32_t c;

	if (n == 0 || n > len)
		return 0;
	if (n > 1 && !second_is_valid(lead, (unsigned char)s[1]))
		return 0;
	c = lead & lead_bits[n];
	for (size_t i = 1; i < n; i++) {
		unsigned char byte = (unsigned char)s[i];

		if ((byte & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (byte & 0x3f);
	}
	*out = c;
	return n;
}

size_t
utf8_encode(uint32_t c, char out[static UTF8_BYTES_MAX])
{
	static const unsigned char lead_mark[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (char)(lead_mark[n] | c);
	return n;
}

bool
utf8_is_hazard(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c ||
	    c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

struct range {
	uint32_t first, last;
};

static bool
is_in(const struct range *ranges, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

int
utf8_columns(uint32_t c)
{
	/* Marks that stand upon the character before them. */
	static const struct range none[] = { { 0x0300, 0x036f },
		{ 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x064b, 0x065f },
		{ 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200d },
		{ 0x2060, 0x2060 }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f },
		{ 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef } };
	/* East Asian wide and full width, and what shows as an emoji. */
	static const struct range two[] = { { 0x1100, 0x115f },
		{ 0x231a, 0x231b }, { 0x23e9, 0x23ec }, { 0x2e80, 0x303e },
		{ 0x3041, 0x33ff }, { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff },
		{ 0xa000, 0xa4cf }, { 0xa960, 0xa97c }, { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 },
		{ 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff },
		{ 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd } };

	if (c < 0x300)
		return 1;
	if (is_in(none, sizeof(none) / sizeof(none[0]), c))
		return 0;
	return is_in(two, sizeof(two) / sizeof(two[0]), c) ? 2 : 1;
}
