/* expression.h - arithmetic over the keys of a point, in sweep files: `registers.count * 8 <= 256`, `ceil(log2(registers.count))`.
 * Numbers, texts, + - * / %, comparisons, `and`, `or`, `not`, parentheses, min, max, ceil, floor, log2. A name is the path of a
 * key. */
#ifndef HYBRIDSIM_CLI_SWEEP_EXPRESSION_H
#define HYBRIDSIM_CLI_SWEEP_EXPRESSION_H

#include "core/yaml.h"

#include <stdbool.h>

struct expression_value {
    const char *text;  /* NULL: a number */
    double number;
};

/* The text of a key's value; NULL: there is no such key. */
typedef const char *expression_lookup(void *context, const char *path);

/* Evaluates the text of `node`. False, with an error at the node, when it is no expression or a key does not exist. */
bool expression_evaluate(const struct yaml_node *node, expression_lookup *lookup, void *context, struct expression_value *result,
                         struct arena *arena, struct diag *diag);

/* Neither 0 nor `no`, `off`, `false` or empty. */
bool expression_is_true(const struct expression_value *value);

#endif
