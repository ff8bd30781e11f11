/* program_first.c - what a program's instructions may know beforehand: which characters an alternative, a repetition or a
 * whole match can begin with. Such a set may be too large, never too small; where an empty match is possible, or what comes
 * is not known, there is none. With them the engine leaves out choices that could only fail.
 */
#include "sim/modules/sre/codes.h"
#include "sim/modules/sre/sre.h"

#include <stdlib.h>

struct first {
    uint8_t low[256];
    bool high;
    uint32_t single;   /* it comes from this one literal, or UINT32_MAX */
    int added;         /* how many sets it is made of */
    int budget;        /* instructions still to look at: loops and huge patterns end there */
};

static void add_character(struct first *f, uint32_t c)
{
    if (c < 256)
        f->low[c] = 1;
    else
        f->high = true;
    f->single = f->added++ && f->single != c ? UINT32_MAX : c;
}

static void add_item(struct first *f, const struct sre_program *p, enum sre_item item, uint32_t set)
{
    f->added++;
    f->single = UINT32_MAX;
    if (item == ITEM_SET) {
        for (int c = 0; c < 256; c++)
            f->low[c] |= p->sets[set].low[c];
        f->high |= p->sets[set].high != HIGH_NONE;
        return;
    }
    bool newline = f->low['\n'];
    memset(f->low, 1, sizeof f->low);
    f->low['\n'] = item == ITEM_ANY_ALL || newline;
    f->high = true;
}

/* Adds what may come first at an instruction; false: unknown, or nothing need come. */
static bool first_at(const struct sre_program *p, uint32_t at, struct first *f)
{
    while (f->budget-- > 0) {
        const struct sre_instruction *i = &p->instructions[at];
        switch ((enum sre_operation)i->operation) {
        case SRE_LITERAL: add_character(f, i->a); return true;
        case SRE_STRING: add_character(f, p->texts[i->a]); return true;
        case SRE_SET: add_item(f, p, ITEM_SET, i->a); return true;
        case SRE_ANY: add_item(f, p, ITEM_ANY, 0); return true;
        case SRE_ANY_ALL: add_item(f, p, ITEM_ANY_ALL, 0); return true;
        case SRE_FAIL: return true;
        case SRE_MARK: case SRE_AT: case SRE_ATOMIC: at++; break;
        case SRE_JUMP: case SRE_ASSERT: case SRE_ASSERT_NOT: at = i->a; break;
        case SRE_BRANCH: case SRE_SPLIT: case SRE_SPLIT_LAZY:
            if (!first_at(p, at + 1, f))
                return false;
            at = i->a;
            break;
        case SRE_ONE: case SRE_ONE_LAZY:
            add_item(f, p, i->item, i->a);
            if (i->b)
                return true;
            at++;
            break;
        case SRE_REPEAT: {
            const struct sre_instruction *until = &p->instructions[i->d];
            if (until->b == 0 && !first_at(p, i->d + 1, f))
                return false;
            at++;
            break;
        }
        case SRE_UNTIL: case SRE_UNTIL_LAZY:
            if (!first_at(p, i->d, f))
                return false;
            at++;
            break;
        case SRE_POSSESSIVE:
            if (i->b == 0 && !first_at(p, i->d, f))
                return false;
            at++;
            break;
        case SRE_GROUPREF_EXISTS:
            if (!first_at(p, at + 1, f))
                return false;
            at = i->b;
            break;
        case SRE_MATCH: case SRE_GROUPREF: case SRE_POSSESSIVE_END: case SRE_ASSERT_END: case SRE_ASSERT_NOT_END:
        case SRE_ATOMIC_END:
            return false;
        }
    }
    return false;
}

static bool first_find(const struct sre_program *p, uint32_t at, struct first *f)
{
    *f = (struct first){.single = UINT32_MAX, .budget = 100};
    return first_at(p, at, f);
}

static bool is_everything(const struct first *f)
{
    for (int c = 0; c < 256; c++)
        if (!f->low[c])
            return false;
    return true;
}

/* A set of the program with these characters, or SRE_NO_SET when it would not exclude any. */
static uint32_t first_set(struct sre_program *p, const struct first *f, bool *no_memory)
{
    if (is_everything(f))
        return SRE_NO_SET;
    uint32_t index = sre_add_set(p);
    if (index == SRE_NO_SET) {
        *no_memory = true;
        return index;
    }
    memcpy(p->sets[index].low, f->low, sizeof f->low);
    p->sets[index].high = f->high ? HIGH_ALL : HIGH_NONE;
    return index;
}

static uint32_t set_at(struct sre_program *p, uint32_t at, bool *no_memory)
{
    struct first f;
    return first_find(p, at, &f) ? first_set(p, &f, no_memory) : SRE_NO_SET;
}

