/* append.c - `text += more` on a local variable, without copying what the variable holds.
 *
 * Strings do not change, and nothing counts references to them; so this is done only where nobody can see it. A string that such
 * a statement made has room behind it and one owner: the variable, in this activation of the function. The statement may write
 * into the room as long as the variable was not read by anything else since, on no path (append_is_private). Generators, frames
 * that have an object and programs that are traced show their variables in other ways and always copy.
 */
#include "sim/engine/append.h"
#include "sim/engine/contexts.h"
#include "sim/runtime/text.h"

#include <stdlib.h>
#include <string.h>

enum { APPEND_MINIMUM = 256 }; /* code points: below it a copy costs less */

static const struct instruction *statement_load(const struct code *code, uint32_t add)
{
    int32_t depth = code->instructions[add].depth - 2;
    for (uint32_t i = add; i-- > 0;)
        if (code->instructions[i].depth <= depth)
            return code->instructions[i].depth == depth ? &code->instructions[i] : NULL;
    return NULL;
}

/* Whether instruction `add` is that of `local += ...`; *load: the one that reads the variable for it. */
static bool is_append(const struct code *code, uint32_t add, uint32_t local, uint32_t *load)
{
    const struct instruction *in = code->instructions;
    if (in[add].op != OP_iadd || add + 1 >= code->instruction_count || in[add + 1].role != ARGUMENT_LOCAL_RESULT ||
        in[add + 1].argument != local)
        return false;
    const struct instruction *found = statement_load(code, add);
    if (!found || found->role != ARGUMENT_LOCAL || found->argument != local)
        return false;
    *load = (uint32_t)(found - in);
    return true;
}

enum { PLAIN, READ, LOAD_TO_APPEND, STORE_APPENDED, STORE_CONSTANT, STORE_OTHER };

/* What each instruction does to the variable. */
static void classify(const struct code *code, uint32_t local, uint8_t *kinds)
{
    const struct instruction *in = code->instructions;
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        uint32_t load;
        if (is_append(code, i, local, &load)) {
            kinds[load] = LOAD_TO_APPEND;
            kinds[i + 1] = STORE_APPENDED;
        }
        if (in[i].role == ARGUMENT_LOCAL_RESULT && in[i].argument == local && kinds[i] == PLAIN)
            kinds[i] = i && in[i - 1].role == ARGUMENT_CONSTANT ? STORE_CONSTANT : STORE_OTHER;
        else if ((in[i].role == ARGUMENT_LOCAL || in[i].role == ARGUMENT_LOCAL_INDEX) && in[i].argument == local &&
                 kinds[i] == PLAIN)
            kinds[i] = READ;
    }
}

static void flow(uint8_t *entry, uint32_t block, bool read, bool *changed)
{
    if (block == NO_BLOCK || !read || entry[block])
        return;
    entry[block] = 1;
    *changed = true;
}

/* Along all paths: may what the variable holds have been read since it was made? False when it may at an append. What else is
 * stored may be such a string that was read from here before. */
static bool paths_are_private(const struct code *code, const uint8_t *kinds, uint8_t *entry)
{
    bool any_read = memchr(kinds, READ, code->instruction_count) != NULL;
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t b = 0; b < code->block_count; b++) {
            const struct block *block = &code->blocks[b];
            bool read = entry[b], ever = read;
            for (uint32_t i = block->first; i < block->first + block->count; i++) {
                if (kinds[i] == STORE_APPENDED && read)
                    return false;
                read = kinds[i] == READ || (kinds[i] == STORE_OTHER && any_read) ||
                       (read && kinds[i] != STORE_APPENDED && kinds[i] != STORE_CONSTANT);
                ever |= read;
            }
            flow(entry, block->fallthrough, read, &changed);
            flow(entry, block->target, read, &changed);
            if (block->handler != NO_BLOCK)
                flow(entry, code->handlers[block->handler].target, ever, &changed);
        }
    }
    return true;
}

static bool append_is_private(const struct code *code, uint32_t local)
{
    uint8_t *kinds = calloc(code->instruction_count + (size_t)code->block_count, 1);
    if (!kinds)
        return false;
    classify(code, local, kinds);
    bool result = paths_are_private(code, kinds, kinds + code->instruction_count);
    free(kinds);
    return result;
}

static void append_trace(struct vm *vm, void *context)
{
    const struct engine *engine = context;
    for (size_t i = 0; i < APPEND_TARGETS; i++) /* the room is known by address: it may not become another object's */
        gc_mark_object(vm, engine->appends.targets[i].string);
}

/* The local variable that the frame is about to append to; false: none, or others could see it. */
static bool target_of(struct vm *vm, value text, uint32_t *local)
{
    const struct frame *frame = vm->frame;
    const struct code_state *state = frame->state;
    const struct code *code = state->code;
    uint32_t add = state->word_source[frame->pc - state->words], load;
    if (frame->generator || frame->returns == RETURN_OBSERVED || vm->engine->tracing.active || !state->counter_count ||
        !(code->flags & CODE_OPTIMIZED) || code->blocks[0].handler != NO_BLOCK || code->instructions[add].block == 0 ||
        add + 1 >= code->instruction_count)
        return false;
    *local = code->instructions[add + 1].argument;
    return is_append(code, add, *local, &load) && code->local_kinds[*local] == LOCAL_FAST &&
           frame->slots[state->function->local_slots[*local]] == text;
}

/* The activation is known by its frame and by how often the function was entered: a later one may have the same frame. */
static uint64_t entries_of(const struct vm *vm, const struct code_state *state)
{
    const struct contexts *contexts = vm->engine->contexts;
    return contexts ? contexts_count(contexts, state, 0) : state->words[state->counters[0].count_word].u;
}

static value append_with_room(struct vm *vm, value text, value more, uint32_t local)
{
    struct append_table *table = &vm->engine->appends;
    struct frame *frame = vm->frame;
    size_t capacity;
    if (!append_is_private(frame->state->code, local))
        return string_concat(vm, text, more);
    value result = string_concat_roomy(vm, text, more, &capacity);
    if (result == VALUE_NULL)
        return result;
    if (!table->traced)
        gc_add_tracer(vm, append_trace, vm->engine);
    table->traced = true;
    size_t at = 0;
    while (at < APPEND_TARGETS && table->targets[at].string != string_of(text))
        at++;
    if (at == APPEND_TARGETS)
        at = table->next++ % APPEND_TARGETS;
    table->targets[at] =
        (struct append_target){string_of(result), frame, frame->state, entries_of(vm, frame->state), capacity, local};
    return result;
}

value append_text(struct vm *vm, value text, value more)
{
    uint32_t local;
    const struct string_object *string = string_of(text);
    if (string->length < APPEND_MINIMUM || text == more || !string_of(more)->length || !target_of(vm, text, &local))
        return string_concat(vm, text, more);
    for (size_t i = 0; i < APPEND_TARGETS; i++) {
        const struct append_target *target = &vm->engine->appends.targets[i];
        if (target->string == string && target->frame == vm->frame && target->state == vm->frame->state &&
            target->local == local && target->entries == entries_of(vm, target->state) &&
            string_append_in_place(vm, text, more, target->capacity))
            return text;
    }
    return append_with_room(vm, text, more, local);
}
