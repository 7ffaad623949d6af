#define _GNU_SOURCE
#include "CSpawn.h"

#include <fcntl.h>
#include <signal.h>
#include <sched.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>

static int add_actions(
    posix_spawn_file_actions_t *actions, const char *folder, int input, int output, int error_output)
{
    int code = folder ? posix_spawn_file_actions_addchdir_np(actions, folder) : 0;
    if (!code && input < 0) code = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!code && input >= 0) code = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    if (!code) code = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (!code) code = posix_spawn_file_actions_adddup2(actions, error_output, STDERR_FILENO);
    if (!code) code = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    return code;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (!code) code = posix_spawnattr_setsigdefault(attributes, &all);
    if (!code)
        code = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    return code;
}

int cs_spawn(
    pid_t *child, const char *program, char *const argv[], char *const envp[], const char *folder, int input,
    int output, int error_output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);
    if (code) return code;
    code = posix_spawnattr_init(&attributes);
    if (!code) {
        code = add_actions(&actions, folder, input, output, error_output);
        if (!code) code = set_attributes(&attributes);
        if (!code) code = posix_spawn(child, program, &actions, &attributes, argv, envp);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int cs_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int cs_memory_file(void) { return memfd_create("input", MFD_CLOEXEC); }

int cs_enter_network(int network) { return setns(network, CLONE_NEWNET); }
