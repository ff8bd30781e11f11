/* program.c - translates Lib/re's code words into a program (sre.h).
 *
 * The words are read once from left to right; constructs that are open (repetitions, assertions, alternatives) are kept on an
 * explicit stack, so that the nesting of a pattern needs no C stack. Words that make no sense (only _sre.compile called by
 * hand gives such) are refused.
 */
#include "sim/modules/sre/codes.h"
#include "sim/modules/sre/sre.h"

#include <stdlib.h>

struct construct {
    uint32_t code;          /* its code word */
    uint32_t instruction;
    uint32_t position;      /* BRANCH: where the next alternative's skip word is */
};

struct translation {
    struct sre_program *program;
    const uint32_t *code;
    uint32_t at, length;
    struct construct *open;
    uint32_t open_count, open_capacity;
    uint32_t *places;       /* position of a code word -> instruction */
    bool *targets;          /* something jumps there */
    uint32_t literal;       /* the instruction that the next literal may extend, or UINT32_MAX */
    bool failed, no_memory;
    struct sre_instruction nowhere; /* written when there is no memory, which is reported at the end */
};

static uint32_t word(struct translation *t, uint32_t position)
{
    if (position < t->length)
        return t->code[position];
    t->failed = true;
    return 0;
}

static struct sre_instruction *emit(struct translation *t, enum sre_operation operation)
{
    struct sre_program *p = t->program;
    t->literal = UINT32_MAX;
    if (p->count == p->capacity) {
        uint32_t capacity = p->capacity * 2 + 16;
        struct sre_instruction *instructions = realloc(p->instructions, capacity * sizeof *instructions);
        if (!instructions) {
            t->no_memory = true;
            return &t->nowhere;
        }
        p->instructions = instructions;
        p->capacity = capacity;
    }
    struct sre_instruction *instruction = &p->instructions[p->count++];
    *instruction = (struct sre_instruction){.operation = (uint8_t)operation, .b = SRE_NO_SET, .c = SRE_NO_SET, .d = SRE_NO_SET,
                                            .e = SRE_NO_SET};
    return instruction;
}

static void push(struct translation *t, uint32_t code, uint32_t position)
{
    if (t->open_count == t->open_capacity) {
        uint32_t capacity = t->open_capacity * 2 + 16;
        struct construct *open = realloc(t->open, capacity * sizeof *open);
        if (!open) {
            t->no_memory = true;
            return;
        }
        t->open = open;
        t->open_capacity = capacity;
    }
    t->open[t->open_count++] = (struct construct){code, t->program->count, position};
}

static void target(struct translation *t, uint32_t from, uint32_t skip)
{
    if (skip > t->length - from)
        t->failed = true;
    else
        t->targets[from + skip] = true;
}

/* ---- sets ---- */

/* The number of words of a set's code, its FAILURE included; 0: malformed. */
static uint32_t set_code_length(const uint32_t *code, uint32_t length)
{
    uint32_t at = 0;
    while (at < length) {
        uint32_t used;
        switch (code[at]) {
        case CODE_FAILURE: return at + 1;
        case CODE_NEGATE: used = 1; break;
        case CODE_LITERAL: used = 2; break;
        case CODE_CATEGORY:
            used = 2;
            if (at + 1 < length && code[at + 1] >= CATEGORY_COUNT)
                return 0;
            break;
        case CODE_RANGE: case CODE_RANGE_UNI_IGNORE: used = 3; break;
        case CODE_CHARSET: used = 9; break;
        case CODE_BIGCHARSET:
            if (length - at < 66 || code[at + 1] > 256)
                return 0;
            for (int i = 0; i < 256; i++)
                if (((const uint8_t *)(code + at + 2))[i] >= code[at + 1])
                    return 0;
            used = 66 + code[at + 1] * 8;
            break;
        default: return 0;
        }
        at = length - at < used ? length : at + used;
    }
    return 0;
}

static bool code_is_high_constant(const uint32_t *code, bool *answer)
{
    bool inside = true;
    for (;;) {
        switch (*code++) {
        case CODE_FAILURE:
            *answer = !inside;
            return true;
        case CODE_NEGATE:
            inside = !inside;
            break;
        case CODE_LITERAL:
            if (*code++ >= 256)
                return false;
            break;
        case CODE_RANGE:
            if (code[1] >= 256)
                return false;
            code += 2;
            break;
        case CODE_CHARSET:
            code += 8;
            break;
        case CODE_CATEGORY: {
            uint32_t category = *code++;
            if (category >= CATEGORY_UNI_DIGIT)
                return false;
            if (sre_category(category, 256)) { /* a negated ASCII category holds all of them */
                *answer = inside;
                return true;
            }
            break;
        }
        default:
            return false;
        }
    }
}

