/* The state of one parse, shared by the files of this room only. Failure is sticky: when memory is
 * out or the source is nested too deeply, `stopped` is set, the tokens end, and nothing more is
 * reported. */
#ifndef GRAMMAR_PARSER_H
#define GRAMMAR_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/limits.h"
#include "grammar/ast.h"
#include "grammar/scanner.h"

struct token {
    int kind; /* of flow.y */
    struct span span;
};

enum frame_kind {
    FRAME_BLOCK,   /* { } around statements, policies or cases: lines count */
    FRAME_MAP,     /* { } of a map literal */
    FRAME_PAREN,   /* ( ) */
    FRAME_BRACKET, /* [ ] */
    FRAME_SPLICE,  /* ${ } in a text */
    FRAME_TEXT     /* between quotes, or a whole template */
};

/* Something that was opened and is to be closed. */
struct frame {
    enum frame_kind kind;
    enum scan_mode mode; /* FRAME_TEXT */
    bool has_separators; /* FRAME_BLOCK: a ';' ends a line in it */
    struct span span;    /* what opened it */
    unsigned pending;    /* operators that waited when it was opened */
};

#define LAYOUT_NOWHERE SIZE_MAX

struct layout {
    struct scanner scanner;
    void *handle; /* flex's */
    char *buffer; /* flex's copy of the source */
    int first;    /* the token that says what is parsed, until it is given */
    bool is_file; /* lines and blocks count */
    struct frame frames[SOURCE_DEPTH_MAX];
    size_t count;
    struct token held; /* read, but something may have to come before it */
    bool is_held;
    bool starts_line;      /* a line ended before the held token */
    bool line_ended;       /* and the grammar has not been told */
    bool is_virtual;       /* the last token closes what the source left open */
    bool is_broken;        /* a text or character was: say nothing more up to the end of the line */
    bool missing_told;     /* that a } is missing before the held token */
    bool closed_block;     /* the last } closed a block */
    struct token previous; /* the last token that was given */
    struct token before;   /* and the one before it */
    size_t unwind_to;      /* close all frames from here on, or LAYOUT_NOWHERE */
    size_t skip_to;        /* give no token until so few frames are left, or LAYOUT_NOWHERE */
    unsigned pending;      /* prefix operators and `else` that wait for their operand */
};

/* A call whose arguments have names: right only if the call stands alone on its right-hand side,
 * which is known when its statement ends. */
struct named_call {
    struct ast_expression *call;
    struct span name; /* the first one */
    struct named_call *next;
};

/* Lists that grow at their end: struct expression_list, ... */
#define LIST(name) \
    struct name##_list { \
        struct ast_##name *first, *last; \
        size_t count; \
    };
#include "grammar/ast_lists.def"
#undef LIST

#define PARSER_SCRATCH_SIZE 512

struct parser {
    struct diagnostics *diagnostics;
    uint32_t source;
    const struct source *text;
    struct arena *arena;
    struct layout layout;
    struct ast_file *file; /* what is parsed: a file, */
    struct import_list imports;
    struct pipeline_list pipelines;
    /* Of the pipeline that is being parsed (ast_build_form.h); NULL: none. */
    struct ast_context *context;
    struct ast_graph *graph;
    struct ast_expression *expression; /* or an expression or a template */
    struct named_call *named_calls;    /* the newest first */
    struct span reported;              /* the last syntax error */
    uint32_t misplaced_brace;          /* a brace that was reported as missing a line above, or 0 */
    bool stopped;
    bool out_of_memory;
    /* What allocations return once memory is out, so that only the end has to ask. */
    alignas(max_align_t) char scratch[PARSER_SCRATCH_SIZE];
};

/* Zeroed memory of the arena; never NULL: scratch memory when there is none. */
void *parser_allocate(struct parser *parser, size_t size);

/* Remembers that memory is out, and stops. */
void parser_out_of_memory(struct parser *parser);

/* Reports that `span` is nested too deeply, and stops. */
void parser_too_deep(struct parser *parser, struct span span);

/* The bytes of a span. */
const char *parser_bytes(const struct parser *parser, struct span span);

static inline size_t span_end(struct span span)
{
    return (size_t)span.offset + span.size;
}

#endif
