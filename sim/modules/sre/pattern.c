/* pattern.c - re.Pattern: matching, searching, splitting and replacing. */
#include "sim/modules/sre/sre.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/type.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

bool pattern_text(struct vm *vm, const struct pattern_object *pattern, value string, struct span *text)
{
    if (is_string(string)) {
        if (pattern->is_bytes > 0) {
            raise_error(vm, &exc_TypeError, "cannot use a bytes pattern on a string-like object");
            return false;
        }
        *text = string_span(string);
        return true;
    }
    const uint8_t *data;
    size_t size;
    if (!is_object(string) || !buffer_of(vm, string, &data, &size)) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "expected string or bytes-like object, got '%T'", string);
        return false;
    }
    if (pattern->is_bytes == 0) {
        raise_error(vm, &exc_TypeError, "cannot use a string pattern on a bytes-like object");
        return false;
    }
    *text = (struct span){data ? data : (const uint8_t *)"", size, 1}; /* a mark on no text is no null pointer */
    return true;
}

value text_slice(struct vm *vm, value string, int64_t start, int64_t end)
{
    if (is_string(string))
        return string_slice(vm, string, start, end);
    const uint8_t *data;
    size_t size;
    if (!buffer_of(vm, string, &data, &size))
        return VALUE_NULL;
    if (start < 0)
        start = 0;
    if (end > (int64_t)size)
        end = (int64_t)size;
    if (start >= end)
        return bytes_from(vm, NULL, 0);
    if (start == 0 && end == (int64_t)size && is_exact(string, &bytes_type))
        return string;
    ADD_WORK(vm, characters, end - start);
    return bytes_from(vm, data + start, (size_t)(end - start));
}

static size_t clipped(int64_t position, size_t length)
{
    return position < 0 ? 0 : size_minimum((size_t)position, length);
}

bool pattern_open(struct vm *vm, value pattern, value string, value pos, value endpos, struct sre_state *state)
{
    int64_t start = 0, end = INT64_MAX;
    if ((pos != VALUE_NULL && !value_to_int64(vm, pos, &start)) || (endpos != VALUE_NULL && !value_to_int64(vm, endpos, &end)) ||
        !pattern_text(vm, pattern_of(pattern), string, &state->text))
        return false;
    state->start = clipped(start, state->text.length);
    state->end = clipped(end, state->text.length);
    return sre_state_open(state, vm, pattern_of(pattern)->program);
}

/* ---- one match ---- */

static value find_one(struct vm *vm, value self, const value *arguments, enum sre_answer (*find)(struct sre_state *state),
                      bool whole)
{
    struct sre_state state;
    if (!pattern_open(vm, self, arguments[0], arguments[1], arguments[2], &state))
        return VALUE_NULL;
    state.match_all = whole;
    enum sre_answer answer = find(&state);
    value result = answer == SRE_NONE    ? NONE
                   : answer == SRE_FOUND ? match_new(vm, self, arguments[0], &state, state.start, state.end)
                                         : VALUE_NULL;
    sre_state_close(&state);
    return result;
}

METHOD(pattern_match)
{
    UNUSED;
    return find_one(vm, self, arguments, sre_match, false);
}

METHOD(pattern_fullmatch)
{
    UNUSED;
    return find_one(vm, self, arguments, sre_match, true);
}

METHOD(pattern_search)
{
    UNUSED;
    return find_one(vm, self, arguments, sre_search, false);
}

/* ---- many matches ---- */

/* The next match looks on from the end of the last one; after an empty one it has to be longer or elsewhere. */
static void advance(struct sre_state *state)
{
    state->must_advance = state->match_end == state->match_start;
    state->start = state->match_end;
}

/* The text of a group, or `otherwise` when it took no part. */
static value group_text(struct vm *vm, value string, const struct sre_state *state, size_t group, value otherwise)
{
    int64_t start, end;
    return sre_group_span(state, group, &start, &end) ? text_slice(vm, string, start, end) : otherwise;
}

