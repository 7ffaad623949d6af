#define _GNU_SOURCE
#include "CPoll.h"

int cp_wait(struct pollfd *descriptors, unsigned long count, long nanoseconds) {
    struct timespec timeout = {.tv_sec = 0, .tv_nsec = nanoseconds};
    return ppoll(descriptors, count, &timeout, 0);
}
