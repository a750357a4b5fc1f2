/* The grammar of conditions. `and` and `or` only join: how they are walked is rule.c's. */
%code requires {
#include "template/rule_tree.h"
}

%code {
#include "base/memory.h"

#define YYMALLOC memory_allocate
#define YYFREE memory_free
/* Parentheses inside each other; each has at most 4 symbols on the stack. */
#define YYMAXDEPTH 1000

int rule_lex(RULE_STYPE *value, struct rule_parser *parser);
static void rule_error(struct rule_parser *parser, const char *message);

#define CHECK(node) \
    do { \
        if (!(node)) YYABORT; \
    } while (0)
}

%define api.pure full
%define api.prefix {rule_}
%define api.token.prefix {RULE_TOKEN_}
%define parse.error custom
%param { struct rule_parser *parser }
%expect 0

%union {
    struct rule_value *value;
    struct rule_values values;
    struct rule_item *item;
    struct rule_items items;
    enum rule_operator sign;
    enum rule_joint joint;
}

%token END 0 "the end of the condition"
%token INTEGER FLOAT TEXT BOOL PATH INVALID
%token EQUAL NOT_EQUAL LESS LESS_EQUAL GREATER GREATER_EQUAL IN NOT_IN SUPERSET NOT_SUPERSET
%token AND OR

%type <value> simple value
%type <values> simples
%type <item> condition
%type <items> conditions
%type <sign> operator
%type <joint> joint

%%

rule: conditions                { parser->result = $1.first; } ;

conditions:
    condition                   { $$ = (struct rule_items){$1, $1}; }
  | conditions joint condition  {
        $3->joint = $2;
        $1.last->next = $3;
        $$ = (struct rule_items){$1.first, $3};
    }
  ;

joint: AND { $$ = RULE_AND; } | OR { $$ = RULE_OR; } ;

condition:
    value operator value        { CHECK($$ = rule_comparison(parser, $1, $2, $3)); }
  | '(' conditions ')'          { CHECK($$ = rule_nested(parser, $2.first)); }
  ;

value:
    simple
  | '(' simples ')'             { CHECK($$ = rule_list(parser, $2)); }
  ;

simples:
    simple                      { $$ = (struct rule_values){$1, $1}; }
  | simples ',' simple          {
        $1.last->next = $3;
        $$ = (struct rule_values){$1.first, $3};
    }
  ;

simple:
    INTEGER                     { CHECK($$ = rule_integer(parser)); }
  | FLOAT                       { CHECK($$ = rule_float(parser)); }
  | TEXT                        { CHECK($$ = rule_text(parser)); }
  | BOOL                        { CHECK($$ = rule_bool(parser)); }
  | PATH                        { CHECK($$ = rule_path(parser)); }
  ;

operator:
    EQUAL           { $$ = RULE_EQUAL; }
  | NOT_EQUAL       { $$ = RULE_NOT_EQUAL; }
  | LESS            { $$ = RULE_LESS; }
  | LESS_EQUAL      { $$ = RULE_LESS_EQUAL; }
  | GREATER         { $$ = RULE_GREATER; }
  | GREATER_EQUAL   { $$ = RULE_GREATER_EQUAL; }
  | IN              { $$ = RULE_IN; }
  | NOT_IN          { $$ = RULE_NOT_IN; }
  | SUPERSET        { $$ = RULE_SUPERSET; }
  | NOT_SUPERSET    { $$ = RULE_NOT_SUPERSET; }
  ;

%%

/* bison calls it for an exhausted stack only. */
static void rule_error(struct rule_parser *parser, const char *message)
{
    (void)message;
    parser->status = evaluation_refuse(parser->evaluation,
                                       "the condition has too many parentheses inside each other");
}

static int yyreport_syntax_error(const yypcontext_t *context, struct rule_parser *parser)
{
    const struct scanner *scanner = &parser->scanner;
    bool at_end = yypcontext_token(context) == YYSYMBOL_YYEOF;
    size_t size = scanner->end - scanner->start;
    parser->status = at_end ? evaluation_refuse(parser->evaluation, "the condition ends too early")
                            : evaluation_refuse(parser->evaluation,
                                                "the condition cannot go on with '%.*s' at byte %zu",
                                                (int)(size > 40 ? 40 : size),
                                                scanner->base + scanner->start, scanner->start + 1);
    return 0;
}
