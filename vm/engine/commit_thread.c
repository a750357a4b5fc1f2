#include "vm/engine/commit_thread.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>

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
    /* The mutex guards what is below; `writes` and the result belong to who has the phase. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool quits;
    enum commit_phase phase;
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

static void *thread_main(void *context)
{
    struct commit_thread *thread = context;
    pthread_mutex_lock(&thread->mutex);
    while (!thread->quits) {
        if (thread->phase != COMMIT_ASKED) {
            pthread_cond_wait(&thread->changed, &thread->mutex);
            continue;
        }
        pthread_mutex_unlock(&thread->mutex);
        commit(thread);
        pthread_mutex_lock(&thread->mutex);
        thread->phase = COMMIT_DONE;
        pthread_cond_broadcast(&thread->changed);
        host_wake(thread->host);
    }
    pthread_mutex_unlock(&thread->mutex);
    return NULL;
}

static void set_phase(struct commit_thread *thread, enum commit_phase phase)
{
    pthread_mutex_lock(&thread->mutex);
    thread->phase = phase;
    if (phase == COMMIT_ASKED) pthread_cond_broadcast(&thread->changed);
    pthread_mutex_unlock(&thread->mutex);
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
        set_phase(thread, COMMIT_DONE);
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
    pthread_mutex_lock(&thread->mutex);
    while (wait && thread->phase != COMMIT_DONE)
        pthread_cond_wait(&thread->changed, &thread->mutex);
    bool done = thread->phase == COMMIT_DONE;
    pthread_mutex_unlock(&thread->mutex);
    return done;
}

enum bamboo_status commit_thread_result(struct commit_thread *thread, size_t *refused,
                                        struct bamboo_error *error)
{
    assert(thread->phase == COMMIT_DONE);
    set_phase(thread, COMMIT_IDLE);
    thread->writes = NULL;
    *refused = thread->refused;
    if (thread->status != BAMBOO_OK && error) *error = thread->error;
    return thread->status;
}

void commit_thread_destroy(struct commit_thread *thread)
{
    if (!thread) return;
    if (thread->has_thread) {
        pthread_mutex_lock(&thread->mutex);
        while (thread->phase == COMMIT_ASKED)
            pthread_cond_wait(&thread->changed, &thread->mutex);
        thread->quits = true;
        pthread_cond_broadcast(&thread->changed);
        pthread_mutex_unlock(&thread->mutex);
        pthread_join(thread->thread, NULL);
    }
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->mutex);
    memory_free(thread);
}
