// Linux interfaces that Swift's Glibc module leaves out: epoll, eventfd, timerfd, signalfd, accept4, openat2.
// Must not define _GNU_SOURCE (it changes the layout the Glibc module has already seen); the .c file does.
#pragma once
#include <stdint.h>
#include <sys/types.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

/// accept4(2) with SOCK_NONBLOCK | SOCK_CLOEXEC; the peer's address is written to `address` (at most `*length` bytes).
int cl_accept(int listener, void *address, uint32_t *length);

/// Has the kernel drop every packet for the socket from now on (SO_ATTACH_FILTER): a listening socket takes no more
/// connections, and those that wait in it can still be accepted.
int cl_drop_packets(int socket);

/// mkostemp(3) with O_CLOEXEC: replaces the six X at the template's end, creates the file and opens it.
int cl_temporary_file(char *template_);

/// openat2(2) for reading with RESOLVE_BENEATH: no `..`, absolute path or symbolic link leads out of `directory`.
int cl_open_beneath(int directory, const char *path);

/// pthread_setname_np(3) for the calling thread; at most 15 bytes.
void cl_name_thread(const char *name);
