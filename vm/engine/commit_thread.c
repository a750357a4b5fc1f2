#include "vm/engine/commit_thread.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/memory.h"

enum commit_phase {
    COMMIT_IDLE,
    COMMIT_ASKED, /* the thread's */
    COMMIT_DONE,
};

struct commit_thread {
    struct store *store;
    struct host *host;
    pthread_t thread;
    bool has_thread;
    /* With the mutex, `changed` tells that one of these two has changed. They can be read without:
     * the engine looks at the phase after every few nodes. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    atomic_bool quits;
    _Atomic enum commit_phase phase;
    /* These belong to who has the phase. */
    const struct store_write *writes;
    size_t count;
    size_t refused;
    enum bamboo_status status;
    struct bamboo_error error;
};

enum bamboo_status commit_thread_create(struct store *store, struct host *host,
                                        struct commit_thread **out, struct bamboo_error *error)
{
    struct commit_thread *thread = memory_allocate_zeroed(1, sizeof *thread);
    if (!thread) return fail_memory(error);
    thread->store = store;
    thread->host = host;
    pthread_mutex_init(&thread->mutex, NULL);
    pthread_cond_init(&thread->changed, NULL);
    *out = thread;
    return BAMBOO_OK;
}

static void commit(struct commit_thread *thread)
{
    thread->refused = 0;
    thread->status = store_commit(thread->store, thread->writes, thread->count, &thread->refused,
                                  &thread->error);
}

/* Told when the mutex is free again: who is woken wants it at once. */
static void set_phase(struct commit_thread *thread, enum commit_phase phase)
{
    pthread_mutex_lock(&thread->mutex);
    thread->phase = phase;
    pthread_mutex_unlock(&thread->mutex);
    pthread_cond_broadcast(&thread->changed);
}

/* False: there will be no more commits. */
static bool wait_until_asked(struct commit_thread *thread)
{
    pthread_mutex_lock(&thread->mutex);
    while (thread->phase != COMMIT_ASKED && !thread->quits)
        pthread_cond_wait(&thread->changed, &thread->mutex);
    pthread_mutex_unlock(&thread->mutex);
    return !thread->quits;
}

static void wait_until_answered(struct commit_thread *thread)
{
    pthread_mutex_lock(&thread->mutex);
    while (thread->phase == COMMIT_ASKED)
        pthread_cond_wait(&thread->changed, &thread->mutex);
    pthread_mutex_unlock(&thread->mutex);
}

static void *thread_main(void *context)
{
    struct commit_thread *thread = context;
    while (wait_until_asked(thread)) {
        commit(thread);
        set_phase(thread, COMMIT_DONE);
        host_wake(thread->host);
    }
    return NULL;
}

/* Signals are the other threads' business. */
static void make_thread(struct commit_thread *thread)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread->has_thread = pthread_create(&thread->thread, NULL, thread_main, thread) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void commit_thread_start(struct commit_thread *thread, const struct store_write *writes,
                         size_t count, bool at_once)
{
    assert(thread->phase == COMMIT_IDLE);
    thread->writes = writes;
    thread->count = count;
    if (!at_once && !thread->has_thread) make_thread(thread);
    if (at_once || !thread->has_thread) {
        commit(thread);
        thread->phase = COMMIT_DONE;
    } else {
        set_phase(thread, COMMIT_ASKED);
    }
}

bool commit_thread_is_waited_for(const struct commit_thread *thread, bool alone)
{
    (void)thread;
    return alone;
}

bool commit_thread_is_busy(const struct commit_thread *thread)
{
    /* Only this thread makes it idle or ends that, so the other's changes do not matter here. */
    return thread->writes != NULL;
}

bool commit_thread_is_done(struct commit_thread *thread, bool wait)
{
    assert(commit_thread_is_busy(thread));
    if (wait && thread->phase == COMMIT_ASKED) wait_until_answered(thread);
    return thread->phase == COMMIT_DONE;
}

enum bamboo_status commit_thread_result(struct commit_thread *thread, size_t *refused,
                                        struct bamboo_error *error)
{
    assert(thread->phase == COMMIT_DONE);
    thread->phase = COMMIT_IDLE;
    thread->writes = NULL;
    *refused = thread->refused;
    if (thread->status != BAMBOO_OK && error) *error = thread->error;
    return thread->status;
}

void commit_thread_destroy(struct commit_thread *thread)
{
    if (!thread) return;
    if (thread->has_thread) {
        wait_until_answered(thread);
        pthread_mutex_lock(&thread->mutex);
        thread->quits = true;
        pthread_mutex_unlock(&thread->mutex);
        pthread_cond_broadcast(&thread->changed);
        pthread_join(thread->thread, NULL);
    }
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->mutex);
    memory_free(thread);
}
