/* The expressions of Python, without what needs braces, assigns, or is not useful in a template. */
%code requires {
#include "template/expression_tree.h"
}

%code {
#include "base/memory.h"

#define YYMALLOC memory_allocate
#define YYFREE memory_free
/* Each of at most SOURCE_DEPTH_MAX brackets has some 20 symbols on the stack; more comes only from
 * hundreds of prefix operators. */
#define YYMAXDEPTH 6000

int expression_lex(EXPRESSION_STYPE *value, struct expression_parser *parser);
static void expression_error(struct expression_parser *parser, const char *message);

#define CHECK(node) \
    do { \
        if (!(node)) YYABORT; \
    } while (0)
#define NODE(kind, first, second, third) \
    expression_node(parser, NODE_##kind, first, second, third)
#define BINARY(name, first, second) expression_binary(parser, BINARY_##name, first, second)
}

%define api.pure full
%define api.prefix {expression_}
%define api.token.prefix {EXPRESSION_TOKEN_}
%param { struct expression_parser *parser }
%expect 0

%union {
    struct lexeme lexeme;
    struct node *node;
    struct node_list list;
    int sign;
}

%token END 0
%token <lexeme> NAME NUMBER TEXT
%token INVALID NONE TRUE FALSE
%token AND OR NOT IN IS IF ELSE FOR LAMBDA
%token POWER FLOOR_DIVIDE SHIFT_LEFT SHIFT_RIGHT EQUAL NOT_EQUAL LESS_EQUAL GREATER_EQUAL

%type <node> expression disjunction conjunction inversion comparison link
%type <node> bit_or bit_xor bit_and shift sum term factor power primary atom text
%type <node> element index bound target pattern clause argument parameter
%type <list> links elements several clauses conditions targets arguments some_arguments
%type <list> parameters some_parameters
%type <sign> operator

%%

piece:
    expression                  { parser->result = $1; }
  | expression ','              { parser->result = $1; }
  ;

expression:
    disjunction
  | disjunction IF disjunction ELSE expression
        { CHECK($$ = NODE(CONDITIONAL, $3, $1, $5)); }
  | LAMBDA parameters ':' expression
        { CHECK($$ = expression_with_items(parser, NODE_LAMBDA, $4, $2)); }
  ;

disjunction:
    conjunction
  | disjunction OR conjunction          { CHECK($$ = NODE(OR, $1, $3, NULL)); }
  ;

conjunction:
    inversion
  | conjunction AND inversion           { CHECK($$ = NODE(AND, $1, $3, NULL)); }
  ;

inversion:
    comparison
  | NOT inversion                       { CHECK($$ = NODE(NOT, $2, NULL, NULL)); }
  ;

comparison:
    bit_or
  | bit_or links
        { CHECK($$ = expression_with_items(parser, NODE_COMPARISON, $1, $2)); }
  ;

links:
    link                                { $$ = node_list_of($1); }
  | links link                          { $$ = node_list_append($1, $2); }
  ;

link:
    operator bit_or     { CHECK($$ = expression_operator(parser, NODE_LINK, $1, $2)); }
  ;

operator:
    EQUAL           { $$ = COMPARE_EQUAL; }
  | NOT_EQUAL       { $$ = COMPARE_NOT_EQUAL; }
  | '<'             { $$ = COMPARE_LESS; }
  | LESS_EQUAL      { $$ = COMPARE_LESS_EQUAL; }
  | '>'             { $$ = COMPARE_GREATER; }
  | GREATER_EQUAL   { $$ = COMPARE_GREATER_EQUAL; }
  | IN              { $$ = COMPARE_IN; }
  | NOT IN          { $$ = COMPARE_NOT_IN; }
  | IS              { $$ = COMPARE_IS; }
  | IS NOT          { $$ = COMPARE_IS_NOT; }
  ;

bit_or:
    bit_xor
  | bit_or '|' bit_xor                  { CHECK($$ = BINARY(OR, $1, $3)); }
  ;

bit_xor:
    bit_and
  | bit_xor '^' bit_and                 { CHECK($$ = BINARY(XOR, $1, $3)); }
  ;

bit_and:
    shift
  | bit_and '&' shift                   { CHECK($$ = BINARY(AND, $1, $3)); }
  ;

shift:
    sum
  | shift SHIFT_LEFT sum                { CHECK($$ = BINARY(SHIFT_LEFT, $1, $3)); }
  | shift SHIFT_RIGHT sum               { CHECK($$ = BINARY(SHIFT_RIGHT, $1, $3)); }
  ;

sum:
    term
  | sum '+' term                        { CHECK($$ = BINARY(ADD, $1, $3)); }
  | sum '-' term                        { CHECK($$ = BINARY(SUBTRACT, $1, $3)); }
  ;

term:
    factor
  | term '*' factor                     { CHECK($$ = BINARY(MULTIPLY, $1, $3)); }
  | term '/' factor                     { CHECK($$ = BINARY(DIVIDE, $1, $3)); }
  | term FLOOR_DIVIDE factor            { CHECK($$ = BINARY(FLOOR_DIVIDE, $1, $3)); }
  | term '%' factor                     { CHECK($$ = BINARY(MODULO, $1, $3)); }
  ;

factor:
    power
  | '+' factor  { CHECK($$ = expression_operator(parser, NODE_UNARY, UNARY_PLUS, $2)); }
  | '-' factor  { CHECK($$ = expression_operator(parser, NODE_UNARY, UNARY_MINUS, $2)); }
  | '~' factor  { CHECK($$ = expression_operator(parser, NODE_UNARY, UNARY_INVERT, $2)); }
  ;

power:
    primary
  | primary POWER factor                { CHECK($$ = BINARY(POWER, $1, $3)); }
  ;

primary:
    atom
  | primary '.' NAME    { CHECK($$ = expression_named(parser, NODE_ATTRIBUTE, $3, $1)); }
  | primary '[' index ']'               { CHECK($$ = NODE(INDEX, $1, $3, NULL)); }
  | primary '(' arguments ')'
        { CHECK($$ = expression_with_items(parser, NODE_CALL, $1, $3)); }
  ;

index:
    expression
  | bound ':' bound                     { CHECK($$ = NODE(SLICE, $1, $3, NULL)); }
  | bound ':' bound ':' bound           { CHECK($$ = NODE(SLICE, $1, $3, $5)); }
  ;

bound:
    %empty                              { $$ = NULL; }
  | expression
  ;

arguments:
    %empty                              { $$ = (struct node_list){NULL, NULL}; }
  | some_arguments
  | some_arguments ','
  | expression clauses  {
        struct node *generator = expression_with_items(parser, NODE_GENERATOR, $1, $2);
        CHECK(generator);
        $$ = node_list_of(generator);
    }
  ;

some_arguments:
    argument                            { $$ = node_list_of($1); }
  | some_arguments ',' argument         { $$ = node_list_append($1, $3); }
  ;

argument:
    expression
  | NAME '=' expression { CHECK($$ = expression_named(parser, NODE_KEYWORD, $1, $3)); }
  | '*' expression      { CHECK($$ = NODE(STAR, $2, NULL, NULL)); }
  | POWER expression    { CHECK($$ = NODE(DOUBLE_STAR, $2, NULL, NULL)); }
  ;

atom:
    NAME                { CHECK($$ = expression_named(parser, NODE_NAME, $1, NULL)); }
  | NUMBER              { CHECK($$ = expression_number(parser, $1)); }
  | text
  | NONE                { CHECK($$ = expression_literal(parser, object_none())); }
  | TRUE                { CHECK($$ = expression_literal(parser, object_bool(true))); }
  | FALSE               { CHECK($$ = expression_literal(parser, object_bool(false))); }
  | '(' ')'             { CHECK($$ = NODE(TUPLE, NULL, NULL, NULL)); }
  | '(' expression ')'  { $$ = $2; }
  | '(' element ',' ')' { CHECK($$ = expression_list(parser, NODE_TUPLE, node_list_of($2))); }
  | '(' several ')'     { CHECK($$ = expression_list(parser, NODE_TUPLE, $2)); }
  | '(' several ',' ')' { CHECK($$ = expression_list(parser, NODE_TUPLE, $2)); }
  | '(' expression clauses ')'
        { CHECK($$ = expression_with_items(parser, NODE_GENERATOR, $2, $3)); }
  | '[' ']'             { CHECK($$ = NODE(LIST, NULL, NULL, NULL)); }
  | '[' elements ']'    { CHECK($$ = expression_list(parser, NODE_LIST, $2)); }
  | '[' expression clauses ']'
        { CHECK($$ = expression_with_items(parser, NODE_COMPREHENSION, $2, $3)); }
  ;

text:
    TEXT                { CHECK($$ = expression_text(parser, NULL, $1)); }
  | text TEXT           { CHECK($$ = expression_text(parser, $1, $2)); }
  ;

elements:
    element                             { $$ = node_list_of($1); }
  | element ','                         { $$ = node_list_of($1); }
  | several
  | several ','
  ;

several:
    element ',' element                 { $$ = node_list_append(node_list_of($1), $3); }
  | several ',' element                 { $$ = node_list_append($1, $3); }
  ;

element:
    expression
  | '*' bit_or                          { CHECK($$ = NODE(STAR, $2, NULL, NULL)); }
  ;

clauses:
    clause                              { $$ = node_list_of($1); }
  | clauses clause                      { $$ = node_list_append($1, $2); }
  ;

clause:
    FOR pattern IN disjunction conditions {
        CHECK($$ = NODE(CLAUSE, $2, $4, NULL));
        $$->items = $5.first;
    }
  ;

conditions:
    %empty                              { $$ = (struct node_list){NULL, NULL}; }
  | conditions IF disjunction           { $$ = node_list_append($1, $3); }
  ;

pattern:
    targets             {
        $$ = $1.first;
        if ($1.first != $1.last) CHECK($$ = expression_list(parser, NODE_TUPLE, $1));
    }
  | targets ','         { CHECK($$ = expression_list(parser, NODE_TUPLE, $1)); }
  ;

targets:
    target                              { $$ = node_list_of($1); }
  | targets ',' target                  { $$ = node_list_append($1, $3); }
  ;

target:
    NAME                { CHECK($$ = expression_named(parser, NODE_NAME, $1, NULL)); }
  | '*' NAME            {
        struct node *name = expression_named(parser, NODE_NAME, $2, NULL);
        CHECK(name);
        CHECK($$ = NODE(STAR, name, NULL, NULL));
    }
  | '(' pattern ')'     { $$ = $2; }
  | '[' targets ']'     { CHECK($$ = expression_list(parser, NODE_TUPLE, $2)); }
  | '[' targets ',' ']' { CHECK($$ = expression_list(parser, NODE_TUPLE, $2)); }
  ;

parameters:
    %empty                              { $$ = (struct node_list){NULL, NULL}; }
  | some_parameters
  ;

some_parameters:
    parameter                           { $$ = node_list_of($1); }
  | some_parameters ',' parameter       { $$ = node_list_append($1, $3); }
  ;

parameter:
    NAME                { CHECK($$ = expression_named(parser, NODE_PARAMETER, $1, NULL)); }
  | NAME '=' expression { CHECK($$ = expression_named(parser, NODE_PARAMETER, $1, $3)); }
  ;

%%

/* That a text is no expression is all that its user wants to know. */
static void expression_error(struct expression_parser *parser, const char *message)
{
    (void)parser, (void)message;
}
