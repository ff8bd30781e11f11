/* yaml.c - see yaml.h. */
#include "core/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_FILE_BYTES = 16 << 20 };

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    struct diag *diag;
    const char *path;
};

static struct yaml_node *read_value(struct reader *reader, const yaml_event_t *event, int depth);

static struct yaml_node *node_new(struct reader *reader, enum yaml_kind kind, const yaml_event_t *event)
{
    struct yaml_node *node = ARENA_NEW(reader->arena, struct yaml_node);
    node->kind = kind;
    node->file = reader->path;
    node->line = (int)event->start_mark.line + 1;
    node->column = (int)event->start_mark.column + 1;
    return node;
}

static void node_append(struct arena *arena, struct yaml_node *node, struct yaml_node *key, struct yaml_node *item)
{
    if (node->count == node->capacity) {
        int capacity = node->capacity ? 2 * node->capacity : 8;
        struct yaml_node **items = ARENA_ARRAY(arena, struct yaml_node *, capacity);
        struct yaml_node **keys = ARENA_ARRAY(arena, struct yaml_node *, capacity);
        for (int i = 0; i < node->count; i++) {
            items[i] = node->items[i];
            keys[i] = node->keys[i];
        }
        node->items = items;
        node->keys = keys;
        node->capacity = capacity;
    }
    node->items[node->count] = item;
    node->keys[node->count++] = key;
}

static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_READER_ERROR)
        return diag_error(reader->diag, reader->path, 0, 0, "byte %zu: %s", parser->problem_offset, parser->problem);
    return diag_error(reader->diag, reader->path, (int)parser->problem_mark.line + 1,
                      (int)parser->problem_mark.column + 1, "%s%s%s",
                      parser->problem ? parser->problem : "not YAML", parser->context ? ", " : "",
                      parser->context ? parser->context : "");
}

static struct yaml_node *refuse(struct reader *reader, const yaml_event_t *event, const char *what)
{
    diag_error(reader->diag, reader->path, (int)event->start_mark.line + 1, (int)event->start_mark.column + 1, "%s",
               what);
    return NULL;
}

static struct yaml_node *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    if (event->data.scalar.tag)
        return refuse(reader, event, "found a tag, expected a plain value");
    if (memchr(event->data.scalar.value, 0, event->data.scalar.length))
        return refuse(reader, event, "found a zero character in a value");
    struct yaml_node *node = node_new(reader, YAML_SCALAR, event);
    node->text = arena_copy(reader->arena, event->data.scalar.value, event->data.scalar.length);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return node;
}

static struct yaml_node *read_sequence(struct reader *reader, const yaml_event_t *start, int depth)
{
    struct yaml_node *node = node_new(reader, YAML_SEQUENCE, start);
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return NULL;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        struct yaml_node *item = end ? NULL : read_value(reader, &event, depth);
        yaml_event_delete(&event);
        if (end)
            return node;
        if (!item)
            return NULL;
        node_append(reader->arena, node, NULL, item);
    }
}

static struct yaml_node *read_map(struct reader *reader, const yaml_event_t *start, int depth)
{
    struct yaml_node *node = node_new(reader, YAML_MAP, start);
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return NULL;
        bool end = event.type == YAML_MAPPING_END_EVENT;
        struct yaml_node *key = NULL;
        if (!end && event.type != YAML_SCALAR_EVENT)
            refuse(reader, &event, "found a key that is no plain text, expected a name");
        else if (!end)
            key = read_scalar(reader, &event);
        yaml_event_delete(&event);
        if (end)
            return node;
        if (!key || !next_event(reader, &event))
            return NULL;
        struct yaml_node *item = read_value(reader, &event, depth);
        yaml_event_delete(&event);
        if (!item)
            return NULL;
        const struct yaml_node *earlier = yaml_key(node, key->text);
        if (earlier)
            diag_error(reader->diag, reader->path, key->line, key->column,
                       "found key `%s` again, expected it once (first at line %d)", key->text, earlier->line);
        else
            node_append(reader->arena, node, key, item);
    }
}

static struct yaml_node *read_value(struct reader *reader, const yaml_event_t *event, int depth)
{
    if (depth >= YAML_MAX_DEPTH)
        return refuse(reader, event, "found nesting deeper than 64 levels");
    switch ((int)event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        return read_sequence(reader, event, depth + 1);
    case YAML_MAPPING_START_EVENT:
        return read_map(reader, event, depth + 1);
    case YAML_ALIAS_EVENT:
        return refuse(reader, event, "found an alias, expected a value: use `inherits` to share parts of a spec");
    default:
        return refuse(reader, event, "found no value");
    }
}

