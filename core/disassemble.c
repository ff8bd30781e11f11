/* disassemble.c - one machine instruction as a line of assembly. */
#include "core/program.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 40 };

/* Text in quotes, cut short, with what is not printable as escapes. */
static void add_quoted(const char *bytes, size_t size, struct buffer *text)
{
    buffer_add_byte(text, '\'');
    for (size_t i = 0; i < size && i < MAX_TEXT; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n')
            buffer_add_text(text, "\\n");
        else if (c < ' ' || c == 127)
            buffer_printf(text, "\\x%02x", (unsigned)c);
        else if (c == '\'' || c == '\\')
            buffer_printf(text, "\\%c", c);
        else
            buffer_add_byte(text, c);
    }
    buffer_add_text(text, size > MAX_TEXT ? "...'" : "'");
}

/* The shortest decimal that reads back as the same number. */
static void add_real(double number, struct buffer *text)
{
    char digits[40];
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    buffer_add_text(text, digits);
    if (!strpbrk(digits, ".en"))
        buffer_add_text(text, ".0");
}

static void add_constant(const struct constant *constant, struct buffer *text)
{
    switch (constant->kind) {
    case CONSTANT_NONE:
        buffer_add_text(text, "None");
        return;
    case CONSTANT_TRUE:
        buffer_add_text(text, "True");
        return;
    case CONSTANT_FALSE:
        buffer_add_text(text, "False");
        return;
    case CONSTANT_ELLIPSIS:
        buffer_add_text(text, "...");
        return;
    case CONSTANT_INT:
        buffer_printf(text, "%lld", (long long)constant->integer);
        return;
    case CONSTANT_BIG_INT:
        buffer_printf(text, "%.*s(hexadecimal)", MAX_TEXT, constant->text);
        return;
    case CONSTANT_FLOAT:
        add_real(constant->real, text);
        return;
    case CONSTANT_COMPLEX:
        buffer_printf(text, "(%.17g%+.17gj)", constant->real, constant->imaginary);
        return;
    case CONSTANT_BYTES:
        buffer_add_byte(text, 'b');
        add_quoted(constant->text, constant->size, text);
        return;
    case CONSTANT_STRING:
        add_quoted(constant->text, constant->size, text);
        return;
    case CONSTANT_TUPLE:
    case CONSTANT_FROZENSET:
        buffer_add_text(text, constant->kind == CONSTANT_TUPLE ? "(" : "frozenset(");
        for (size_t i = 0; i < constant->size && i < 4; i++) {
            if (i)
                buffer_add_text(text, ", ");
            add_constant(&constant->items[i], text);
        }
        buffer_add_text(text, constant->size > 4 ? ", ...)" : ")");
        return;
    case CONSTANT_CODE:
        buffer_printf(text, "<code %s>", constant->code->qualified_name.text);
        return;
    }
}

static void add_reference(const char *letter, uint32_t index, uint32_t count, const char *name, struct buffer *text)
{
    if (index < count && name)
        buffer_add_text(text, name);
    else
        buffer_printf(text, "%s%u", letter, (unsigned)index);
}

/* An index means a local to `make_cell(l)`, a constant to `kw_names(k)`: a spec says `local` for the first. */
static void add_operand(const struct machine_operand *operand, const struct code *code, struct buffer *text)
{
    uint32_t index = (uint32_t)operand->value;
    switch ((enum operand_kind)operand->kind) {
    case OPERAND_REG:
        buffer_printf(text, "r%d", operand->value);
        return;
    case OPERAND_STACK:
        buffer_add_text(text, "stack");
        return;
    case OPERAND_TOP:
        if (operand->value > 1)
            buffer_printf(text, "top%d", operand->value);
        else
            buffer_add_text(text, "top");
        return;
    case OPERAND_DEPTH:
        buffer_printf(text, "depth %d", operand->value);
        return;
    case OPERAND_LOCAL:
        add_reference("local ", index, code ? code->local_count : 0,
                      code && index < code->local_count ? code->local_names[index].text : NULL, text);
        return;
    case OPERAND_CONST:
    case OPERAND_INDEX:
        buffer_add_byte(text, '=');
        if (code && index < code->constant_count)
            add_constant(&code->constants[index], text);
        else
            buffer_printf(text, "const %u", (unsigned)index);
        return;
    case OPERAND_IMM:
    case OPERAND_COUNT_FIELD:
        buffer_printf(text, "#%d", operand->value);
        return;
    case OPERAND_NAME:
        add_reference("name ", index, code ? code->name_count : 0,
                      code && index < code->name_count ? code->names[index].text : NULL, text);
        return;
    case OPERAND_TARGET:
    case OPERAND_FORWARD:
    case OPERAND_BACKWARD:
        buffer_printf(text, "%+d", operand->value);
        return;
    case OPERAND_WINDOW:
        buffer_printf(text, "w%d", operand->value);
        return;
    case OPERAND_KIND_COUNT:
        return;
    }
}

static unsigned variables_of(const struct pattern_node *node)
{
    unsigned used = node->kind == PATTERN_VARIABLE ? 1u << node->variable : 0;
    for (int i = 0; i < node->child_count; i++)
        used |= variables_of(node->children[i]);
    return used;
}

/* The op or native call a pattern is about, to tell the patterns of one instruction apart: its root's name. */
static const char *pattern_word(const struct pattern *pattern)
{
    return pattern->tree->kind == PATTERN_CALL ? pattern->tree->path : op_infos[pattern->tree->op].name;
}

void encoding_disassemble(const struct isa *isa, const struct machine_instruction *instruction, const struct code *code,
                          struct buffer *text)
{
    const struct isa_instruction *declared = &isa->instructions[instruction->instruction];
    const struct pattern *pattern = &declared->patterns[instruction->pattern];
    unsigned used = variables_of(pattern->tree);
    for (int i = 0; i < pattern->result_count; i++)
        used |= 1u << pattern->results[i];
    buffer_add_text(text, declared->name);
    if (declared->pattern_count > 1 && declared->choice != CHOICE_FIRST)
        buffer_printf(text, ".%s", pattern_word(pattern));
    const char *separator = " ";
    for (int i = 0; i < declared->operand_count; i++) {
        const struct machine_operand *operand = &instruction->operands[i];
        bool silent = isa->encoding == ENCODING_ARGUMENT && operand_kind_is_implicit((enum operand_kind)operand->kind);
        if (!(used & 1u << i) || silent)
            continue;
        buffer_add_text(text, separator);
        add_operand(operand, code, text);
        separator = ", ";
    }
}
