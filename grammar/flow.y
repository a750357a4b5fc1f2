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
%token INITIALLY "'initially'" PARAMETER "'parameter'" PRE "'pre'"

%left COALESCE
%left OR
%left AND
%precedence NEGATION
%left EQUAL NOT_EQUAL '<' LESS_EQUAL '>' GREATER_EQUAL IN NOT
%left '+' '-'
%left '*' '/' FLOOR_DIVIDE '%'
%precedence SIGN

%type <span> word free_word bound_word control_word
%type <name> optional_name type gateway_name repeat_name pattern
%type <expression> expression operation postfix primary tail text part condition default_value
%type <expression> name_only called reference key optional_expression comprehension_condition
%type <expressions> parts elements some_elements entries some_entries
%type <argument> argument
%type <arguments> arguments some_arguments
%type <policies> policies policy_lines optional_policies
%type <delay> delay
%type <statement> statement if_statement
%type <statements> lines
%type <block> block
%type <branch> case
%type <branches> branches cases arms
%type <bound> bound
%type <repeat_end> repeat_end
%type <milliseconds> every
%type <yes> then
%type <parameter> parameter
%type <parameters> parameters some_parameters
%type <outputs> outputs some_outputs
%type <context> context
%type <variables> variables
%type <variable> variable
%type <expression> plain_value initially
%type <sources> sources
%type <marks> marks
%type <graph> graph
%type <form> graph_lines
%type <yes> cycles
%type <span> chain
%type <ways> ways
%type <way> way
%type <name> flow_name converge

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

/* --- Bodies --- */

/* Forms of a pipeline's body, which ast_set_body() takes. */
form:
    context                         { ast_place_context(parser, $1); }
  | graph                           { ast_place_graph(parser, $1); }
  ;

context:
    CONTEXT '{' variables '}'       { $$ = ast_context(parser, @$, $3); }
  ;

variables:
    %empty                          { yyerrok; $$ = (struct variable_list){NULL, NULL, 0}; }
  | variables variable NEWLINE
        { yyerrok; settle(parser, @2, true); $$ = variable_list_append(parser, $1, $2); }
  | variables error NEWLINE         { yyerrok; settle(parser, @2, false); $$ = $1; }
  | variables error braces NEWLINE  { yyerrok; settle(parser, @2, false); $$ = $1; }
  ;

variable:
    PLAIN word plain_value marks
        { $$ = ast_variable(parser, @$, VARIABLE_PLAIN, $2, $3, $4); }
  | SPLICED word '=' expression marks
        { $$ = ast_variable(parser, @$, VARIABLE_SPLICE, $2, $4, $5); }
  | LAZY word '=' word '(' optional_expression ')' marks
        { $$ = ast_variable(parser, @$, VARIABLE_LAZY, $2, $6, $8);
          $$->component = parser_name(parser, $4); }
  | OUTPUT word '=' sources initially marks
        { $$ = ast_variable(parser, @$, VARIABLE_OUTPUT, $2, $5, $6);
          $$->sources = $4.first; }
  ;

plain_value: %empty { $$ = NULL; } | '=' expression { $$ = $2; } ;
initially: %empty { $$ = NULL; } | INITIALLY expression { $$ = $2; } ;

marks:
    %empty                          { $$ = 0; }
  | marks PARAMETER                 { $$ = $1 | MARK_PARAMETER; }
  | marks PRE                       { $$ = $1 | MARK_PRERENDERED; }
  ;

sources:
    word '.' word
        { $$ = source_list_append(parser, (struct source_list){NULL, NULL, 0},
                                  ast_source(parser, $1, $3)); }
  | sources ',' word '.' word
        { $$ = source_list_append(parser, $1, ast_source(parser, $3, $5)); }
  ;

graph:
    GRAPH cycles '{' graph_lines '}'
        { $$ = graph_finish(parser, @$, $2, $4); }
  ;

cycles: %empty { $$ = false; } | CYCLES { $$ = true; } ;

/* A line adds itself to $0, the graph so far. */
graph_lines:
    %empty                          { yyerrok; $$ = graph_form(parser); }
  | graph_lines graph_line NEWLINE  { yyerrok; settle(parser, @2, true); }
  | graph_lines error NEWLINE
        { yyerrok; settle(parser, @2, false); graph_add_error(parser, $1, @2); }
  | graph_lines error braces NEWLINE
        { yyerrok; settle(parser, @2, false); graph_add_error(parser, $1, @2); }
  ;

