#include <spawn.h>

/* In glibc since 2.29, but declared only where _GNU_SOURCE is defined, which Swift does not do when it reads the system's headers. */
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *__restrict actions, const char *__restrict path);