static value found_item(struct vm *vm, const struct pattern_object *pattern, value string, const struct sre_state *state)
{
    value empty = is_string(string) ? vm->empty_string : bytes_from(vm, NULL, 0);
    if (pattern->groups <= 1)
        return group_text(vm, string, state, (size_t)pattern->groups, empty);
    value tuple = tuple_new(vm, (size_t)pattern->groups);
    for (size_t i = 0; tuple != VALUE_NULL && i < (size_t)pattern->groups; i++) {
        value text = group_text(vm, string, state, i + 1, empty);
        if (text == VALUE_NULL)
            return VALUE_NULL;
        tuple_of(tuple)->items[i] = text;
    }
    return tuple;
}

METHOD(pattern_findall)
{
    UNUSED;
    struct sre_state state;
    value list = list_new(vm, 0);
    if (list == VALUE_NULL || !pattern_open(vm, self, arguments[0], arguments[1], arguments[2], &state))
        return VALUE_NULL;
    enum sre_answer answer;
    while ((answer = sre_search(&state)) == SRE_FOUND) {
        value item = found_item(vm, pattern_of(self), arguments[0], &state);
        if (item == VALUE_NULL || !list_append(vm, list_of(list), item)) {
            answer = SRE_ERROR;
            break;
        }
        advance(&state);
    }
    sre_state_close(&state);
    return answer == SRE_ERROR ? VALUE_NULL : list;
}

METHOD(pattern_finditer)
{
    UNUSED;
    value scanner = scanner_new(vm, self, arguments[0], arguments[1], arguments[2]);
    return scanner == VALUE_NULL ? VALUE_NULL : scanner_iterator(vm, scanner);
}

METHOD(pattern_scanner)
{
    UNUSED;
    return scanner_new(vm, self, arguments[0], arguments[1], arguments[2]);
}

static bool append_piece(struct vm *vm, value list, value piece)
{
    return piece != VALUE_NULL && list_append(vm, list_of(list), piece);
}

static bool append_groups(struct vm *vm, value list, value self, value string, const struct sre_state *state)
{
    for (size_t group = 1; group <= (size_t)pattern_of(self)->groups; group++)
        if (!append_piece(vm, list, group_text(vm, string, state, group, NONE)))
            return false;
    return true;
}

METHOD(pattern_split)
{
    UNUSED;
    struct sre_state state;
    int64_t most = 0, last = 0;
    value string = arguments[0], list = list_new(vm, 0);
    if (list == VALUE_NULL || (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &most)) ||
        !pattern_open(vm, self, string, VALUE_NULL, VALUE_NULL, &state))
        return VALUE_NULL;
    enum sre_answer answer = SRE_NONE;
    for (int64_t n = 0; (!most || n < most) && (answer = sre_search(&state)) == SRE_FOUND; n++) {
        if (!append_piece(vm, list, text_slice(vm, string, last, (int64_t)state.match_start)) ||
            !append_groups(vm, list, self, string, &state)) {
            answer = SRE_ERROR;
            break;
        }
        advance(&state);
        last = (int64_t)state.start;
    }
    bool good = answer != SRE_ERROR && append_piece(vm, list, text_slice(vm, string, last, (int64_t)state.end));
    sre_state_close(&state);
    return good ? list : VALUE_NULL;
}

/* ---- replacing ---- */

/* What a match is replaced with: a text, or a function of the match (*callable). */
static value replacement_of(struct vm *vm, value self, value template, bool *callable)
{
    *callable = value_type(vm, template)->call != NULL;
    if (*callable)
        return template;
    const uint8_t *data;
    size_t size;
    bool plain = false;
    if (is_string(template)) {
        plain = span_find_character(string_span(template), '\\', 0, string_of(template)->length) < 0;
    } else if (is_object(template) && buffer_of(vm, template, &data, &size)) {
        plain = !size || !memchr(data, '\\', size);
    } else {
        exception_clear(vm);
    }
    if (plain)
        return template;
    value re = import_module(vm, "re");
    if (re == VALUE_NULL)
        return VALUE_NULL;
    value filter = call_method(vm, re, "_subx", (value[]){self, template}, 2);
    if (filter != VALUE_NULL)
        *callable = value_type(vm, filter)->call != NULL;
    return filter;
}

/* One replacement; false: an exception is pending. The text of a buffer may have moved while the function ran. */
static bool append_replacement(struct vm *vm, value list, value self, value string, struct sre_state *state, value filter,
                               bool callable)
{
    value item = filter;
    if (callable) {
        value match = match_new(vm, self, string, state, state->start, state->end);
        if (match == VALUE_NULL || (item = call_1(vm, filter, match)) == VALUE_NULL ||
            !pattern_text(vm, pattern_of(self), string, &state->text))
            return false;
        state->end = size_minimum(state->end, state->text.length);
        state->match_end = size_minimum(state->match_end, state->end);
        state->match_start = size_minimum(state->match_start, state->match_end);
    }
    return item == NONE || list_append(vm, list_of(list), item);
}

