/* The grammar of flows, expressions and templates. Tokens have no values: nodes are made from
 * spans. Newlines are tokens only where they end something (layout.h), so that every statement,
 * policy and case is followed by exactly one. After a mistake parsing goes on behind the next
 * NEWLINE of the same block; what stands in braces before it is skipped, or parsed where it is known
 * what it is. */
%code requires {
#include "grammar/ast_build.h"
#include "grammar/ast_build_form.h"
#include "grammar/parser.h"
#include "grammar/policy.h"
}

%code top {
#include "base/memory.h"
}

%code {
#include "grammar/flow.h"
#include "grammar/literal.h"
#include "grammar/name.h"
#include "grammar/settle.h"
#include "grammar/text_literal.h"

#define YYMALLOC memory_allocate
#define YYFREE memory_free
/* Each of at most SOURCE_DEPTH_MAX brackets has less than 40 symbols on the stack, each of the
 * operators that layout.c lets wait has 4: no source gets here, only an exhausted memory. */
#define YYMAXDEPTH 16000

/* An empty range stands behind the symbol before it. */
#define YYLLOC_DEFAULT(result, right, count) \
    (result) = (count) > 0 ? span_join(YYRHSLOC(right, 1), YYRHSLOC(right, count)) \
                           : span_behind(YYRHSLOC(right, 0))

static struct span span_behind(struct span span)
{
    return (struct span){span.source, span.offset + span.size, 0};
}

/* bison calls it for an exhausted stack only. */
static void flow_error(const struct span *span, struct parser *parser, const char *message)
{
    (void)span, (void)message;
    parser_out_of_memory(parser);
}
}

%define api.pure full
%define api.prefix {flow_}
%define api.token.prefix {TOKEN_}
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%param { struct parser *parser }
%expect 0

%union {
    struct span span;
    struct ast_name name;
    struct ast_expression *expression;
    struct expression_list expressions;
    struct ast_argument *argument;
    struct argument_list arguments;
    struct ast_policies *policies;
    struct retry_delay delay;
    struct ast_statement *statement;
    struct statement_list statements;
    struct ast_block *block;
    struct ast_branch *branch;
    struct branch_list branches;
    struct repeat_bound bound;
    struct repeat_end repeat_end;
    int64_t milliseconds;
    bool yes;
    enum ast_operator operator;
    struct ast_parameter *parameter;
    struct parameter_list parameters;
    struct output_list outputs;
    struct ast_context *context;
    struct ast_variable *variable;
    struct variable_list variables;
    struct source_list sources;
    unsigned marks;
    struct ast_graph *graph;
    struct graph_form *form;
    struct ast_way *way;
    struct way_list ways;
    struct ast_timer *timer;
}

%token END 0 "the end of the source"
%token START_FILE START_EXPRESSION START_TEMPLATE INVALID
%token NEWLINE "the end of the line"
%token IDENTIFIER "a name"
%token INTEGER "a number"
%token FLOAT "a fraction"
%token DURATION "a duration"
%token TEXT_BEGIN "a text"
%token TEXT_END "the end of the text"
%token TEXT_PIECE "text"
%token SPLICE_OPEN "'${'"
%token SPLICE_CLOSE "the '}' of '${'"
%token MAP_OPEN "the '{' of a map"
%token ARROW "'->'" MAYBE_DOT "'?.'" COALESCE "'??'" EQUAL "'=='" NOT_EQUAL "'!='"
%token LESS_EQUAL "'<='" GREATER_EQUAL "'>='" FLOOR_DIVIDE "'//'"
%token PIPELINE "'pipeline'" IMPORT "'import'" BAMBOO "'bamboo'"
%token PARALLEL "'parallel'" INCLUSIVE "'inclusive'" EXCLUSIVE "'exclusive'"
%token WHEN "'when'" DEFAULT "'default'" IF "'if'" ELSE "'else'"
%token REPEAT "'repeat'" UP "'up'" TO "'to'" TIMES "'times'" FOREVER "'forever'" EVERY "'every'"
%token UNTIL "'until'" WHILE "'while'"
%token START "'start'" FINISH "'end'" PAUSE "'pause'" FAIL "'fail'" REVOKE "'revoke'"
%token TIMEOUT "'timeout'" THEN "'then'" SKIP "'skip'" RETRY "'retry'" BACKOFF "'backoff'"
%token MAX "'max'" ON "'on'" IGNORE "'ignore'" ONCE "'once'" NO "'no'" LOOP "'loop'"
%token AND "'and'" OR "'or'" NOT "'not'" IN "'in'" FOR "'for'"
%token NULL "'null'" TRUE "'true'" FALSE "'false'"
%token UNDO "'undo'" GRAPH "'graph'" CONTEXT "'context'" TIME "a time"
%token INTO "'into'" AT "'at'" AFTER "'after'" AS "'as'" FIRST "'first'" CONVERGE "'converge'"
%token CYCLES "'cycles'" PLAIN "'plain'" SPLICED "'splice'" LAZY "'lazy'" OUTPUT "'output'"
%token TITLE "'title'" INITIALLY "'initially'" PARAMETER "'parameter'" PRE "'pre'"

