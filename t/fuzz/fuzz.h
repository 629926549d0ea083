#ifndef FUZZ_H
#define FUZZ_H

/*
 * fuzz: what every target of t/fuzz is: a function of any bytes that must
 * come back, and asserts what has to hold of them.  make fuzz links it with
 * libFuzzer; make check with replay.c, which runs the corpus through it.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* FUZZ_H */
