/* codec_charmap.c - encodings of one byte a character, given by a table: a str of 256 characters, an EncodingMap made from
 * one, or any mapping from Python. */
#include "sim/runtime/codec.h"

#include <stdlib.h>

static const char undefined_reason[] = "character maps to <undefined>";

/* ---- EncodingMap: the inverse of a decoding table ---- */

struct encoding_map {
    struct object head;
    uint32_t count;
    struct { uint32_t character; uint8_t byte; } entries[256]; /* sorted by character */
    int16_t low[256];                                          /* byte of the characters below 256; -1: none */
};

static struct type encoding_map_type = {.name = "EncodingMap", .instance_size = sizeof(struct encoding_map)};

void charmap_types_ready(struct vm *vm)
{
    type_ready(vm, &encoding_map_type);
}

static value build_dict(struct vm *vm, const struct string_object *s, size_t length)
{
    value dict = dict_new(vm);
    for (size_t i = 0; dict != VALUE_NULL && i < length; i++)
        if (!dict_set(vm, dict_of(dict), small_int(string_at(s, i)), small_int((int64_t)i)))
            return VALUE_NULL;
    return dict;
}

value charmap_build(struct vm *vm, value string)
{
    const struct string_object *s = string_of(string);
    size_t length = size_minimum(s->length, 256);
    if (!length)
        return raise_error(vm, &exc_TypeError, "bad argument type for built-in operation");
    if (string_at(s, 0) != 0)
        return build_dict(vm, s, length);
    struct encoding_map *map = GC_NEW(vm, struct encoding_map, &encoding_map_type);
    if (!map)
        return VALUE_NULL;
    memset(map->low, 0xff, sizeof map->low);
    for (size_t i = 0; i < length; i++) {
        uint32_t character = string_at(s, i);
        if (character == 0xfffe)
            continue;
        if (character < 256) {
            map->low[character] = (int16_t)i;
            continue;
        }
        uint32_t at = map->count;
        while (at && map->entries[at - 1].character > character) { /* a table of 256 is sorted by insertion */
            map->entries[at] = map->entries[at - 1];
            at--;
        }
        if (at && map->entries[at - 1].character == character) { /* the last one counts */
            map->entries[at - 1].byte = (uint8_t)i;
            memmove(&map->entries[at], &map->entries[at + 1], (map->count - at) * sizeof *map->entries);
            continue;
        }
        map->entries[at].character = character;
        map->entries[at].byte = (uint8_t)i;
        map->count++;
    }
    return object_value(map);
}

static int encoding_map_find(const struct encoding_map *map, uint32_t character)
{
    if (character < 256)
        return map->low[character];
    uint32_t low = 0, high = map->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (map->entries[middle].character < character)
            low = middle + 1;
        else
            high = middle;
    }
    return low < map->count && map->entries[low].character == character ? map->entries[low].byte : -1;
}

/* ---- encoding ---- */

/* Puts the character; false: it maps to nothing, or an exception is pending. */
static bool put_mapped(struct conversion *c, uint32_t character)
{
    struct vm *vm = c->vm;
    if (is_exact(c->mapping, &encoding_map_type)) {
        int byte = encoding_map_find((const struct encoding_map *)value_object(c->mapping), character);
        if (byte >= 0)
            conversion_add(c, (uint8_t)byte);
        return byte >= 0;
    }
    value item = get_item(vm, c->mapping, small_int(character));
    if (item == VALUE_NULL) {
        if (exception_matches(vm, &exc_LookupError))
            exception_clear(vm);
        return false;
    }
    if (item == NONE)
        return false;
    if (is_bytes(item))
        return conversion_add_bytes(c, bytes_of(item)->data, bytes_of(item)->length);
    if (!is_int(item)) {
        raise_error(vm, &exc_TypeError, "character mapping must return integer, bytes or None, not %T", item);
        return false;
    }
    int64_t byte = is_small_int(item) ? small_int_value(item) : -1;
    if (!is_small_int(item) && !value_to_int64(vm, item, &byte))
        exception_clear(vm);
    if (byte < 0 || byte > 255) {
        raise_error(vm, &exc_TypeError, "character mapping must be in range(256)");
        return false;
    }
    conversion_add(c, (uint8_t)byte);
    return true;
}

bool encode_charmap(struct conversion *c)
{
    const struct string_object *s = string_of(c->string);
    c->put = put_mapped;
    for (size_t i = 0; i < s->length;) {
        if (put_mapped(c, string_at(s, i))) {
            i++;
            continue;
        }
        size_t end = i + 1, used = c->used;
        while (end < s->length && c->vm->pending == VALUE_NULL && !put_mapped(c, string_at(s, end)))
            end++;
        c->used = used; /* what ended the run is encoded again */
        if (c->vm->pending != VALUE_NULL || !encoding_failed(c, i, end, undefined_reason, &i))
            return false;
    }
    return true;
}

/* ---- decoding ---- */

/* Adds what the mapping answers for a byte; false: nothing, or an exception is pending. */
static bool add_mapped(struct conversion *c, uint8_t byte)
{
    struct vm *vm = c->vm;
    value item = get_item(vm, c->mapping, small_int(byte));
    if (item == VALUE_NULL) {
        if (exception_matches(vm, &exc_LookupError))
            exception_clear(vm);
        return false;
    }
    if (item == NONE)
        return false;
    if (is_string(item)) {
        if (string_of(item)->length == 1 && string_at(string_of(item), 0) == 0xfffe)
            return false;
        string_builder_add_string(&c->out, item);
        return true;
    }
    if (!is_int(item)) {
        raise_error(vm, &exc_TypeError, "character mapping must return integer, None or str");
        return false;
    }
    int64_t character = is_small_int(item) ? small_int_value(item) : -1;
    if (!is_small_int(item) && !value_to_int64(vm, item, &character))
        exception_clear(vm);
    if (character == 0xfffe)
        return false;
    if (character < 0 || character > 0x10ffff) {
        raise_error(vm, &exc_TypeError, "character mapping must be in range(0x110000)");
        return false;
    }
    string_builder_add(&c->out, (uint32_t)character);
    return true;
}

static bool decode_by_table(struct conversion *c)
{
    const struct string_object *table = string_of(c->mapping);
    for (size_t i = 0; i < c->size;) {
        uint32_t character = c->data[i] < table->length ? string_at(table, c->data[i]) : 0xfffe;
        if (character != 0xfffe) {
            string_builder_add(&c->out, character);
            i++;
        } else if (!decoding_failed(c, i, i + 1, undefined_reason, &i)) {
            return false;
        }
    }
    return true;
}

bool decode_charmap(struct conversion *c)
{
    if (is_string(c->mapping))
        return decode_by_table(c);
    for (size_t i = 0; i < c->size;) {
        if (add_mapped(c, c->data[i]))
            i++;
        else if (c->vm->pending != VALUE_NULL || !decoding_failed(c, i, i + 1, undefined_reason, &i))
            return false;
    }
    return true;
}
