// Starting a process with what posix_spawn offers only as GNU extensions, which Swift's Glibc module leaves out.
#pragma once
#include <sys/types.h>

/// Starts `program` in a session of its own, with empty signal mask and default dispositions, /dev/null as input and,
/// of our descriptors, only the two given, as its outputs; in `folder`, or where we are when that is null. Returns 0 or
/// an errno.
int cs_spawn(
    pid_t *child, const char *program, char *const argv[], char *const envp[], const char *folder, int output,
    int error_output);

/// pipe2(2) with O_CLOEXEC. Returns 0 or -1 with errno.
int cs_pipe(int ends[2]);
