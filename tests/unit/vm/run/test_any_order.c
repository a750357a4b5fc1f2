/* Operations in any order on flows that have everything: after each step the state is consistent
 * (consistency.c), and equal to a replay of the journal and to a restored snapshot (world_check).
 */
#include "tests/unit/vm/run/world.h"

static const char *const FLOWS[] = {
    "pipeline p() {\n  a = undoable(x: 1)\n  b = called() {\n    undo undoable()\n"
    "    after 50ms { work() }\n    every 30ms up to 3 times { check(ok: false) }\n  }\n"
    "  c = undoable(stuck: true)\n  d = check(ok: false)\n}\n",
    "pipeline p() {\n  a = undoable()\n  parallel {\n    { x = work() { undo work() }\n"
    "      y = check(ok: false) }\n    { s = q()\n      z = called() }\n  }\n"
    "  d = undoable_outside()\n  e = check(ok: false)\n}\n"
    "pipeline q() {\n  m = undoable()\n  parallel {\n    n = called()\n"
    "    o = check(ok: false)\n  }\n}\n",
    "pipeline p(n: int = 1) {\n  a = undoable()\n  repeat up to 5 times {\n    s = q() {\n"
    "      every 40ms { called() }\n    }\n    w = work() { retry 1 every 20ms\n timeout 70ms "
    "then skip }\n  } until n > 1\n}\n"
    "pipeline q() {\n  m = undoable_outside()\n  l = work()\n}\n",
    "pipeline p(n: int = 1) {\n  repeat up to 5 times {\n    parallel {\n      { x = undoable()\n"
    "        y = work()\n        b = undoable() }\n      { z = echo()\n        w = work() }\n"
    "    }\n  } until n > 1\n}\n",
};

static const char *const NODES[] = {
    "a",      "b",       "c",         "d",      "e",       "x",     "y",
    "z",      "s",       "w",         "s/m",    "s/n",     "s/o",   "s/l",
    "b_undo", "b_timer", "b_timer_2", "x_undo", "s_timer", "start", "parallel_1"};

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static uint32_t choose(uint64_t *seed, size_t count)
{
    return (uint32_t)(next_random(seed) % count);
}

/* Answers, one way or the other, whatever effect comes first. */
static void answer_any(struct world *world, uint64_t *seed)
{
    while (world->effect_count > 0 && world->effects[0].kind != EFFECT_EXECUTE &&
           world->effects[0].kind != EFFECT_ROLLBACK) {
        effect_release(&world->effects[0]);
        memmove(world->effects, world->effects + 1, --world->effect_count * sizeof *world->effects);
    }
    if (world->effect_count == 0) return;
    world_answer(world, world->effects[0].kind,
                 choose(seed, 3) > 0 ? BAMBOO_SUCCESS : BAMBOO_FAILURE, "{}", "broken");
}

static void operate_any(struct world *world, uint64_t *seed)
{
    static const struct {
        enum opcode operation;
        bool of_node;
        const char *data;
    } operations[] = {
        {OP_PAUSE_RUN, false, NULL},
        {OP_RESUME_RUN, false, NULL},
        {OP_RESUME_RUN, false, NULL},
        {OP_PAUSE_NODE, true, NULL},
        {OP_RESUME_NODE, true, NULL},
        {OP_RETRY_NODE, true, NULL},
        {OP_RETRY_NODE, true, NULL},
        {OP_SKIP_NODE, true, NULL},
        {OP_FAIL_NODE, true, NULL},
        {OP_CALLBACK_NODE, true, "{\"data\": 1}"},
        {OP_CALLBACK_NODE, true, "{\"data\": 1}"},
        {OP_ROLL_BACK, true, NULL},
        {OP_ROLL_BACK, true, NULL},
        {OP_ROLL_BACK, true, "{\"mode\": \"any\"}"},
        {OP_ROLL_BACK, true, "{\"mode\": \"any\", \"skip_token_check\": true}"},
        {OP_RESERVE_ROLLBACK, true, NULL},
        {OP_RESERVE_ROLLBACK, true, "{\"mode\": \"any\", \"skip_token_check\": true}"},
        {OP_CANCEL_ROLLBACK, true, NULL},
    };
    uint32_t i = choose(seed, sizeof operations / sizeof *operations);
    const char *node =
        operations[i].of_node ? NODES[choose(seed, sizeof NODES / sizeof *NODES)] : NULL;
    enum bamboo_status status =
        world_operate(world, operations[i].operation, node, operations[i].data);
    if (status != BAMBOO_OK && status != BAMBOO_E_REFUSED && status != BAMBOO_E_NOT_FOUND)
        fail_msg("%s", world->error.message);
}

static void no_order_of_operations_harms_a_run(void **state)
{
    (void)state;
    for (uint64_t number = 1; number <= 400; number++) {
        uint64_t seed = number * 0x9e3779b97f4a7c15u;
        struct world *world = world_create(FLOWS[number % 4], "{}");
        for (int step = 0; step < 60 && world_state(world) <= RUN_SUSPENDED; step++) {
            uint32_t what = choose(&seed, 10);
            if (what == 0)
                world_crash(world);
            else if (what <= 2)
                world_wait(world, choose(&seed, 60));
            else if (what <= 4)
                answer_any(world, &seed);
            else
                operate_any(world, &seed);
        }
        world_destroy(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_order_of_operations_harms_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
