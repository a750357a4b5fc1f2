/* A simulated world around the product's engine: one clock that only goes on when the simulator
 * says so, engines that share a store, disks that are slow or fail, crashes, and a ledger of what
 * activities really did. Everything comes from one seed. */
#ifndef TESTS_SIMULATE_WORLD_H
#define TESTS_SIMULATE_WORLD_H

#include "base/text.h"
#include "tests/generate/choices.h"
#include "vm/engine/engine.h"
#include "vm/store/store_functions.h"

#define NS_PER_MS       INT64_C(1000000)
#define NS_PER_S        INT64_C(1000000000)
#define ENGINE_COUNT    2
#define RUN_COUNT_MAX   3
#define ENGINE_LEASE_MS 10000 /* what the engines have by themselves */

/* What a seed is to prove. */
enum course {
    COURSE_SAFETY,   /* faults to the end: nothing may happen that must not */
    COURSE_LIVENESS, /* faults up to some point; then every run that can end does */
    COURSE_COUNT
};

/* What may happen, in thousandths of the chances that there are. */
struct faults {
    uint32_t crash;        /* an engine dies between two turns */
    uint32_t pause;        /* an engine stands still for longer than its lease */
    uint32_t lost_commit;  /* a commit fails, and has written nothing */
    uint32_t false_alarm;  /* a commit has succeeded, and its caller is told that it has not */
    uint32_t slow_commit;  /* a commit takes seconds */
    uint32_t failing_read; /* the store cannot be read */
    uint32_t lost_request; /* what somebody asks for does not arrive */
    uint32_t clock_jump;   /* somebody sets the clock of a machine, or of the store */
};

/* What an engine sees of the store: its calls can fail, and those of a dead engine do nothing. */
struct disk {
    struct store store; /* first */
    struct world *world;
    bool is_dead;
    uint64_t numbers[64]; /* under which the engine has joined; of a new life of it none */
    size_t number_count;
};

/* A machine with an engine, now and then. */
struct machine {
    struct disk disk;
    struct engine *engine; /* NULL: it is down */
    int64_t clock_offset_ms;
    int64_t down_until_ms, paused_until_ms;
    int64_t sleeps_until_ns; /* its engine waits for the world; counts in a calm world */
};

/* An activity that was really executed. */
struct deed {
    char run[RUN_ID_SIZE];
    char node[120];
    uint64_t attempt;
    uint64_t hash;
};

/* A control operation that the store has accepted. */
struct request {
    uint64_t mail;
    size_t run;
    char actor[24]; /* of its own: the journal tells which events it has made */
    char what[80];  /* for people */
    int64_t asked_ns;
};

struct simulated_run {
    char id[RUN_ID_SIZE];
    struct linked_program *linked;
    bool is_durable; /* its creation was acknowledged */
    int64_t over_ns; /* when it was seen to be over; 0: not yet */
    /* Liveness: */
    uint64_t sequence; /* of its last event */
    int64_t moved_ns;  /* when that was first seen */
    uint64_t help;     /* the mail by which somebody helps; 0: nobody does */
    int64_t helped_ns; /* when it was sent */
};

struct world {
    uint64_t random; /* the state of the sequence */
    enum course course;
    struct faults faults;
    uint32_t turns;       /* with faults */
    uint32_t runs_wanted; /* that are started in the course of things */
    bool is_calm;         /* liveness: no faults any more */
    int64_t free_ns;      /* since when, and the leases of who has died before have ended */
    int64_t monotonic_ns;
    int64_t look_ns; /* how long a look at the clock takes */
    int64_t store_offset_ms;
    int64_t store_latest_ms; /* what the store's clock has shown at most */
    struct store *store;     /* the real one */
    bool is_sqlite;          /* it is in a file, not in memory */
    struct machine machines[ENGINE_COUNT];
    struct machine *acting; /* whose turn it is */
    struct simulated_run runs[RUN_COUNT_MAX];
    size_t run_count;
    struct deed *deeds;
    size_t deed_count, deed_capacity;
    struct request *requests;
    size_t request_count, request_capacity;
    char broken[1200]; /* the first promise that does not hold */
    char flow[1 << 16];
    /* What stays from one seed to the next: */
    bool is_told;  /* print what happens */
    char path[64]; /* of SQLite's store */
};

/* The world that the host, the disk and the components act in. There is one at a time, since none
 * of their functions has a place for it. */
extern struct world *the_world;

/* A number below `count`, the next of the sequence. */
uint32_t draw(struct world *world, uint32_t count);
/* True in so many of a thousand cases, and never in a calm world. */
bool happens(struct world *world, uint32_t thousandths);
int64_t world_now_ms(const struct world *world);

__attribute__((format(printf, 2, 3))) void world_break(struct world *world, const char *format,
                                                       ...);
__attribute__((format(printf, 2, 3))) void world_tell(const struct world *world, const char *format,
                                                      ...);

/* One seed, from its flows to the end; false if a promise is broken. */
bool world_run(struct world *world, uint64_t seed, enum course course);
void world_release(struct world *world);
/* The files of SQLite's store. */
void world_remove_store(const struct world *world);

/* disk.c */
void disk_init(struct disk *disk, struct world *world);

/* host.c: the machine whose engine is being made or has its turn. */
void host_belongs_to(struct machine *machine);

/* components.c */
extern const struct bamboo_component_set SIMULATED_COMPONENTS;
extern const struct function_set SIMULATED_FUNCTIONS;

/* liveness.c: for a world in which nothing fails any more. */
/* Each run that can go on by itself does, soon; those that wait for people are helped. */
void liveness_look(struct world *world);
/* When a run is seen to move, or is new. */
void liveness_note(struct world *world, struct simulated_run *run, uint64_t sequence);

/* check.c */
/* An activity is about to be executed: may it be? */
void check_deed(struct world *world, const struct bamboo_activity *activity);
/* Writes became durable: were they the owner's? */
void check_commit(struct world *world, const struct disk *disk, const struct store_write *writes,
                  size_t count);
/* The journals replay, from snapshots as well; operations were done once, or not at all. `is_end`:
 * all are answered, and all runs are over. */
void check_all(struct world *world, bool is_end);
/* The run as the store has it; NULL, and broken, if that cannot be. */
struct run *check_load(struct world *world, const struct simulated_run *of);

/* operators.c */
/* Somebody asks for something, sensible or not. */
void operators_ask(struct world *world);
/* Somebody helps a run that waits for people; the mail, or 0 if there is no help. */
uint64_t operators_help(struct world *world, size_t index, const struct run *run);

#endif