%left COALESCE
%left OR
%left AND
%precedence NEGATION
%left EQUAL NOT_EQUAL '<' LESS_EQUAL '>' GREATER_EQUAL IN NOT
%left '+' '-'
%left '*' '/' FLOOR_DIVIDE '%'
%precedence SIGN

%type <parameters> parameters some_parameters
%type <parameter> parameter
%type <name> type converge optional_name gateway_name repeat_name
%type <expression> default_value reference name_only called condition
%type <outputs> outputs some_outputs
%type <block> block
%type <statements> lines
%type <statement> statement if_statement
%type <branches> branches cases arms
%type <branch> case
%type <bound> bound
%type <milliseconds> every
%type <repeat_end> repeat_end

%%

start:
    START_FILE items
  | START_EXPRESSION expression     { settle(parser, @2, true); parser->expression = $2; }
  | START_EXPRESSION error
  | START_TEMPLATE parts
        { settle(parser, @$, true); parser->expression = text_template(parser, @2, $2); }
  ;

/* --- A file --- */

items: %empty | items item ;

item:
    BAMBOO INTEGER                  { ast_set_edition(parser, @$, @2); }
  | IMPORT text
        { struct ast_name path = text_constant(parser, $2, "the path of an import");
          parser->imports =
              import_list_append(parser, parser->imports, ast_import(parser, @$, path)); }
  | pipeline word parameters outputs block
        { struct ast_pipeline *pipeline = ast_pipeline(parser, @$, $2, NULL);
          pipeline->parameters = $3.first;
          pipeline->outputs = $4.first;
          ast_set_body(parser, pipeline, $5);
          ast_add_pipeline(parser, pipeline, false); }
  | pipeline word error block       { struct ast_pipeline *pipeline = ast_pipeline(parser, @$, $2, NULL);
                                      ast_set_body(parser, pipeline, $4);
                                      ast_add_pipeline(parser, pipeline, true); }
  | pipeline error block
  | pipeline word error
  | pipeline error
  | error
  ;

/* Here and where a block begins, mistakes are reported again. */
pipeline: PIPELINE { yyerrok; } ;

parameters:
    %empty                          { $$ = (struct parameter_list){NULL, NULL, 0}; }
  | '(' ')'                         { $$ = (struct parameter_list){NULL, NULL, 0}; }
  | '(' some_parameters comma ')'   { $$ = $2; }
  ;

some_parameters:
    parameter
        { $$ = parameter_list_append(parser, (struct parameter_list){NULL, NULL, 0}, $1); }
  | some_parameters ',' parameter   { $$ = parameter_list_append(parser, $1, $3); }
  ;

parameter:
    word type default_value         { $$ = ast_parameter(parser, @$, $1, $2, $3); }
  ;

type:
    %empty                          { $$ = ast_no_name(); }
  | ':' word                        { $$ = parser_name(parser, $2); }
  ;

default_value:
    %empty                          { $$ = NULL; }
  | '=' expression                  { $$ = $2; settle(parser, @2, true); }
  ;

outputs:
    %empty                          { $$ = (struct output_list){NULL, NULL, 0}; }
  | ARROW some_outputs comma        { $$ = $2; }
  ;

some_outputs:
    word
        { $$ = output_list_append(parser, (struct output_list){NULL, NULL, 0},
                                  ast_output(parser, $1)); }
  | some_outputs ',' word           { $$ = output_list_append(parser, $1, ast_output(parser, $3)); }
  ;

comma: %empty | ',' ;

/* --- Statements --- */

block:
    '{' lines '}'                   { $$ = ast_block(parser, @$, $2); }
  ;

