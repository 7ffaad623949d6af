// Every run of a test program has a folder for temporary files of its own: made before anything else happens, removed
// with all that lies in it when the program ends. Whoever asks for the temporary folder gets it, the tests, what they
// test, and the programs they start, so that nobody has to tidy up.
#define _GNU_SOURCE
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CTestFolder.h"

// Short, because the path of a Unix socket holds at most 107 bytes.
static char folder[] = "/tmp/t-XXXXXX";
static pid_t owner;

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status, (void)type, (void)walk;
    remove(path);
    return 0;
}

static void remove_folder(void) {
    if (getpid() == owner) nftw(folder, remove_entry, 32, FTW_DEPTH | FTW_PHYS);
}

__attribute__((constructor)) static void make_folder(void) {
    if (!mkdtemp(folder)) return;
    // As /tmp itself: programs that give up root's rights use it too.
    chmod(folder, 01777);
    setenv("TMPDIR", folder, 1);
    owner = getpid();
    atexit(remove_folder);
}
