#define _GNU_SOURCE
#include "CPoll.h"

#include <sched.h>

int cp_wait(struct pollfd *descriptors, unsigned long count, long nanoseconds) {
    struct timespec timeout = {.tv_sec = 0, .tv_nsec = nanoseconds};
    return ppoll(descriptors, count, &timeout, 0);
}

int cp_yield_to_all(void) {
    // 0 is the calling thread.
    return sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
}
