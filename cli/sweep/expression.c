/* expression.c - see expression.h. A recursive-descent evaluator: one function a level of precedence. */
#include "cli/sweep/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NESTING = 64 };

struct evaluation {
    const struct yaml_node *node;
    const char *next;
    expression_lookup *lookup;
    void *context;
    struct arena *arena;
    struct diag *diag;
    int depth;
    bool failed;
};

static struct expression_value evaluate_or(struct evaluation *evaluation);

static struct expression_value number_of(double number)
{
    return (struct expression_value){NULL, number};
}

/* Of what was found: the latest place of its text. Of a quoted expression, whose escapes are no longer seen, the start. */
static int column_of(const struct evaluation *evaluation, const char *found)
{
    const char *text = evaluation->node->text, *latest = evaluation->next;
    size_t size = strlen(found);
    if (evaluation->node->quoted || strchr(text, '\n'))
        return evaluation->node->column;
    for (const char *at = latest; at >= text; at--)
        if (strncmp(at, found, size) == 0) {
            latest = at;
            break;
        }
    return evaluation->node->column + (int)(latest - text);
}

static struct expression_value fail(struct evaluation *evaluation, const char *found, const char *expected)
{
    if (!evaluation->failed)
        diag_error(evaluation->diag, evaluation->node->file, evaluation->node->line, column_of(evaluation, found),
                   "found `%s` in the expression `%s`, expected %s", found, evaluation->node->text, expected);
    evaluation->failed = true;
    return number_of(0);
}

static void skip_blanks(struct evaluation *evaluation)
{
    while (isspace((unsigned char)*evaluation->next))
        evaluation->next++;
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_' || c == '.'; }

/* Takes an operator or a word, if it is what comes next. */
static bool take(struct evaluation *evaluation, const char *token)
{
    size_t size = strlen(token);
    skip_blanks(evaluation);
    if (strncmp(evaluation->next, token, size) != 0 || (is_word(token[0]) && is_word(evaluation->next[size])))
        return false;
    evaluation->next += size;
    return true;
}

static double number_in(struct evaluation *evaluation, struct expression_value value)
{
    if (value.text)
        fail(evaluation, value.text, "a number");
    return value.number;
}

static struct expression_value evaluate_call(struct evaluation *evaluation, const char *name)
{
    double first = number_in(evaluation, evaluate_or(evaluation));
    bool least = strcmp(name, "min") == 0, most = strcmp(name, "max") == 0;
    while ((least || most) && take(evaluation, ",")) {
        double other = number_in(evaluation, evaluate_or(evaluation));
        first = least ? fmin(first, other) : fmax(first, other);
    }
    if (!take(evaluation, ")"))
        return fail(evaluation, *evaluation->next ? evaluation->next : "its end", "`)`");
    if (strcmp(name, "ceil") == 0)
        return number_of(ceil(first));
    if (strcmp(name, "floor") == 0)
        return number_of(floor(first));
    if (strcmp(name, "log2") == 0)
        return first > 0 ? number_of(log2(first)) : fail(evaluation, "log2", "a logarithm of a number above 0");
    return least || most ? number_of(first) : fail(evaluation, name, "min, max, ceil, floor or log2");
}

/* A scalar's text: a number, or a text as it is. */
static struct expression_value value_of(const char *text)
{
    char *end;
    double number = strtod(text, &end);
    bool is_number = end != text && !*end && (isdigit((unsigned char)*text) || *text == '-' || *text == '.');
    return is_number ? number_of(number) : (struct expression_value){text, 0};
}

/* The path of a key; else the word itself, which is what keys are compared with. */
static struct expression_value evaluate_word(struct evaluation *evaluation)
{
    const char *start = evaluation->next;
    while (is_word(*evaluation->next))
        evaluation->next++;
    const char *word = arena_copy(evaluation->arena, start, (size_t)(evaluation->next - start));
    if (take(evaluation, "("))
        return evaluate_call(evaluation, word);
    const char *found = evaluation->lookup(evaluation->context, word);
    if (!found && strchr(word, '.'))
        return fail(evaluation, word, "the path of a key that the spec has");
    return found ? value_of(found) : (struct expression_value){word, 0};
}

static struct expression_value evaluate_primary(struct evaluation *evaluation)
{
    skip_blanks(evaluation);
    if (++evaluation->depth > MAX_NESTING)
        return fail(evaluation, "(", "at most 64 levels");
    struct expression_value value;
    char c = *evaluation->next;
    if (take(evaluation, "(")) {
        value = evaluate_or(evaluation);
        if (!take(evaluation, ")"))
            value = fail(evaluation, *evaluation->next ? evaluation->next : "its end", "`)`");
    } else if (take(evaluation, "-")) {
        value = number_of(-number_in(evaluation, evaluate_primary(evaluation)));
    } else if (isdigit((unsigned char)c)) {
        char *end;
        value = number_of(strtod(evaluation->next, &end));
        evaluation->next = end;
    } else if (isalpha((unsigned char)c) || c == '_') {
        value = evaluate_word(evaluation);
    } else {
        value = fail(evaluation, c ? evaluation->next : "its end", "a number, a key or `(`");
    }
    evaluation->depth--;
    return value;
}

static struct expression_value evaluate_product(struct evaluation *evaluation)
{
    struct expression_value value = evaluate_primary(evaluation);
    while (!evaluation->failed) {
        bool product = take(evaluation, "*"), quotient = !product && take(evaluation, "/");
        if (!product && !quotient && !take(evaluation, "%"))
            break;
        double left = number_in(evaluation, value), right = number_in(evaluation, evaluate_primary(evaluation));
        if (!product && right == 0)
            return fail(evaluation, "0", "a divisor other than 0");
        value = number_of(product ? left * right : quotient ? left / right : fmod(left, right));
    }
    return value;
}

static struct expression_value evaluate_sum(struct evaluation *evaluation)
{
    struct expression_value value = evaluate_product(evaluation);
    while (!evaluation->failed) {
        bool sum = take(evaluation, "+");
        if (!sum && !take(evaluation, "-"))
            break;
        double left = number_in(evaluation, value), right = number_in(evaluation, evaluate_product(evaluation));
        value = number_of(sum ? left + right : left - right);
    }
    return value;
}

static struct expression_value evaluate_comparison(struct evaluation *evaluation)
{
    static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">"};
    struct expression_value left = evaluate_sum(evaluation);
    for (int i = 0; i < 6 && !evaluation->failed; i++) {
        if (!take(evaluation, operators[i]))
            continue;
        struct expression_value right = evaluate_sum(evaluation);
        if (i < 2) {
            bool same = left.text && right.text ? strcmp(left.text, right.text) == 0
                                                : !left.text && !right.text && left.number == right.number;
            return number_of(same == (i == 0));
        }
        double a = number_in(evaluation, left), b = number_in(evaluation, right);
        return number_of(i == 2 ? a <= b : i == 3 ? a >= b : i == 4 ? a < b : a > b);
    }
    return left;
}

