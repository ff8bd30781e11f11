/* ast.h - syntax trees: module _ast's classes, and trees as the compiler's helper reads and writes them. */
#ifndef HYBRIDSIM_SIM_MODULES_AST_AST_H
#define HYBRIDSIM_SIM_MODULES_AST_AST_H

#include "core/buffer.h"
#include "sim/runtime/types.h"

extern const struct native_module ast_module;

/* v is an instance of ast.AST; false as well when nobody imported _ast. */
bool ast_is_node(struct vm *vm, value v);

/* The class of this name; VALUE_NULL: the grammar has none. */
value ast_class(struct vm *vm, const char *name);
/* The nearest class of the grammar that the node's class derives from. */
struct type *ast_grammar_class(struct vm *vm, value node);

/* The values that the helper sent (compiler_script.inc describes the bytes). */
value ast_read(struct vm *vm, const char *bytes, size_t size);
bool ast_write(struct vm *vm, value tree, struct buffer *out);

#endif