lines:
    %empty                          { yyerrok; $$ = (struct statement_list){NULL, NULL, 0}; }
  | lines statement NEWLINE
        { yyerrok; settle(parser, @2, true);
          $$ = statement_list_append(parser, $1, $2); }
  | lines form NEWLINE              { yyerrok; }
  | lines error NEWLINE
        { yyerrok; settle(parser, @2, false);
          $$ = statement_list_append(parser, $1, ast_error_statement(parser, @2, NULL)); }
  | lines error braces NEWLINE
        { yyerrok; settle(parser, @2, false);
          $$ = statement_list_append(parser, $1, ast_error_statement(parser, @2, NULL)); }
  ;

braces: '{' { layout_skip_block(parser); } '}' ;

statement:
    called optional_policies        { $$ = ast_call_statement(parser, @$, ast_no_name(), $1, $2); }
  | name_only                       { $$ = ast_not_a_statement(parser, $1); }
  | reference '=' expression optional_policies
        { $$ = ast_assignment(parser, @$, $1, $3, $4); }
  | control_word '=' expression optional_policies
        { $$ = ast_assignment(parser, @$, ast_name_expression(parser, $1), $3, $4); }
  | reference '=' error             { $$ = ast_error_statement(parser, @$, $1); }
  | reference '=' error braces      { $$ = ast_error_statement(parser, @$, $1); }
  | control_word '=' error
        { $$ = ast_error_statement(parser, @$, ast_name_expression(parser, $1)); }
  | PARALLEL gateway_name '{' branches '}' converge
        { $$ = ast_gateway(parser, STATEMENT_PARALLEL, @$, $2, $4); $$->converge = $6; }
  | INCLUSIVE gateway_name '{' cases '}' converge
        { $$ = ast_gateway(parser, STATEMENT_INCLUSIVE, @$, $2, $4); $$->converge = $6; }
  | EXCLUSIVE gateway_name '{' cases '}' converge
        { $$ = ast_gateway(parser, STATEMENT_EXCLUSIVE, @$, $2, $4); $$->converge = $6; }
  | PARALLEL error                  { $$ = ast_error_statement(parser, @$, NULL); }
  | INCLUSIVE error                 { $$ = ast_error_statement(parser, @$, NULL); }
  | EXCLUSIVE error                 { $$ = ast_error_statement(parser, @$, NULL); }
  | if_statement
  | IF error                        { $$ = ast_error_statement(parser, @$, NULL); }
  | REPEAT repeat_name bound every block repeat_end
        { $$ = ast_repeat(parser, @$, $2, $3, $6); $$->as.repeat.every_ms = $4;
          $$->as.repeat.block = $5; }
  | REPEAT error block repeat_end
        { struct repeat_bound unknown = {.forever = true};
          $$ = ast_repeat(parser, @$, ast_no_name(), unknown, $4);
          $$->as.repeat.block = $3; }
  | REPEAT error                    { $$ = ast_error_statement(parser, @$, NULL); }
  | PAUSE                           { $$ = ast_statement(parser, STATEMENT_PAUSE, @$, ast_no_name()); }
  | PAUSE expression
        { $$ = ast_statement(parser, STATEMENT_PAUSE, @$, ast_no_name()); $$->as.value = $2; }
  | FAIL expression
        { $$ = ast_statement(parser, STATEMENT_FAIL, @$, ast_no_name()); $$->as.value = $2; }
  | REVOKE                          { $$ = ast_statement(parser, STATEMENT_REVOKE, @$, ast_no_name()); }
  | REVOKE expression
        { $$ = ast_statement(parser, STATEMENT_REVOKE, @$, ast_no_name()); $$->as.value = $2; }
  | START word
        { $$ = ast_statement(parser, STATEMENT_START, @$, parser_name(parser, $2)); }
  | FINISH optional_name            { $$ = ast_statement(parser, STATEMENT_END, @$, $2); }
  ;

/* The name of the converge gateway where a block ends. */
converge:
    %empty                          { $$ = ast_no_name(); }
  | CONVERGE word                   { $$ = parser_name(parser, $2); }
  | error                           { settle(parser, @1, false); $$ = ast_no_name(); }
  ;

/* A call ends with its parenthesis and may have policies; what ends otherwise is no statement. */
reference: name_only | called ;
name_only:
    free_word                       { $$ = ast_name_expression(parser, $1); }
  | bound_word                      { $$ = ast_name_expression(parser, $1); }
  | reference tail                  { $$ = ast_attach(parser, @$, $1, $2); }
  ;
called:
    reference '(' arguments ')'     { $$ = ast_attach(parser, @$, $1, ast_call(parser, $3)); }
  ;

optional_name:
    %empty                          { $$ = ast_no_name(); }
  | word                            { $$ = parser_name(parser, $1); }
  ;

