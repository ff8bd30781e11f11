/* opcode.c - module _opcode: what an instruction does to the stack. The compiler's helper knows. */
#include "sim/modules/ast/ast.h"
#include "sim/modules/support.h"

#include <stdio.h>
#include <stdlib.h>

static value opcode_stack_effect(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t opcode, argument = 0;
    value given = arguments[1] == VALUE_NULL ? NONE : arguments[1], jump = arguments[2] == VALUE_NULL ? NONE : arguments[2];
    if (!value_to_int64(vm, arguments[0], &opcode) || (given != NONE && !value_to_int64(vm, given, &argument)))
        return VALUE_NULL;
    if (jump != NONE && jump != TRUE && jump != FALSE)
        return raise_error(vm, &exc_ValueError, "stack_effect: jump must be False, True or None");
    if (!vm->ask_compiler)
        return raise_unsupported(vm, "_opcode.stack_effect without a compiler");
    char text[80], number[24];
    snprintf(number, sizeof number, "%ld", (long)argument);
    snprintf(text, sizeof text, "%ld %s %s", (long)opcode, given == NONE ? "None" : number,
             jump == NONE ? "None" : jump == TRUE ? "1" : "0");
    struct source_request request = {.kind = SOURCE_STACK_EFFECT, .source = text, .size = strlen(text), .filename = "<opcode>",
                                     .mode = "exec", .optimize = -1, .feature_version = -1};
    size_t size;
    char *answer = vm->ask_compiler(vm, &request, &size);
    value result = answer ? ast_read(vm, answer, size) : VALUE_NULL;
    free(answer);
    return result;
}

static const struct method_definition functions[] = {
    {"stack_effect", "(opcode, oparg=None, /, *, jump=None)", opcode_stack_effect, 0, NULL},
    {0},
};

const struct native_module opcode_module = {"_opcode", NULL, functions};
