// ppoll(2), which Swift's Glibc module leaves out: waits in nanoseconds.
#pragma once
#include <poll.h>

int cp_wait(struct pollfd *descriptors, unsigned long count, long nanoseconds);