gateway_name:
    optional_name
  | error                           { $$ = ast_no_name(); }
  ;

branches:
    %empty                          { yyerrok; $$ = (struct branch_list){NULL, NULL, 0}; }
  | branches statement NEWLINE
        { yyerrok; settle(parser, @2, true);
          $$ = branch_list_append(parser, $1, ast_statement_branch(parser, $2)); }
  | branches block flow_name NEWLINE
        { yyerrok;
          struct ast_branch *branch = ast_branch(parser, @2, NULL, $2);
          branch->flow = $3;
          $$ = branch_list_append(parser, $1, branch); }
  | branches error NEWLINE
        { yyerrok; settle(parser, @2, false);
          $$ = branch_list_append(
              parser, $1, ast_statement_branch(parser, ast_error_statement(parser, @2, NULL))); }
  | branches error braces NEWLINE
        { yyerrok; settle(parser, @2, false);
          $$ = branch_list_append(
              parser, $1, ast_statement_branch(parser, ast_error_statement(parser, @2, NULL))); }
  ;

cases:
    %empty                          { yyerrok; $$ = (struct branch_list){NULL, NULL, 0}; }
  | cases case NEWLINE              { yyerrok; $$ = branch_list_append(parser, $1, $2); }
  | cases error NEWLINE             { yyerrok; settle(parser, @2, false); $$ = $1; }
  | cases error braces NEWLINE      { yyerrok; settle(parser, @2, false); $$ = $1; }
  ;

case:
    WHEN condition block flow_name  { $$ = ast_branch(parser, @$, $2, $3); $$->flow = $4; }
  | DEFAULT block flow_name         { $$ = ast_branch(parser, @$, NULL, $2); $$->flow = $3; }
  ;

if_statement:
    arms                            { $$ = ast_gateway(parser, STATEMENT_IF, @$, ast_no_name(), $1); }
  | arms ELSE block
        { struct ast_branch *last = ast_branch(parser, span_join(@2, @3), NULL, $3);
          $$ = ast_gateway(parser, STATEMENT_IF, @$, ast_no_name(),
                           branch_list_append(parser, $1, last)); }
  ;

arms:
    IF condition block
        { $$ = branch_list_append(parser, (struct branch_list){NULL, NULL, 0},
                                  ast_branch(parser, @$, $2, $3)); }
  | arms ELSE IF condition block
        { $$ = branch_list_append(parser, $1, ast_branch(parser, span_join(@2, @5), $4, $5)); }
  ;

/* What a block follows. */
condition:
    expression                      { settle(parser, @1, true); }
  | error                           { settle(parser, @1, false); $$ = ast_error(parser, @1); }
  ;

repeat_name:
    %empty                          { $$ = ast_no_name(); }
  | free_word                       { $$ = parser_name(parser, $1); }
  | control_word                    { $$ = parser_name(parser, $1); }
  ;

bound:
    %empty                          { $$ = (struct repeat_bound){0}; }
  | UP TO INTEGER TIMES
        { $$ = (struct repeat_bound){literal_count(parser, @3), @3, false}; }
  | INTEGER TIMES
        { struct diagnostic *diagnostic = diagnostics_add(
              parser->diagnostics, DIAGNOSTIC_SYNTAX, @$, "a bound begins with 'up to'");
          diagnostic_help(parser->diagnostics, diagnostic, "write 'up to N times'");
          $$ = (struct repeat_bound){literal_count(parser, @1), @1, false}; }
  | FOREVER                         { $$ = (struct repeat_bound){.forever = true}; }
  ;

every:
    %empty                          { $$ = 0; }
  | EVERY DURATION                  { $$ = literal_milliseconds(parser, @2); }
  ;

repeat_end:
    %empty                          { $$ = (struct repeat_end){NULL, false}; }
  | UNTIL expression                { $$ = (struct repeat_end){$2, false}; }
  | WHILE expression                { $$ = (struct repeat_end){$2, true}; }
  ;

%include grammar/flow_form.rules
%include grammar/flow_policy.rules
%include grammar/flow_expression.rules

%%

/* Gathers the names of what was expected. */
static int yyreport_syntax_error(const yypcontext_t *context, struct parser *parser)
{
    yysymbol_kind_t kinds[YYNTOKENS];
    const char *names[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
    if (count < 0) return count;
    for (int i = 0; i < count; i++)
        names[i] = yysymbol_name(kinds[i]);
    syntax_error_report(parser, names, (size_t)count);
    layout_recover(parser);
    return 0;
}