static uint32_t toggle_ascii(uint32_t c)
{
    return (c | 32) - 'a' < 26 ? c ^ 32 : c;
}

/* The set that a word like IN or LITERAL_IGNORE tests for: its index. */
static uint32_t set_of_code(struct translation *t, uint32_t operation, const uint32_t *code)
{
    uint32_t index = sre_add_set(t->program);
    if (index == SRE_NO_SET) {
        t->no_memory = true;
        return 0;
    }
    struct sre_set *set = &t->program->sets[index];
    set->code = code;
    bool constant = false;
    set->high = HIGH_CODE;
    if (operation == CODE_IN_UNI_IGNORE)
        set->high = HIGH_CODE_OF_LOWER;
    else if (code_is_high_constant(code, &constant))
        set->high = constant ? HIGH_ALL : HIGH_NONE;
    for (uint32_t c = 0; c < 256; c++) {
        bool in;
        if (operation == CODE_IN_IGNORE)
            in = sre_code_contains(code, sre_lower_ascii(c));
        else if (operation == CODE_IN_UNI_IGNORE)
            in = sre_code_contains(code, sre_lower_unicode(c));
        else
            in = sre_code_contains(code, c) || (operation == CODE_IN_LOC_IGNORE && sre_code_contains(code, toggle_ascii(c)));
        set->low[c] = in;
    }
    return index;
}

static bool literal_matches(uint32_t operation, uint32_t literal, uint32_t c)
{
    switch (operation) {
    case CODE_LITERAL: case CODE_NOT_LITERAL:
        return c == literal;
    case CODE_LITERAL_IGNORE: case CODE_NOT_LITERAL_IGNORE:
        return sre_lower_ascii(c) == literal;
    case CODE_LITERAL_LOC_IGNORE: case CODE_NOT_LITERAL_LOC_IGNORE:
        return c == literal || toggle_ascii(c) == literal;
    default:
        return sre_lower_unicode(c) == literal;
    }
}

static uint32_t set_of_literal(struct translation *t, uint32_t operation, uint32_t literal)
{
    uint32_t index = sre_add_set(t->program);
    if (index == SRE_NO_SET) {
        t->no_memory = true;
        return 0;
    }
    struct sre_set *set = &t->program->sets[index];
    bool negated = operation == CODE_NOT_LITERAL || operation == CODE_NOT_LITERAL_IGNORE ||
                   operation == CODE_NOT_LITERAL_LOC_IGNORE || operation == CODE_NOT_LITERAL_UNI_IGNORE;
    bool lower = operation == CODE_LITERAL_UNI_IGNORE || operation == CODE_NOT_LITERAL_UNI_IGNORE;
    set->character = literal;
    set->high = lower ? (negated ? HIGH_LOWER_NOT_EQUAL : HIGH_LOWER_EQUAL) : negated ? HIGH_NOT_EQUAL : HIGH_EQUAL;
    for (uint32_t c = 0; c < 256; c++)
        set->low[c] = literal_matches(operation, literal, c) != negated;
    if (!lower && literal < 256)
        set->high = negated ? HIGH_ALL : HIGH_NONE;
    return index;
}

static uint32_t set_of_category(struct translation *t, uint32_t position)
{
    /* the category's two words are followed by others: read them as a set of one member, kept behind the code */
    uint32_t *code = t->program->code + t->length + 1;
    code[position * 2] = CODE_CATEGORY;
    code[position * 2 + 1] = word(t, position);
    return set_of_code(t, CODE_IN, code + position * 2);
}

/* ---- single items ---- */

/* The item at the current position, read past; *set: its set. */
static enum sre_item read_item(struct translation *t, uint32_t *set)
{
    uint32_t operation = word(t, t->at++);
    *set = 0;
    switch (operation) {
    case CODE_ANY:
        return ITEM_ANY;
    case CODE_ANY_ALL:
        return ITEM_ANY_ALL;
    case CODE_IN: case CODE_IN_IGNORE: case CODE_IN_LOC_IGNORE: case CODE_IN_UNI_IGNORE: {
        uint32_t skip = word(t, t->at), start = t->at + 1;
        if (t->failed || start >= t->length || skip != set_code_length(t->code + start, t->length - start) + 1) {
            t->failed = true;
            return ITEM_SET;
        }
        t->at += skip;
        *set = set_of_code(t, operation, t->code + start);
        return ITEM_SET;
    }
    case CODE_CATEGORY:
        if (word(t, t->at) >= CATEGORY_COUNT)
            t->failed = true;
        else
            *set = set_of_category(t, t->at);
        t->at++;
        return ITEM_SET;
    case CODE_LITERAL: case CODE_LITERAL_IGNORE: case CODE_LITERAL_LOC_IGNORE: case CODE_LITERAL_UNI_IGNORE:
    case CODE_NOT_LITERAL: case CODE_NOT_LITERAL_IGNORE: case CODE_NOT_LITERAL_LOC_IGNORE: case CODE_NOT_LITERAL_UNI_IGNORE:
        *set = set_of_literal(t, operation, word(t, t->at++));
        return ITEM_SET;
    default:
        t->failed = true;
        return ITEM_SET;
    }
}

