#define _GNU_SOURCE
#include <sys/socket.h>

#include "CLinux.h"

int cl_accept(int listener, void *address, uint32_t *length) {
    return accept4(listener, (struct sockaddr *)address, (socklen_t *)length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
