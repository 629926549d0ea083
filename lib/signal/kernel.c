#include "signal/kernel.h"

#define FORGET 1e-6 /* of an indicator's range: what a warm-up leaves */

/* An alpha of 1 forgets at once, but a change takes two candles. */
#define WARM_UP_MIN 4

double
ring_sum(const struct ring *r)
{
	double sum = 0;

	for (int i = r->at; i < r->n; i++)
		sum += r->v[i];
	for (int i = 0; i < r->at; i++)
		sum += r->v[i];
	return sum;
}

void
extreme_push(struct extreme *e, double x)
{
	ring_push(&e->ring, x);
	e->age++;
	if (x >= e->best) {
		e->best = x;
		e->age = 0;
		return;
	}
	if (e->age < e->ring.n)
		return;
	e->best = x;
	e->age = 0;
	for (int age = 1; age < e->ring.n; age++)
		if (ring_get(&e->ring, age) > e->best) {
			e->best = ring_get(&e->ring, age);
			e->age = age;
		}
}

int
warm_up_of(int n, double alpha)
{
	int candles = n + (int)ceil(log(FORGET) / log1p(-alpha));

	return candles < WARM_UP_MIN ? WARM_UP_MIN : candles;
}
