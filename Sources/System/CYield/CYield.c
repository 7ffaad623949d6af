#define _GNU_SOURCE
#include "CYield.h"

#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id // An older glibc has no name for it.
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum { INTERVAL = 200 * 1000 /* ns */ };

// sched_setattr(2): the part that all kernels know. glibc before 2.41 has neither this nor the two calls.
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

static _Thread_local timer_t timer;
static _Thread_local int is_running;
static _Thread_local volatile sig_atomic_t turns;

static void give_way(int signal)
{
    (void)signal;
    turns += 1;
    sched_yield();
}

static void take_signal(void)
{
    struct sigaction action = {.sa_handler = give_way, .sa_flags = SA_RESTART};
    sigset_t alarm;
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
}

// On Linux 6.18 a thread that yields forgoes the rest of its slice. With the kernel's own, of some milliseconds, it
// would get next to nothing on a full machine. 0 is the kernel's own; kernels before 6.12 know no other.
static void set_slice(uint64_t nanoseconds)
{
    struct attributes attributes = {.size = sizeof attributes};
    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0)) return;
    attributes.runtime = nanoseconds;
    syscall(SYS_sched_setattr, 0, &attributes, 0);
}

void cy_begin(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM};
    const struct itimerspec often = {{0, INTERVAL}, {0, INTERVAL}};
    event.sigev_notify_thread_id = gettid();
    turns = 0;
    is_running = timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
    if (!is_running) return;
    take_signal();
    set_slice(INTERVAL);
    timer_settime(timer, 0, &often, NULL);
}

int cy_end(void)
{
    if (!is_running) return 0;
    timer_delete(timer);
    is_running = 0;
    set_slice(0);
    return turns;
}