graph_line:
    START word
        { graph_add_event(parser, $<form>0, STATEMENT_START, @$, parser_name(parser, $2), NULL); }
  | FINISH word
        { graph_add_event(parser, $<form>0, STATEMENT_END, @$, parser_name(parser, $2), NULL); }
  | FINISH word '=' expression
        { graph_add_event(parser, $<form>0, STATEMENT_END, @$, parser_name(parser, $2), $4); }
  | word '=' expression optional_policies
        { graph_add_call(parser, $<form>0, @$, $1, $3, $4); }
  | word '=' EXCLUSIVE '{' ways '}'
        { graph_add_gateway(parser, $<form>0, @$, $1, GATEWAY_EXCLUSIVE, $5); }
  | word '=' EXCLUSIVE FIRST '{' ways '}'
        { graph_add_gateway(parser, $<form>0, @$, $1, GATEWAY_FIRST, $6); }
  | word '=' INCLUSIVE '{' ways '}'
        { graph_add_gateway(parser, $<form>0, @$, $1, GATEWAY_INCLUSIVE, $5); }
  | word '=' PARALLEL
        { graph_add_gateway(parser, $<form>0, @$, $1, GATEWAY_PARALLEL,
                            (struct way_list){NULL, NULL, 0}); }
  | chain
  ;

chain:
    word ARROW word flow_name
        { $$ = graph_add_arrow(parser, $<form>0, $1, $3, $4); }
  | chain ARROW word flow_name
        { $$ = graph_add_arrow(parser, $<form>0, $1, $3, $4); }
  ;

ways:
    %empty                          { yyerrok; $$ = (struct way_list){NULL, NULL, 0}; }
  | ways way NEWLINE
        { yyerrok; settle(parser, @2, true); $$ = way_list_append(parser, $1, $2); }
  | ways error NEWLINE              { yyerrok; settle(parser, @2, false); $$ = $1; }
  ;

way:
    word WHEN expression flow_name  { $$ = ast_way(parser, @$, $1, $3, false, $4); }
  | word WHEN expression DEFAULT flow_name
        { $$ = ast_way(parser, @$, $1, $3, true, $5); }
  | word DEFAULT flow_name          { $$ = ast_way(parser, @$, $1, NULL, true, $3); }
  ;

flow_name:
    %empty                          { $$ = ast_no_name(); }
  | AS word                         { $$ = parser_name(parser, $2); }
  ;

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
          diagnostic_help(parser->diagnostics, diagnostic, "write 'repeat up to N times'");
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

/* --- Policies --- */

optional_policies: %empty { $$ = NULL; } | policies ;

policies:
    '{' policy_lines '}'            { $$ = $2; $$->span = @$; }
  ;

/* A policy adds itself to $0, the policies before it. */
policy_lines:
    %empty                          { yyerrok; $$ = policies_none(parser); }
  | policy_lines policy NEWLINE     { yyerrok; }
  | policy_lines error NEWLINE      { yyerrok; }
  | policy_lines error braces NEWLINE   { yyerrok; }
  ;

policy:
    TIMEOUT DURATION then
        { policies_timeout(parser, $<policies>0, @$, @2, $3); }
  | RETRY INTEGER delay pattern
        { policies_retry(parser, $<policies>0, @$, @2, $3, $4); }
  | ON FAIL IGNORE                  { policies_on_fail(parser, $<policies>0, @$, NULL); }
  | ON FAIL block                   { policies_on_fail(parser, $<policies>0, @$, $3); }
  | ONCE                            { policies_once(parser, $<policies>0, @$); }
  | NO RETRY                        { policies_no_retry(parser, $<policies>0, @$); }
  | NO SKIP                         { policies_no_skip(parser, $<policies>0, @$); }
  | LOOP INTEGER                    { policies_loop(parser, $<policies>0, @$, @2); }
    loop_parts
  | UNDO expression                 { policies_undo(parser, $<policies>0, @$, $2); }
  | AT TIME block                   { policies_at(parser, $<policies>0, @$, @2, $3); }
  | AFTER DURATION block            { policies_after(parser, $<policies>0, @$, @2, $3); }
  | EVERY DURATION bound block      { policies_every(parser, $<policies>0, @$, @2, $3, $4); }
  ;

/* Parts add themselves to what stands below `LOOP INTEGER` and its action. */
loop_parts:
    %empty
  | loop_parts INTO word            { policies_loop_into(parser, $<policies>-3, $3); }
  | loop_parts FAIL SKIP            { policies_loop_fail_skip($<policies>-3); }
  | loop_parts NO RETRY             { policies_loop_no_retry($<policies>-3); }
  | loop_parts NO SKIP              { policies_loop_no_skip($<policies>-3); }
  ;

