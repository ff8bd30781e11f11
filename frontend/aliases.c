/* aliases.c - the names that a unit's top level binds by imports (struct import_alias). */
#include "frontend/unit_read.h"

#include <stdlib.h>
#include <string.h>

static bool is_op(const struct code *code, uint32_t index, enum op op)
{
    return index < code->instruction_count && code->instructions[index].op == op;
}

static const struct constant *constant_at(const struct code *code, uint32_t index)
{
    const struct instruction *instruction = &code->instructions[index];
    return instruction->op == OP_move && instruction->role == ARGUMENT_CONSTANT ? &code->constants[instruction->argument]
                                                                               : NULL;
}

static void add_alias(struct code_unit *unit, struct import_alias *aliases, uint32_t store, const char *path)
{
    const struct code *code = unit->module;
    aliases[unit->alias_count++] =
        (struct import_alias){code->names[code->instructions[store].argument], path};
}

/* The import at instruction `at`: `import a.b`, `import a.b as c` or `from a import b, c as d`. */
static void add_import(struct code_unit *unit, struct import_alias *aliases, uint32_t at)
{
    const struct code *code = unit->module;
    const struct code_string *module = &code->names[code->instructions[at].argument];
    const struct constant *level = constant_at(code, at - 2), *from = constant_at(code, at - 1);
    if (!level || !from || level->kind != CONSTANT_INT || level->integer != 0)
        return; /* a relative import: the path depends on the package */
    uint32_t next = at + 1;
    if (from->kind == CONSTANT_TUPLE) {
        for (; is_op(code, next, OP_import_from) && is_op(code, next + 1, OP_store_name); next += 2)
            add_alias(unit, aliases, next + 1,
                      arena_printf(unit->arena, "%s.%s", module->text,
                                   code->names[code->instructions[next].argument].text));
        return;
    }
    if (is_op(code, next, OP_store_name)) {
        /* `import a.b` binds a; `import a as b` binds b to a. */
        const char *dot = memchr(module->text, '.', module->size);
        size_t size = dot ? (size_t)(dot - module->text) : module->size;
        add_alias(unit, aliases, next, arena_copy(unit->arena, module->text, size));
        return;
    }
    while (is_op(code, next, OP_import_from) && is_op(code, next + 1, OP_swap) && is_op(code, next + 2, OP_drop))
        next += 3;
    next += is_op(code, next, OP_import_from); /* the last part of the path is not followed by swap and drop */
    if (is_op(code, next, OP_store_name))
        add_alias(unit, aliases, next, module->text);
}

void aliases_find(struct code_unit *unit)
{
    const struct code *code = unit->module;
    uint32_t stores = 0;
    for (uint32_t i = 0; i < code->instruction_count; i++)
        stores += code->instructions[i].op == OP_store_name;
    struct import_alias *aliases = ARENA_ARRAY(unit->arena, struct import_alias, stores);
    unit->aliases = aliases;
    for (uint32_t i = 2; i < code->instruction_count; i++)
        if (code->instructions[i].op == OP_import_name)
            add_import(unit, aliases, i);
}