static struct yaml_node *read_document(struct reader *reader)
{
    struct yaml_node *root = NULL;
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return NULL;
        yaml_event_type_t type = event.type;
        bool good = true;
        if (type == YAML_DOCUMENT_START_EVENT && root) {
            refuse(reader, &event, "found a second document, expected one");
            good = false;
        } else if (type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT &&
                   type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT) {
            root = read_value(reader, &event, 0);
            good = root != NULL;
        }
        yaml_event_delete(&event);
        if (!good)
            return NULL;
        if (type == YAML_STREAM_END_EVENT)
            return root;
    }
}

struct yaml_node *yaml_parse(struct arena *arena, const char *path, const char *text, size_t size, struct diag *diag)
{
    struct reader reader = {.arena = arena, .diag = diag, .path = arena_copy(arena, path, strlen(path))};
    size_t errors = diag->count;
    if (!yaml_parser_initialize(&reader.parser))
        abort();
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    struct yaml_node *root = read_document(&reader);
    yaml_parser_delete(&reader.parser);
    if (!root && diag->count == errors)
        diag_error(diag, path, 0, 0, "found nothing, expected a map of keys");
    return root;
}

bool yaml_read_text(const char *path, struct buffer *text, struct diag *diag)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return diag_error(diag, path, 0, 0, "cannot be opened: %s", strerror(errno));
    char chunk[16384];
    size_t size;
    while (text->size <= MAX_FILE_BYTES && (size = fread(chunk, 1, sizeof chunk, file)) > 0)
        buffer_add(text, chunk, size);
    bool done = !ferror(file) || diag_error(diag, path, 0, 0, "cannot be read: %s", strerror(errno));
    if (done && text->size > MAX_FILE_BYTES)
        done = diag_error(diag, path, 0, 0, "is larger than 16 MiB");
    fclose(file);
    return done;
}

struct yaml_node *yaml_read(struct arena *arena, const char *path, struct diag *diag)
{
    struct buffer text = {0};
    struct yaml_node *root = NULL;
    if (yaml_read_text(path, &text, diag))
        root = yaml_parse(arena, path, text.size ? text.bytes : "", text.size, diag);
    buffer_free(&text);
    return root;
}

static int map_find(const struct yaml_node *map, const char *key)
{
    if (map && map->kind == YAML_MAP)
        for (int i = 0; i < map->count; i++)
            if (map->keys[i]->text[0] == key[0] && strcmp(map->keys[i]->text, key) == 0)
                return i;
    return -1;
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    int i = map_find(map, key);
    return i < 0 ? NULL : map->items[i];
}

struct yaml_node *yaml_key(const struct yaml_node *map, const char *key)
{
    int i = map_find(map, key);
    return i < 0 ? NULL : map->keys[i];
}

struct yaml_node *yaml_merge(struct arena *arena, struct yaml_node *base, struct yaml_node *change)
{
    if (!base || base->kind != YAML_MAP || change->kind != YAML_MAP)
        return change;
    struct yaml_node *merged = ARENA_NEW(arena, struct yaml_node);
    *merged = *change;
    merged->count = merged->capacity = 0;
    for (int i = 0; i < base->count; i++) {
        int other = map_find(change, base->keys[i]->text);
        if (other < 0)
            node_append(arena, merged, base->keys[i], base->items[i]);
        else
            node_append(arena, merged, change->keys[other], yaml_merge(arena, base->items[i], change->items[other]));
    }
    for (int i = 0; i < change->count; i++)
        if (map_find(base, change->keys[i]->text) < 0)
            node_append(arena, merged, change->keys[i], change->items[i]);
    return merged;
}

void yaml_set(struct arena *arena, struct yaml_node *map, const char *key, struct yaml_node *value)
{
    int at = map_find(map, key);
    if (at >= 0 && value) {
        map->items[at] = value;
    } else if (at >= 0) {
        map->count--;
        for (int i = at; i < map->count; i++) {
            map->keys[i] = map->keys[i + 1];
            map->items[i] = map->items[i + 1];
        }
    } else if (value) {
        struct yaml_node *node = ARENA_NEW(arena, struct yaml_node);
        *node = (struct yaml_node){.kind = YAML_SCALAR, .file = map->file, .line = map->line, .column = map->column};
        node->text = arena_copy(arena, key, strlen(key));
        node_append(arena, map, node, value);
    }
}