static value join_pieces(struct vm *vm, value list, value string)
{
    value joiner = is_string(string) ? vm->empty_string : bytes_from(vm, NULL, 0);
    if (joiner == VALUE_NULL || !list_of(list)->length)
        return joiner;
    return call_method(vm, joiner, "join", &list, 1);
}

static value substitute(struct vm *vm, value self, const value *arguments, int64_t *replaced)
{
    struct sre_state state;
    int64_t most = 0, last = 0;
    bool callable;
    value string = arguments[1], list = list_new(vm, 0);
    if (list == VALUE_NULL || (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &most)))
        return VALUE_NULL;
    struct span text;
    if (!pattern_text(vm, pattern_of(self), string, &text))
        return VALUE_NULL;
    value filter = replacement_of(vm, self, arguments[0], &callable);
    if (filter == VALUE_NULL || !pattern_open(vm, self, string, VALUE_NULL, VALUE_NULL, &state))
        return VALUE_NULL;
    enum sre_answer answer = SRE_NONE;
    int64_t n = 0;
    for (; (!most || n < most) && (answer = sre_search(&state)) == SRE_FOUND; n++) {
        if ((last < (int64_t)state.match_start &&
             !append_piece(vm, list, text_slice(vm, string, last, (int64_t)state.match_start))) ||
            !append_replacement(vm, list, self, string, &state, filter, callable)) {
            answer = SRE_ERROR;
            break;
        }
        advance(&state);
        last = (int64_t)state.start;
    }
    bool good = answer != SRE_ERROR;
    if (good && last < (int64_t)state.end)
        good = append_piece(vm, list, text_slice(vm, string, last, (int64_t)state.end));
    sre_state_close(&state);
    *replaced = n;
    return good ? join_pieces(vm, list, string) : VALUE_NULL;
}

METHOD(pattern_sub)
{
    UNUSED;
    int64_t replaced;
    return substitute(vm, self, arguments, &replaced);
}

METHOD(pattern_subn)
{
    UNUSED;
    int64_t replaced;
    value text = substitute(vm, self, arguments, &replaced);
    return text == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, text, small_int(replaced));
}

/* ---- the type ---- */

METHOD(pattern_copy)
{
    UNUSED;
    return self;
}

static value pattern_repr(struct vm *vm, value self)
{
    static const struct {
        const char *name;
        int64_t flag;
    } names[] = {{"re.TEMPLATE", 1}, {"re.IGNORECASE", 2}, {"re.LOCALE", 4}, {"re.MULTILINE", 8}, {"re.DOTALL", 16},
                 {"re.UNICODE", 32}, {"re.VERBOSE", 64},   {"re.DEBUG", 128}, {"re.ASCII", 256}};
    const struct pattern_object *pattern = pattern_of(self);
    int64_t flags = pattern->flags;
    if (pattern->is_bytes == 0 && (flags & (4 | 32 | 256)) == 32)
        flags &= ~32; /* what every text pattern has is not worth telling */
    value text = value_repr(vm, pattern->pattern);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    struct string_builder builder = {NULL, 0, 0};
    string_builder_add_text(&builder, "re.compile(");
    string_builder_add_span(&builder, span_part(string_span(text), 0, size_minimum(200, string_of(text)->length)));
    const char *separator = ", ";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (flags & names[i].flag) {
            string_builder_add_text(&builder, separator);
            string_builder_add_text(&builder, names[i].name);
            flags &= ~names[i].flag;
            separator = "|";
        }
    if (flags) {
        value rest = string_printf(vm, "%s0x%llx", separator, (unsigned long long)flags);
        if (rest == VALUE_NULL)
            return builder_abandon(&builder);
        string_builder_add_string(&builder, rest);
    }
    string_builder_add_text(&builder, ")");
    return string_builder_finish(vm, &builder);
}