/* No character is in both. */
static bool is_disjoint(const struct sre_program *p, const struct sre_instruction *one, const struct first *f)
{
    struct first item = {.single = UINT32_MAX};
    add_item(&item, p, one->item, one->a);
    if (f->single != UINT32_MAX && f->single >= 256)
        return one->item == ITEM_SET && !sre_set_contains(&p->sets[one->a], f->single);
    for (int c = 0; c < 256; c++)
        if (item.low[c] && f->low[c])
            return false;
    return !item.high || !f->high;
}

/* What comes next cannot fail, so that a greedy repetition before it never has to give back. */
static bool always_succeeds(const struct sre_program *p, uint32_t at)
{
    while (p->instructions[at].operation == SRE_MARK)
        at++;
    uint8_t operation = p->instructions[at].operation;
    return operation == SRE_MATCH || operation == SRE_ATOMIC_END || operation == SRE_ASSERT_END ||
           operation == SRE_POSSESSIVE_END || operation == SRE_ASSERT_NOT_END;
}

static void optimise_one(struct sre_program *p, uint32_t at, bool *no_memory)
{
    struct sre_instruction *i = &p->instructions[at];
    struct first f;
    if (i->follow != FOLLOW_UNKNOWN)
        return;
    if (i->operation == SRE_ONE && always_succeeds(p, at + 1)) {
        i->follow = FOLLOW_NEVER;
        return;
    }
    if (!first_find(p, at + 1, &f))
        return;
    if (i->operation == SRE_ONE && is_disjoint(p, i, &f)) {
        i->follow = FOLLOW_NEVER;
    } else if (f.single != UINT32_MAX) {
        i->follow = FOLLOW_LITERAL;
        i->d = f.single;
    } else {
        uint32_t set = first_set(p, &f, no_memory);
        p->instructions[at].d = set;
        p->instructions[at].follow = set == SRE_NO_SET ? FOLLOW_UNKNOWN : FOLLOW_SET;
    }
}

/* The literal text at the start, for searching. */
static bool find_prefix(struct sre_program *p)
{
    uint32_t at = 0;
    while (p->instructions[at].operation == SRE_MARK)
        at++;
    const struct sre_instruction *i = &p->instructions[at];
    if (i->operation != SRE_LITERAL && i->operation != SRE_STRING)
        return true;
    uint32_t length = i->operation == SRE_LITERAL ? 1 : i->b;
    const uint32_t *text = i->operation == SRE_LITERAL ? &i->a : p->texts + i->a;
    struct span span = {text, length, 4};
    uint32_t maximum = span_maximum(span);
    p->prefix_width = maximum < 0x100 ? 1 : maximum < 0x10000 ? 2 : 4;
    p->prefix_length = length;
    p->only_prefix = at == 0 && i[1].operation == SRE_MATCH;
    p->prefix = malloc((size_t)length * 4);
    if (!p->prefix)
        return false;
    span_copy(p->prefix, p->prefix_width, 0, span);
    return true;
}

bool sre_program_optimise(struct sre_program *p)
{
    bool no_memory = false;
    for (uint32_t at = 0; at < p->count && !no_memory; at++) {
        struct sre_instruction i = p->instructions[at];
        switch ((enum sre_operation)i.operation) {
        case SRE_BRANCH: case SRE_SPLIT: case SRE_SPLIT_LAZY:
            i.b = set_at(p, at + 1, &no_memory);
            i.c = set_at(p, i.a, &no_memory);
            p->instructions[at] = i;
            break;
        case SRE_UNTIL:
            i.e = set_at(p, i.d, &no_memory);
            p->instructions[at] = i;
            p->instructions[i.d - 1].e = set_at(p, at + 1, &no_memory); /* in its REPEAT: what follows */
            break;
        case SRE_ONE: case SRE_ONE_LAZY:
            optimise_one(p, at, &no_memory);
            break;
        case SRE_MATCH: case SRE_FAIL: case SRE_LITERAL: case SRE_STRING: case SRE_SET: case SRE_ANY: case SRE_ANY_ALL:
        case SRE_AT: case SRE_MARK: case SRE_JUMP: case SRE_REPEAT: case SRE_UNTIL_LAZY: case SRE_POSSESSIVE:
        case SRE_POSSESSIVE_END: case SRE_GROUPREF: case SRE_GROUPREF_EXISTS: case SRE_ASSERT: case SRE_ASSERT_END:
        case SRE_ASSERT_NOT: case SRE_ASSERT_NOT_END: case SRE_ATOMIC: case SRE_ATOMIC_END:
            break;
        }
    }
    uint8_t first = p->instructions[0].operation;
    uint32_t where = p->instructions[0].a;
    p->at_beginning = first == SRE_AT && (where == AT_BEGINNING || where == AT_BEGINNING_STRING);
    if (!p->at_beginning)
        p->first_set = set_at(p, 0, &no_memory);
    return !no_memory && find_prefix(p);
}