then:
    %empty                          { $$ = false; }
  | THEN FAIL                       { $$ = false; }
  | THEN SKIP                       { $$ = true; }
  ;

delay:
    %empty                          { $$ = (struct retry_delay){0}; }
  | EVERY DURATION                  { $$ = policy_every(parser, @2); }
  | BACKOFF DURATION                { $$ = policy_backoff(parser, @2, (struct span){0}); }
  | BACKOFF DURATION MAX DURATION   { $$ = policy_backoff(parser, @2, @4); }
  ;

pattern:
    %empty                          { $$ = ast_no_name(); }
  | ON text                         { $$ = text_constant(parser, $2, "the pattern of a retry"); }
  ;

/* --- Expressions, from the loosest to the tightest --- */

expression:
    operation
  | operation IF operation ELSE expression
        { $$ = ast_conditional(parser, @$, $1, $3, $5); }
  ;

operation:
    postfix
  | operation COALESCE operation      { $$ = ast_binary(parser, OPERATOR_COALESCE, @2, $1, $3); }
  | operation OR operation            { $$ = ast_binary(parser, OPERATOR_OR, @2, $1, $3); }
  | operation AND operation           { $$ = ast_binary(parser, OPERATOR_AND, @2, $1, $3); }
  | NOT operation %prec NEGATION      { $$ = ast_unary(parser, @$, OPERATOR_NOT, @1, $2); }
  | operation EQUAL operation         { $$ = ast_binary(parser, OPERATOR_EQUAL, @2, $1, $3); }
  | operation NOT_EQUAL operation     { $$ = ast_binary(parser, OPERATOR_NOT_EQUAL, @2, $1, $3); }
  | operation '<' operation           { $$ = ast_binary(parser, OPERATOR_LESS, @2, $1, $3); }
  | operation LESS_EQUAL operation    { $$ = ast_binary(parser, OPERATOR_LESS_EQUAL, @2, $1, $3); }
  | operation '>' operation           { $$ = ast_binary(parser, OPERATOR_GREATER, @2, $1, $3); }
  | operation GREATER_EQUAL operation { $$ = ast_binary(parser, OPERATOR_GREATER_EQUAL, @2, $1, $3); }
  | operation IN operation            { $$ = ast_binary(parser, OPERATOR_IN, @2, $1, $3); }
  | operation NOT IN operation %prec IN
        { $$ = ast_binary(parser, OPERATOR_NOT_IN, span_join(@2, @3), $1, $4); }
  | operation '+' operation           { $$ = ast_binary(parser, OPERATOR_ADD, @2, $1, $3); }
  | operation '-' operation           { $$ = ast_binary(parser, OPERATOR_SUBTRACT, @2, $1, $3); }
  | operation '*' operation           { $$ = ast_binary(parser, OPERATOR_MULTIPLY, @2, $1, $3); }
  | operation '/' operation           { $$ = ast_binary(parser, OPERATOR_DIVIDE, @2, $1, $3); }
  | operation FLOOR_DIVIDE operation  { $$ = ast_binary(parser, OPERATOR_FLOOR_DIVIDE, @2, $1, $3); }
  | operation '%' operation           { $$ = ast_binary(parser, OPERATOR_MODULO, @2, $1, $3); }
  | '-' operation %prec SIGN          { $$ = ast_unary(parser, @$, OPERATOR_NEGATE, @1, $2); }
  | '+' operation %prec SIGN          { $$ = ast_unary(parser, @$, OPERATOR_PLUS, @1, $2); }
  ;

postfix:
    primary
  | postfix tail                    { $$ = ast_attach(parser, @$, $1, $2); }
  | postfix '(' arguments ')'       { $$ = ast_attach(parser, @$, $1, ast_call(parser, $3)); }
  ;

tail:
    '.' word                        { $$ = ast_field(parser, $2, false); }
  | MAYBE_DOT word                  { $$ = ast_field(parser, $2, true); }
  | '[' expression ']'              { $$ = ast_index(parser, $2); }
  | '[' optional_expression ':' optional_expression ']'
        { $$ = ast_slice(parser, $2, $4, NULL); }
  | '[' optional_expression ':' optional_expression ':' optional_expression ']'
        { $$ = ast_slice(parser, $2, $4, $6); }
  ;

optional_expression: %empty { $$ = NULL; } | expression ;

