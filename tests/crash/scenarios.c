#include "tests/crash/scenarios.h"

const struct scenario SCENARIOS[] = {
    {.name = "a chain of effects and data",
     .flow = "pipeline p() -> total {\n  n = 1\n  a = mark(key: \"a\")\n  log(\"n is ${n}\")\n"
             "  b = mark(key: \"b\")\n  n = n + 1\n  noop()\n  total = n\n}\n"},
    {.name = "branches and a join",
     .flow = "pipeline p() {\n  mark(key: \"a\")\n  parallel {\n    { mark(key: "
             "\"b\")\n      mark(key: \"c\") }\n"
             "    { mark(key: \"d\") }\n    { }\n  }\n  mark(key: \"e\")\n}\n"},
    {.name = "conditions",
     .flow =
         "pipeline p() -> way {\n  n = 2\n  exclusive {\n    when n == 1 { way = \"one\" }\n"
         "    when n == 2 { mark(key: \"a\")\n      way = \"two\" }\n    default { way = \"none\" "
         "}\n  "
         "}\n"
         "  inclusive {\n    when n > 1 { mark(key: \"b\") }\n    when n > 0 { mark(key: \"c\") }\n"
         "    default { mark(key: \"d\") }\n  }\n  if n > 5 { mark(key: \"e\") } else { mark(key: "
         "\"f\") }\n}\n"},
    {.name = "subprocesses",
     .flow =
         "pipeline p() -> out {\n  mark(key: \"a\")\n  one = inner(n: 1)\n  two = inner(n: 2)\n"
         "  out = one.m + two.m\n}\n"
         "pipeline inner(n: int) -> m {\n  mark(key: \"b\")\n  x = deep(n: n)\n  m = x.k * 10\n}\n"
         "pipeline deep(n: int) -> k {\n  mark(key: \"c\")\n  k = n + 1\n}\n",
     .repeats = true},
    {.name = "a loop",
     .flow = "pipeline p() -> n {\n  n = 0\n  repeat up to 4 times {\n    mark(key: \"a\")\n    n "
             "= n + 1\n"
             "  } until n >= 3\n  mark(key: \"b\")\n}\n",
     .repeats = true},
    {.name = "an early end",
     .flow = "pipeline p() -> why {\n  why = \"stopped\"\n  mark(key: \"a\")\n  if true { end }\n"
             "  why = \"not\"\n}\n"},
    {.name = "a failed node is retried with other inputs",
     .flow = "pipeline p() {\n  mark(key: \"a\")\n  b = mark(key: \"b\", ok: false)\n  mark(key: "
             "\"c\")\n}\n",
     .steps = {{"retry", "b", "{\"ok\": true}"}}},
    {.name = "a failed node is skipped",
     .flow = "pipeline p() {\n  b = mark(key: \"b\", ok: false)\n  mark(key: \"c\")\n}\n",
     .steps = {{"skip", "b", NULL}}},
    {.name = "automatic retries and an ignored failure",
     .flow =
         "pipeline p() {\n  b = mark(key: \"b\", ok: false) {\n    retry 2 every 2ms\n    on fail "
         "ignore\n"
         "  }\n  mark(key: \"c\")\n}\n"},
    {.name = "a handler of failures",
     .flow = "pipeline p() {\n  b = mark(key: \"b\", ok: false) {\n    on fail { mark(key: \"d\") "
             "}\n  }\n"
             "  mark(key: \"c\")\n}\n"},
    {.name = "a gateway without a way",
     .flow =
         "pipeline p() {\n  n = 3\n  exclusive pick {\n    when n == 1 { a = mark(key: \"a\") }\n"
         "    when n == 2 { b = mark(key: \"b\") }\n  }\n  mark(key: \"c\")\n}\n",
     .steps = {{"skip_exclusive", "pick", "{\"to\": \"b\"}"}}},
    {.name = "a callback",
     .flow = "pipeline p() -> got {\n  a = callback()\n  mark(key: \"b\")\n  got = a.data\n}\n",
     .steps = {{"callback", "a", "{\"data\": 7}"}}},
    {.name = "several callbacks",
     .flow = "pipeline p() -> got {\n  a = multi_callback(2)\n  got = a.data\n}\n",
     .steps = {{"callback", "a", "{\"data\": 1}"}, {"callback", "a", "{\"data\": 2}"}},
     .repeats = true},
    {.name = "a timeout",
     .flow = "pipeline p() {\n  a = callback() { timeout 5ms then skip }\n  mark(key: \"b\")\n}\n"},
    {.name = "timers beside a node",
     .flow = "pipeline p() {\n  a = callback() {\n    after 2ms { mark(key: \"t\") }\n"
             "    every 3ms up to 2 times { mark(key: \"e\") }\n  }\n  mark(key: \"b\")\n}\n",
     .steps = {{"callback", "a", NULL}},
     .repeats = true},
    {.name = "sleeping", .flow = "pipeline p() {\n  sleep(5ms)\n  mark(key: \"b\")\n}\n"},
    {.name = "a poll",
     .flow = "pipeline p() {\n  a = ask(key: \"a\", times: 3)\n  mark(key: \"b\")\n}\n"},
    {.name = "a forced failure",
     .flow = "pipeline p() {\n  a = callback()\n  mark(key: \"b\")\n}\n",
     .steps = {{"fail", "a", NULL}, {"skip", "a", NULL}}},
    {.name = "a paused run",
     .flow = "pipeline p() {\n  a = callback()\n  mark(key: \"b\")\n}\n",
     .steps = {{"pause", NULL, NULL}, {"callback", "a", NULL}, {"resume", NULL, NULL}}},
    {.name = "a paused node",
     .flow = "pipeline p() {\n  a = callback()\n  b = mark(key: \"b\")\n}\n",
     .steps = {{"pause", "b", NULL}, {"callback", "a", NULL}, {"resume", "b", NULL}}},
    {.name = "a flow that pauses itself",
     .flow = "pipeline p() {\n  mark(key: \"a\")\n  pause \"look\"\n  mark(key: \"b\")\n}\n",
     .steps = {{"resume", NULL, NULL}}},
    {.name = "revoked",
     .flow = "pipeline p() {\n  mark(key: \"a\")\n  b = callback()\n}\n",
     .steps = {{"revoke", NULL, NULL}}},
    {.name = "back along the way of the token",
     .flow = "pipeline p() {\n  a = mark(key: \"a\") { undo mark(key: \"u\") }\n  b = mark(key: "
             "\"b\")\n"
             "  c = callback()\n}\n",
     .steps = {{"rollback", "a", NULL}, {"callback", "c", NULL}},
     .repeats = true},
    {.name = "a jump back",
     .flow = "pipeline p() {\n  a = mark(key: \"a\")\n  b = mark(key: \"b\", ok: false)\n}\n",
     .steps = {{"rollback", "a", "{\"mode\": \"any\"}"}, {"skip", "b", NULL}},
     .repeats = true},
    {.name = "a reserved rollback",
     .flow = "pipeline p() {\n  a = mark(key: \"a\")\n  b = callback()\n  c = callback()\n}\n",
     .steps = {{"reserve_rollback", "a", "{\"from\": \"b\"}"},
               {"cancel_rollback", "a", NULL},
               {"callback", "b", NULL},
               {"callback", "c", NULL}},
     .repeats = true},
    {.name = "once",
     .flow = "pipeline p() {\n  a = mark(key: \"A\") { once }\n  b = mark(key: \"b\")\n}\n"},
    {.name = "processes",
     .flow = "pipeline p() -> text {\n  a = shell(\"echo one\")\n  parallel {\n    { b = "
             "shell(\"echo two\") }\n"
             "    { c = shell(\"echo three >&2; exit 1\") { on fail ignore } }\n  }\n"
             "  text = a.stdout + b.stdout\n}\n"},
    {.name = "snapshots",
     .flow = "pipeline p() {\n  a = large(key: \"a\")\n  b = large(key: \"b\")\n  c = callback()\n"
             "  d = large(key: \"d\")\n  e = large(key: \"e\")\n  mark(key: \"f\")\n}\n",
     .steps = {{"callback", "c", NULL}}},
    {.name = "removed by gc",
     .flow = "pipeline p() {\n  a = large(key: \"a\")\n  b = shell(\"echo out\")\n  c = "
             "callback()\n}\n",
     .steps = {{"callback", "c", NULL}, {"gc", NULL, NULL}},
     .repeats = true},
    {.name = "an inclusive gateway without a way",
     .flow =
         "pipeline p() {\n  n = 3\n  inclusive pick {\n    when n == 1 { a = mark(key: \"a\") }\n"
         "    when n == 2 { b = mark(key: \"b\") }\n  }\n  mark(key: \"c\")\n}\n",
     .steps = {{"skip_inclusive", "pick", "{\"to\": [\"a\", \"b\"]}"}}},
    {.name = "a subprocess whose parameters fail",
     .flow =
         "pipeline p() {\n  mark(key: \"a\")\n  s = inner(n: int(\"x\"))\n  mark(key: \"b\")\n}\n"
         "pipeline inner(n: int) -> m {\n  m = n\n}\n",
     .steps = {{"retry_subprocess", "s", NULL}, {"skip", "s", NULL}}},
    {.name = "a paused subprocess",
     .flow = "pipeline p() {\n  s = inner()\n  mark(key: \"b\")\n}\n"
             "pipeline inner() {\n  a = callback()\n  m = mark(key: \"a\")\n}\n",
     .steps = {{"pause", "s/m", NULL}, {"callback", "s/a", NULL}, {"resume", "s/m", NULL}}},
    {.name = "a process with input",
     .flow = "pipeline p() -> text {\n  a = exec(\"cat\", stdin: \"text\", cwd: \"/\")\n"
             "  text = a.stdout\n}\n"},
    {.name = "a process that takes too long",
     .flow = "pipeline p() {\n  a = shell(\"sleep 0.5\") { timeout 20ms then skip }\n"
             "  mark(key: \"b\")\n}\n"},
    {.name = "looked after",
     .flow = "pipeline p() -> n {\n  parallel {\n    { mark(key: \"a\") }\n    { x = inner(k: 2) "
             "}\n  }\n"
             "  c = callback()\n  n = x.i + c.data\n}\n"
             "pipeline inner(k: int) -> i {\n  i = k\n  repeat up to 9 times { i = i + 1 } until i "
             "> 4\n}\n",
     .steps = {{"fsck", NULL, NULL},
               {"convert", NULL, NULL},
               {"artifact", NULL, NULL},
               {"callback", "c", "{\"data\": 1}"},
               {"fsck", NULL, NULL}},
     .repeats = true},
};
const size_t SCENARIO_COUNT = sizeof SCENARIOS / sizeof *SCENARIOS;