/* A literal becomes an instruction, several in a row one string. */
static void translate_literal(struct translation *t)
{
    struct sre_program *p = t->program;
    uint32_t c = word(t, t->at + 1);
    bool extend = t->literal != UINT32_MAX && !t->targets[t->at];
    p->texts[p->text_count] = c;
    if (extend) {
        struct sre_instruction *before = &p->instructions[t->literal];
        if (before->operation == SRE_LITERAL)
            *before = (struct sre_instruction){.operation = SRE_STRING, .a = p->text_count - 1, .b = 1};
        before->b++;
    } else {
        uint32_t index = p->count;
        emit(t, SRE_LITERAL)->a = c;
        t->literal = index;
    }
    p->text_count++;
    t->at += 2;
}

static void translate_item(struct translation *t)
{
    uint32_t set;
    enum sre_item item = read_item(t, &set);
    emit(t, item == ITEM_SET ? SRE_SET : item == ITEM_ANY ? SRE_ANY : SRE_ANY_ALL)->a = set;
}

static void translate_repeat_one(struct translation *t, uint32_t operation)
{
    uint32_t skip = word(t, t->at + 1), low = word(t, t->at + 2), high = word(t, t->at + 3), end = t->at + 1 + skip, set;
    t->at += 4;
    enum sre_item item = read_item(t, &set);
    if (word(t, t->at) != CODE_SUCCESS || t->at + 1 != end || low > high)
        t->failed = true;
    t->at++;
    struct sre_instruction *i = emit(t, operation == CODE_MIN_REPEAT_ONE ? SRE_ONE_LAZY : SRE_ONE);
    i->item = (uint8_t)item;
    i->a = set;
    i->b = low;
    i->c = high;
    i->follow = operation == CODE_POSSESSIVE_REPEAT_ONE ? FOLLOW_NEVER : FOLLOW_UNKNOWN;
}

/* ---- constructs ---- */

static void translate_repeat(struct translation *t)
{
    uint32_t operation = word(t, t->at), skip = word(t, t->at + 1), low = word(t, t->at + 2), high = word(t, t->at + 3);
    uint32_t end = t->at + 1 + skip;
    if (t->failed || skip > t->length - t->at - 1 || low > high) {
        t->failed = true;
        return;
    }
    push(t, operation, t->at);
    uint32_t until = word(t, end);
    bool once = operation == CODE_REPEAT && low == 0 && high == 1;
    if (operation == CODE_POSSESSIVE_REPEAT) {
        struct sre_instruction *i = emit(t, SRE_POSSESSIVE);
        i->a = t->program->repeat_count++;
        i->b = low;
        i->c = high;
    } else if (until != CODE_MAX_UNTIL && until != CODE_MIN_UNTIL) {
        t->failed = true;
    } else if (once) { /* ...? needs no counting */
        emit(t, until == CODE_MAX_UNTIL ? SRE_SPLIT : SRE_SPLIT_LAZY);
    } else {
        emit(t, SRE_REPEAT)->a = t->program->repeat_count++;
    }
    t->at += 4;
}

static void translate_until(struct translation *t)
{
    struct construct *top = t->open_count ? &t->open[t->open_count - 1] : NULL;
    if (!top || top->code != CODE_REPEAT || top->position + 1 + t->code[top->position + 1] != t->at) {
        t->failed = true;
        return;
    }
    const uint32_t *words = t->code + top->position;
    uint32_t beginning = top->instruction;
    struct sre_program *p = t->program;
    if (p->instructions[beginning].operation == SRE_REPEAT) {
        struct sre_instruction *i = emit(t, t->code[t->at] == CODE_MAX_UNTIL ? SRE_UNTIL : SRE_UNTIL_LAZY);
        i->a = p->instructions[beginning].a;
        i->b = words[2];
        i->c = words[3];
        i->d = beginning + 1;
        p->instructions[beginning].d = p->count - 1;
    } else {
        p->instructions[beginning].a = p->count;
        t->literal = UINT32_MAX;
    }
    t->open_count--;
    t->at++;
}