primary:
    NULL                            { $$ = ast_literal(parser, @$, bamboo_null()); }
  | TRUE                            { $$ = ast_literal(parser, @$, bamboo_bool(true)); }
  | FALSE                           { $$ = ast_literal(parser, @$, bamboo_bool(false)); }
  | INTEGER                         { $$ = literal_integer(parser, @$); }
  | FLOAT                           { $$ = literal_float(parser, @$); }
  | DURATION                        { $$ = literal_duration(parser, @$); }
  | text
  | word                            { $$ = ast_name_expression(parser, $1); }
  | '(' expression ')'              { $$ = $2; $$->span = @$; }
  | '[' elements ']'                { $$ = ast_list(parser, @$, $2); }
  | '[' expression FOR word IN operation comprehension_condition ']'
        { $$ = ast_comprehension(parser, @$, $2, $4, $6, $7); }
  | open_map entries '}'            { $$ = ast_map(parser, @$, $2); }
  ;

comprehension_condition: %empty { $$ = NULL; } | IF operation { $$ = $2; } ;

open_map: MAP_OPEN | '{' { layout_open_map(parser); } ;

elements:
    %empty                          { $$ = (struct expression_list){NULL, NULL, 0}; }
  | some_elements comma
  ;

some_elements:
    expression
        { $$ = expression_list_append(parser, (struct expression_list){NULL, NULL, 0}, $1); }
  | some_elements ',' expression    { $$ = expression_list_append(parser, $1, $3); }
  ;

entries:
    %empty                          { $$ = (struct expression_list){NULL, NULL, 0}; }
  | some_entries comma
  ;

some_entries:
    key ':' expression
        { $$ = expression_list_append(parser, (struct expression_list){NULL, NULL, 0}, $1);
          $$ = expression_list_append(parser, $$, $3); }
  | some_entries ',' key ':' expression
        { $$ = expression_list_append(parser, $1, $3);
          $$ = expression_list_append(parser, $$, $5); }
  ;

key:
    word                            { $$ = ast_key(parser, $1); }
  | text
  | '(' expression ')'              { $$ = $2; $$->span = @$; }
  ;

arguments:
    %empty                          { $$ = (struct argument_list){NULL, NULL, 0}; }
  | some_arguments comma
  ;

some_arguments:
    argument
        { $$ = argument_list_append(parser, (struct argument_list){NULL, NULL, 0}, $1); }
  | some_arguments ',' argument     { $$ = argument_list_append(parser, $1, $3); }
  ;

argument:
    expression                      { $$ = ast_argument(parser, @$, (struct span){0}, $1); }
  | word ':' expression             { $$ = ast_argument(parser, @$, $1, $3); }
  ;

text:
    TEXT_BEGIN parts TEXT_END       { $$ = text_literal(parser, @$, @1, $2); }
  ;

parts:
    %empty                          { $$ = (struct expression_list){NULL, NULL, 0}; }
  | parts part                      { $$ = expression_list_append(parser, $1, $2); }
  ;

part:
    TEXT_PIECE                      { $$ = text_piece(parser, @$); }
  | SPLICE_OPEN expression SPLICE_CLOSE     { $$ = $2; }
  | SPLICE_OPEN error SPLICE_CLOSE
        { yyerrok; settle(parser, @2, false); $$ = ast_error(parser, @$); }
  ;

/* --- Words --- */

word: free_word | bound_word | control_word ;

free_word:
    IDENTIFIER  { $$ = @$; } | DEFAULT { $$ = @$; } | TO      { $$ = @$; } | TIMES { $$ = @$; }
  | TIMEOUT     { $$ = @$; } | THEN    { $$ = @$; } | SKIP    { $$ = @$; } | RETRY { $$ = @$; }
  | BACKOFF     { $$ = @$; } | MAX     { $$ = @$; } | ON      { $$ = @$; } | IGNORE { $$ = @$; }
  | ONCE        { $$ = @$; } | NO      { $$ = @$; } | LOOP    { $$ = @$; }
  | INTO        { $$ = @$; } | AT      { $$ = @$; } | AFTER   { $$ = @$; } | AS    { $$ = @$; }
  | FIRST       { $$ = @$; } | CONVERGE { $$ = @$; } | CYCLES { $$ = @$; } | PLAIN { $$ = @$; }
  | SPLICED     { $$ = @$; } | LAZY    { $$ = @$; } | OUTPUT  { $$ = @$; } | PRE   { $$ = @$; }
  | INITIALLY   { $$ = @$; } | PARAMETER { $$ = @$; }
  ;

/* A repeat's name cannot be one of these. */
bound_word: UP { $$ = @$; } | FOREVER { $$ = @$; } | EVERY { $$ = @$; } ;

/* At the beginning of a statement these are names before '=' only. */
control_word:
    START { $$ = @$; } | FINISH { $$ = @$; } | PAUSE { $$ = @$; } | FAIL { $$ = @$; } | REVOKE { $$ = @$; }
  ;

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