static bool pattern_hash(struct vm *vm, value self, int64_t *hash)
{
    const struct pattern_object *pattern = pattern_of(self);
    int64_t of_text;
    if (!value_hash(vm, pattern->pattern, &of_text))
        return false;
    *hash = hash_bytes(pattern->program->code, (size_t)pattern->program->code_length * 4) ^ of_text ^ pattern->flags ^
            pattern->is_bytes ^ pattern->groups;
    if (*hash == -1)
        *hash = -2;
    return true;
}

static value pattern_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(b, &sre_pattern_type))
        return vm->not_implemented;
    const struct pattern_object *x = pattern_of(a), *y = pattern_of(b);
    int equal = a == b;
    if (!equal && x->flags == y->flags && x->is_bytes == y->is_bytes && x->groups == y->groups &&
        x->program->code_length == y->program->code_length &&
        !memcmp(x->program->code, y->program->code, (size_t)x->program->code_length * 4))
        equal = values_equal(vm, x->pattern, y->pattern);
    return equal < 0 ? VALUE_NULL : bool_value(equal == (kind == COMPARE_EQ));
}

static void pattern_trace(struct vm *vm, struct object *object)
{
    const struct pattern_object *self = (struct pattern_object *)object;
    gc_mark(vm, self->pattern);
    gc_mark(vm, self->group_index);
    gc_mark(vm, self->index_group);
}

static void pattern_release(struct vm *vm, struct object *object)
{
    struct pattern_object *self = (struct pattern_object *)object;
    if (self->program)
        gc_account_external(vm, -sre_program_size(self->program));
    sre_program_free(self->program);
    self->program = NULL;
}

static value get_pattern(struct vm *vm, value self)
{
    (void)vm;
    return pattern_of(self)->pattern;
}

static value get_flags(struct vm *vm, value self)
{
    (void)vm;
    return small_int(pattern_of(self)->flags);
}

static value get_groups(struct vm *vm, value self)
{
    (void)vm;
    return small_int(pattern_of(self)->groups);
}

static value get_group_index(struct vm *vm, value self)
{
    return mapping_proxy_new(vm, pattern_of(self)->group_index);
}

static const struct method_definition pattern_methods[] = {
    {"match", "(string, pos=0, endpos=sys.maxsize)", pattern_match, METHOD_INSTANCE,
     "Matches zero or more characters at the beginning of the string."},
    {"fullmatch", "(string, pos=0, endpos=sys.maxsize)", pattern_fullmatch, METHOD_INSTANCE, "Matches against all of the string."},
    {"search", "(string, pos=0, endpos=sys.maxsize)", pattern_search, METHOD_INSTANCE,
     "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no "
     "position in the string matches."},
    {"sub", "(repl, string, count=0)", pattern_sub, METHOD_INSTANCE,
     "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the "
     "replacement repl."},
    {"subn", "(repl, string, count=0)", pattern_subn, METHOD_INSTANCE,
     "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of "
     "pattern with the replacement repl."},
    {"findall", "(string, pos=0, endpos=sys.maxsize)", pattern_findall, METHOD_INSTANCE,
     "Return a list of all non-overlapping matches of pattern in string."},
    {"finditer", "(string, pos=0, endpos=sys.maxsize)", pattern_finditer, METHOD_INSTANCE,
     "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator "
     "returns a match object."},
    {"split", "(string, maxsplit=0)", pattern_split, METHOD_INSTANCE, "Split string by the occurrences of pattern."},
    {"scanner", "(string, pos=0, endpos=sys.maxsize)", pattern_scanner, METHOD_INSTANCE, NULL},
    {"__copy__", "()", pattern_copy, METHOD_INSTANCE, NULL},
    {"__deepcopy__", "(memo, /)", pattern_copy, METHOD_INSTANCE, NULL},
    CLASS_GETITEM,
    {0},
};

struct type sre_pattern_type = {
    .name = "re.Pattern",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct pattern_object),
    .doc = "Compiled regular expression object.",
    .trace = pattern_trace,
    .release = pattern_release,
    .repr = pattern_repr,
    .hash = pattern_hash,
    .compare = pattern_compare,
    .methods = pattern_methods,
    .properties = (const struct property_definition[]){{"pattern", get_pattern, NULL},
                                                       {"flags", get_flags, NULL},
                                                       {"groups", get_groups, NULL},
                                                       {"groupindex", get_group_index, NULL},
                                                       {0}},
};
