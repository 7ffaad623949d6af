// Starting a process with what posix_spawn offers only as GNU extensions, and two kin of it, which Swift's Glibc module
// leaves out.
#pragma once
#include <sys/types.h>

/// Starts `program` in a session of its own, with empty signal mask and default dispositions and, of our descriptors, only
/// those given, as its input (/dev/null when that is negative) and outputs; in `folder`, or where we are when that is
/// null. Returns 0 or an errno.
int cs_spawn(
    pid_t *child, const char *program, char *const argv[], char *const envp[], const char *folder, int input,
    int output, int error_output);

/// pipe2(2) with O_CLOEXEC. Returns 0 or -1 with errno.
int cs_pipe(int ends[2]);

/// memfd_create(2): an empty file that goes with its last descriptor. Returns a descriptor, or -1 with errno.
int cs_memory_file(void);

/// setns(2) with CLONE_NEWNET, for the calling thread only. Returns 0 or -1 with errno.
int cs_enter_network(int network);
