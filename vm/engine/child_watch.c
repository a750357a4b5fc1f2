#include "vm/engine/child_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

struct waiter {
    pid_t pid;
    int end; /* closed when the process has ended */
};

/* Leaves the process to be waited for by its owner. If the owner was faster, that ends it too. */
static void *wait_and_close(void *context)
{
    struct waiter *waiter = context;
    siginfo_t about;
    while (waitid(P_PID, (id_t)waiter->pid, &about, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    close(waiter->end);
    memory_free(waiter);
    return NULL;
}

static int open_by_thread(pid_t pid)
{
    int ends[2];
    pthread_t thread;
    struct waiter *waiter = memory_allocate(sizeof *waiter);
    if (!waiter || pipe2(ends, O_CLOEXEC) != 0) {
        memory_free(waiter);
        return -1;
    }
    *waiter = (struct waiter){pid, ends[1]};
    int number = pthread_create(&thread, NULL, wait_and_close, waiter);
    if (number == 0) {
        pthread_detach(thread);
        return ends[0];
    }
    close(ends[0]);
    close(ends[1]);
    memory_free(waiter);
    errno = number;
    return -1;
}

int child_watch_open(pid_t pid)
{
    int descriptor = pidfd_open(pid, 0);
    return descriptor < 0 && errno == ENOSYS ? open_by_thread(pid) : descriptor;
}