bool expression_is_true(const struct expression_value *value)
{
    static const char *const words[] = {"", "no", "off", "false"};
    for (int i = 0; value->text && i < 4; i++)
        if (strcmp(value->text, words[i]) == 0)
            return false;
    return value->text || value->number != 0;
}

static struct expression_value evaluate_not(struct evaluation *evaluation)
{
    bool inverted = false;
    while (take(evaluation, "not"))
        inverted = !inverted;
    struct expression_value value = evaluate_comparison(evaluation);
    return inverted ? number_of(!expression_is_true(&value)) : value;
}

static struct expression_value evaluate_and(struct evaluation *evaluation)
{
    struct expression_value value = evaluate_not(evaluation);
    while (!evaluation->failed && take(evaluation, "and")) {
        struct expression_value right = evaluate_not(evaluation);
        value = number_of(expression_is_true(&value) && expression_is_true(&right));
    }
    return value;
}

static struct expression_value evaluate_or(struct evaluation *evaluation)
{
    struct expression_value value = evaluate_and(evaluation);
    while (!evaluation->failed && take(evaluation, "or")) {
        struct expression_value right = evaluate_and(evaluation);
        value = number_of(expression_is_true(&value) || expression_is_true(&right));
    }
    return value;
}

bool expression_evaluate(const struct yaml_node *node, expression_lookup *lookup, void *context, struct expression_value *result,
                         struct arena *arena, struct diag *diag)
{
    if (node->kind != YAML_SCALAR)
        return diag_error(diag, node->file, node->line, node->column, "found %s, expected an expression",
                          yaml_describe(arena, node));
    struct evaluation evaluation = {.node = node, .next = node->text, .lookup = lookup, .context = context, .arena = arena,
                                    .diag = diag};
    *result = evaluate_or(&evaluation);
    skip_blanks(&evaluation);
    if (!evaluation.failed && *evaluation.next)
        fail(&evaluation, evaluation.next, "an operator");
    return !evaluation.failed;
}
