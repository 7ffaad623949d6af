// Giving way while computing, which takes a timer for one thread and its signal handler: neither can be had in Swift.
#pragma once

/// From now on the calling thread calls sched_yield(2) every 200 µs. May not be nested. Uses SIGALRM of this thread, and
/// sets the slice of the processor's time that it takes at once. Without a free timer nothing happens.
void cy_begin(void);

/// Ends what `cy_begin` began. Returns how often the thread gave way.
int cy_end(void);
