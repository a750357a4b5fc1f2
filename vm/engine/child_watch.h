/* A descriptor that tells the end of a process. */
#ifndef VM_ENGINE_CHILD_WATCH_H
#define VM_ENGINE_CHILD_WATCH_H

#include <sys/types.h>

/* A descriptor that can be read once the child process has ended: a pidfd, or, where the kernel
 * (or valgrind) has none, the end of a pipe that a thread closes. The caller's; -1 with errno set
 * if there is none. */
int child_watch_open(pid_t pid);

#endif
