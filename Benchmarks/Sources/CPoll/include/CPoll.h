// What Swift's Glibc module leaves out.
#pragma once
#include <poll.h>

/// ppoll(2): waits in nanoseconds.
int cp_wait(struct pollfd *descriptors, unsigned long count, long nanoseconds);

/// Lets everything else on the machine go before the calling thread (SCHED_IDLE, sched(7)). Returns 0 or -1 with errno.
int cp_yield_to_all(void);
