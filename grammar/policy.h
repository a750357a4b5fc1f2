/* The policies behind a call, gathered one by one in any order. */
#ifndef GRAMMAR_POLICY_H
#define GRAMMAR_POLICY_H

#include "grammar/ast_build.h"
#include "grammar/parser.h"

/* How a retry waits; zeroed is not at all. */
struct retry_delay {
    int64_t first_ms, longest_ms;
    bool backs_off;
};

struct ast_policies *policies_none(struct parser *parser);

/* Each reports a policy that was given before. */
void policies_timeout(struct parser *parser, struct ast_policies *policies, struct span span,
                      struct span duration, bool skips);
void policies_retry(struct parser *parser, struct ast_policies *policies, struct span span,
                    struct span count, struct retry_delay delay, struct ast_name pattern);
/* `block` NULL: ignore. */
void policies_on_fail(struct parser *parser, struct ast_policies *policies, struct span span,
                      struct ast_block *block);
void policies_title(struct parser *parser, struct ast_policies *policies, struct span span,
                    const struct ast_expression *text);
void policies_once(struct parser *parser, struct ast_policies *policies, struct span span);
void policies_no_retry(struct parser *parser, struct ast_policies *policies, struct span span);
void policies_no_skip(struct parser *parser, struct ast_policies *policies, struct span span);

/* every D, and backoff D max D (size 0: no max). */
struct retry_delay policy_every(struct parser *parser, struct span duration);
struct retry_delay policy_backoff(struct parser *parser, struct span first, struct span longest);

/* loop N, and what stands behind it. */
void policies_loop(struct parser *parser, struct ast_policies *policies, struct span span,
                   struct span count);
void policies_loop_into(struct parser *parser, struct ast_policies *policies, struct span name);
void policies_loop_fail_skip(struct ast_policies *policies);
void policies_loop_no_retry(struct ast_policies *policies);
void policies_loop_no_skip(struct ast_policies *policies);

/* undo component(...): reports what is no call. */
void policies_undo(struct parser *parser, struct ast_policies *policies, struct span span,
                   struct ast_expression *call);

/* at TIME { }, after DURATION { }, every DURATION [up to N times] { }. */
void policies_at(struct parser *parser, struct ast_policies *policies, struct span span,
                 struct span time, struct ast_block *block);
void policies_after(struct parser *parser, struct ast_policies *policies, struct span span,
                    struct span duration, struct ast_block *block);
void policies_every(struct parser *parser, struct ast_policies *policies, struct span span,
                    struct span duration, struct repeat_bound bound, struct ast_block *block);

#endif