static void write_scalar(const struct yaml_node *node, struct buffer *text)
{
    bool plain = !node->quoted && node->text[0] && !strpbrk(node->text, ":#{}[],&*!|>'\"%@`\n\t");
    if (plain) {
        buffer_add_text(text, node->text);
        return;
    }
    buffer_add_byte(text, '"');
    for (const char *c = node->text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buffer_printf(text, "\\%c", *c);
        else if ((unsigned char)*c < ' ')
            buffer_printf(text, "\\x%02x", (unsigned)(unsigned char)*c);
        else
            buffer_add_byte(text, (uint8_t)*c);
    }
    buffer_add_byte(text, '"');
}

static void write_flow(const struct yaml_node *node, struct buffer *text)
{
    if (node->kind == YAML_SCALAR) {
        write_scalar(node, text);
        return;
    }
    buffer_add_byte(text, node->kind == YAML_MAP ? '{' : '[');
    for (int i = 0; i < node->count; i++) {
        if (i)
            buffer_add_text(text, ", ");
        if (node->kind == YAML_MAP) {
            write_scalar(node->keys[i], text);
            buffer_add_text(text, ": ");
        }
        write_flow(node->items[i], text);
    }
    buffer_add_byte(text, node->kind == YAML_MAP ? '}' : ']');
}

static void write_block(const struct yaml_node *node, int flow_depth, int depth, struct buffer *text)
{
    for (int i = 0; i < node->count; i++) {
        buffer_printf(text, "%*s", 2 * depth, "");
        write_scalar(node->keys[i], text);
        buffer_add_byte(text, ':');
        const struct yaml_node *item = node->items[i];
        if (item->kind == YAML_MAP && depth + 1 < flow_depth && item->count) {
            buffer_add_byte(text, '\n');
            write_block(item, flow_depth, depth + 1, text);
        } else {
            buffer_add_byte(text, ' ');
            write_flow(item, text);
            buffer_add_byte(text, '\n');
        }
    }
}

void yaml_write(const struct yaml_node *node, int flow_depth, struct buffer *text)
{
    if (node->kind == YAML_MAP && flow_depth > 0) {
        write_block(node, flow_depth, 0, text);
        return;
    }
    write_flow(node, text);
    buffer_add_byte(text, '\n');
}

const char *yaml_describe(struct arena *arena, const struct yaml_node *node)
{
    if (node->kind == YAML_MAP)
        return "a map";
    if (node->kind == YAML_SEQUENCE)
        return "a sequence";
    return yaml_is_null(node) ? "nothing" : arena_printf(arena, "`%s`", node->text);
}

bool yaml_integer(const struct yaml_node *node, int64_t least, int64_t most, int64_t *number)
{
    if (!node || node->kind != YAML_SCALAR || node->quoted || !node->text[0])
        return false;
    const char *digits = node->text[0] == '-' || node->text[0] == '+' ? node->text + 1 : node->text;
    bool hexadecimal = digits[0] == '0' && digits[1] == 'x';
    if (digits[0] < '0' || digits[0] > '9')
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(node->text, &end, hexadecimal ? 16 : 10);
    if (errno || *end || value < least || value > most)
        return false;
    *number = value;
    return true;
}

bool yaml_thousandths(const struct yaml_node *node, int64_t *thousandths)
{
    if (!node || node->kind != YAML_SCALAR || node->quoted)
        return false;
    int64_t value = 0;
    int digits = 0, decimals = -1;
    for (const char *c = node->text; *c; c++) {
        if (*c == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (*c < '0' || *c > '9' || value > 100000000000000 || decimals == 3)
            return false;
        value = 10 * value + (*c - '0');
        digits++;
        decimals += decimals >= 0;
    }
    if (!digits)
        return false;
    for (int i = decimals < 0 ? 0 : decimals; i < 3; i++)
        value *= 10;
    *thousandths = value;
    return value <= 1000000000000000;
}

bool yaml_boolean(const struct yaml_node *node, bool *truth)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    if (!node || node->kind != YAML_SCALAR || node->quoted)
        return false;
    for (int i = 0; i < 6; i++)
        if (strcmp(node->text, words[i]) == 0) {
            *truth = i % 2;
            return true;
        }
    return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && !node->quoted &&
           (!node->text[0] || strcmp(node->text, "null") == 0 || strcmp(node->text, "~") == 0);
}
