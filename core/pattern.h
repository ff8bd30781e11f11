/* pattern.h - reads the patterns of an instruction: trees of ops over its operands (docs/isa-language.md). */
#ifndef HYBRIDSIM_CORE_PATTERN_H
#define HYBRIDSIM_CORE_PATTERN_H

#include "core/isa.h"
#include "core/spec.h"

/* Reads one pattern of `instruction`, whose operands are known already; marks those that are results. Checks that every
 * operand's kinds fit what the ops take. False with errors in spec->diag. */
bool pattern_parse(struct spec *spec, struct isa_instruction *instruction, const struct yaml_node *node,
                   struct pattern *pattern);

/* The op itself when the pattern is one op over operands only, each a different one; else OP_COUNT. */
enum op pattern_single_op(const struct pattern *pattern);

/* Appends a text that is equal for patterns that match the same thing: operands are written as their kinds. */
void pattern_signature(const struct isa_instruction *instruction, const struct pattern *pattern, struct buffer *text);

#endif