/* SUCCESS ends an assertion, an atomic group, a possessive repetition, or the pattern. */
static void translate_success(struct translation *t)
{
    struct sre_program *p = t->program;
    if (!t->open_count) {
        emit(t, SRE_MATCH);
        if (++t->at != t->length)
            t->failed = true;
        return;
    }
    struct construct top = t->open[--t->open_count];
    enum sre_operation end = top.code == CODE_ASSERT         ? SRE_ASSERT_END
                             : top.code == CODE_ASSERT_NOT   ? SRE_ASSERT_NOT_END
                             : top.code == CODE_ATOMIC_GROUP ? SRE_ATOMIC_END
                                                             : SRE_POSSESSIVE_END;
    if (top.code == CODE_REPEAT || top.code == CODE_BRANCH) {
        t->failed = true;
        return;
    }
    emit(t, end)->a = top.instruction;
    if (top.code == CODE_POSSESSIVE_REPEAT)
        p->instructions[top.instruction].d = p->count;
    else
        p->instructions[top.instruction].a = p->count;
    t->at++;
}

/* An alternative begins at its skip word: the last one has nothing to fall back on. */
static void translate_alternative(struct translation *t, struct construct *branch)
{
    uint32_t skip = word(t, t->at), next = t->at + skip;
    if (!skip) { /* the end of the branch; a branch without alternatives fails */
        t->open_count--;
        t->at++;
        t->literal = UINT32_MAX;
        return;
    }
    if (skip > t->length - t->at || next >= t->length) {
        t->failed = true;
        return;
    }
    branch->position = next;
    branch->instruction = t->program->count;
    t->literal = UINT32_MAX;
    if (t->code[next])
        emit(t, SRE_BRANCH);
    else
        branch->instruction = UINT32_MAX;
    t->at++;
}

static void translate_next_alternative(struct translation *t)
{
    struct construct *branch = &t->open[t->open_count - 1];
    if (branch->instruction != UINT32_MAX)
        t->program->instructions[branch->instruction].a = t->program->count;
    translate_alternative(t, branch);
}

static void translate_assertion(struct translation *t, uint32_t operation)
{
    push(t, operation, t->at);
    bool atomic = operation == CODE_ATOMIC_GROUP;
    struct sre_instruction *i = emit(t, atomic ? SRE_ATOMIC : operation == CODE_ASSERT ? SRE_ASSERT : SRE_ASSERT_NOT);
    i->b = atomic ? 0 : word(t, t->at + 2);
    t->at += atomic ? 2 : 3;
}

static void translate_group_reference(struct translation *t, enum sre_case how)
{
    struct sre_instruction *i = emit(t, SRE_GROUPREF);
    i->a = word(t, t->at + 1);
    i->item = (uint8_t)how;
    if (i->a >= t->program->group_count)
        t->failed = true;
    t->at += 2;
}

static void translate_conditional(struct translation *t)
{
    struct sre_instruction *i = emit(t, SRE_GROUPREF_EXISTS);
    uint32_t group = word(t, t->at + 1), skip = word(t, t->at + 2);
    i->a = group;
    i->b = t->at + 1 + skip; /* a position, made an instruction at the end */
    if (group >= t->program->group_count)
        t->failed = true;
    target(t, t->at + 1, skip);
    t->at += 3;
}

static void translate_info(struct translation *t)
{
    uint32_t skip = word(t, t->at + 1);
    if (t->at != 0 || skip < 4 || skip > t->length - 1) {
        t->failed = true;
        return;
    }
    t->program->width_minimum = t->code[3];
    t->at += 1 + skip;
}

static void translate_word(struct translation *t)
{
    uint32_t operation = t->code[t->at];
    switch (operation) {
    case CODE_SUCCESS: translate_success(t); break;
    case CODE_FAILURE: emit(t, SRE_FAIL); t->at++; break;
    case CODE_LITERAL: translate_literal(t); break;
    case CODE_AT:
        emit(t, SRE_AT)->a = word(t, t->at + 1);
        t->failed |= word(t, t->at + 1) >= AT_COUNT;
        t->at += 2;
        break;
    case CODE_MARK:
        emit(t, SRE_MARK)->a = word(t, t->at + 1);
        t->failed |= word(t, t->at + 1) >= 2 * t->program->group_count;
        t->at += 2;
        break;
    case CODE_JUMP:
        emit(t, SRE_JUMP)->a = t->at + 1 + word(t, t->at + 1);
        target(t, t->at + 1, word(t, t->at + 1));
        t->at += 2;
        break;
    case CODE_BRANCH:
        push(t, operation, t->at++);
        if (!t->no_memory) {
            if (!word(t, t->at))
                emit(t, SRE_FAIL);
            translate_alternative(t, &t->open[t->open_count - 1]);
        }
        break;
    case CODE_REPEAT_ONE: case CODE_MIN_REPEAT_ONE: case CODE_POSSESSIVE_REPEAT_ONE: translate_repeat_one(t, operation); break;
    case CODE_REPEAT: case CODE_POSSESSIVE_REPEAT: translate_repeat(t); break;
    case CODE_MAX_UNTIL: case CODE_MIN_UNTIL: translate_until(t); break;
    case CODE_ASSERT: case CODE_ASSERT_NOT: case CODE_ATOMIC_GROUP: translate_assertion(t, operation); break;
    case CODE_GROUPREF: translate_group_reference(t, CASE_SENSITIVE); break;
    case CODE_GROUPREF_IGNORE: case CODE_GROUPREF_LOC_IGNORE: translate_group_reference(t, CASE_ASCII); break;
    case CODE_GROUPREF_UNI_IGNORE: translate_group_reference(t, CASE_UNICODE); break;
    case CODE_GROUPREF_EXISTS: translate_conditional(t); break;
    case CODE_INFO: translate_info(t); break;
    default: translate_item(t); break;
    }
}

static void resolve_jumps(struct translation *t)
{
    for (uint32_t i = 0; i < t->program->count; i++) {
        struct sre_instruction *instruction = &t->program->instructions[i];
        uint32_t *position = instruction->operation == SRE_JUMP              ? &instruction->a
                             : instruction->operation == SRE_GROUPREF_EXISTS ? &instruction->b
                                                                             : NULL;
        if (!position)
            continue;
        if (*position >= t->length || t->places[*position] == UINT32_MAX)
            t->failed = true;
        else
            *position = t->places[*position];
    }
}

static void translate(struct translation *t)
{
    while (t->at < t->length && !t->failed && !t->no_memory) {
        struct construct *top = t->open_count ? &t->open[t->open_count - 1] : NULL;
        if (t->targets[t->at])
            t->literal = UINT32_MAX;
        if (top && top->code == CODE_BRANCH && top->position == t->at) {
            translate_next_alternative(t);
        } else {
            t->places[t->at] = t->program->count;
            translate_word(t);
        }
    }
    const struct sre_program *p = t->program;
    if (t->open_count || !p->count || p->instructions[p->count - 1].operation != SRE_MATCH)
        t->failed = true;
    if (!t->failed && !t->no_memory)
        resolve_jumps(t);
}

struct sre_program *sre_program_new(struct vm *vm, const uint32_t *code, size_t length, uint32_t groups)
{
    struct sre_program *program = calloc(1, sizeof *program);
    struct translation t = {.program = program, .code = code, .length = (uint32_t)length, .literal = UINT32_MAX};
    t.places = malloc((length + 1) * sizeof *t.places);
    t.targets = calloc(length + 2, sizeof *t.targets);
    if (program) {
        program->code = calloc(length * 3 + 4, sizeof *program->code); /* the tail: set_of_category */
        program->texts = malloc((length + 1) * sizeof *program->texts);
        program->group_count = groups;
        program->code_length = (uint32_t)length;
        program->first_set = SRE_NO_SET;
    }
    t.no_memory = !program || !program->code || !program->texts || !t.places || !t.targets;
    if (!t.no_memory) {
        memcpy(program->code, code, length * sizeof *code);
        memset(t.places, 0xff, (length + 1) * sizeof *t.places);
        t.code = program->code;
        translate(&t);
    }
    if (!t.failed && !t.no_memory)
        t.no_memory = !sre_program_optimise(program);
    free(t.open);
    free(t.places);
    free(t.targets);
    if (!t.failed && !t.no_memory)
        return program;
    sre_program_free(program);
    if (t.no_memory)
        raise_no_memory(vm);
    else
        raise_error(vm, &exc_RuntimeError, "invalid SRE code");
    return NULL;
}

void sre_program_free(struct sre_program *program)
{
    if (!program)
        return;
    free(program->instructions);
    free(program->sets);
    free(program->texts);
    free(program->code);
    free(program->prefix);
    free(program);
}

int64_t sre_program_size(const struct sre_program *program)
{
    size_t size = sizeof *program + program->capacity * sizeof *program->instructions +
                  program->set_capacity * sizeof *program->sets + (size_t)program->code_length * 16;
    return (int64_t)size;
}
