/* page_specs.c - see page_specs.h. A point's spec is the base's with settings laid over it; settings below different keys change
 * different lines, so the lines are found once for each combination of values below one key. */
#include "cli/sweep/page_specs.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COMBINATIONS = 4000, MAX_BASE_BYTES = 200000, LOOK_AHEAD = 400 };

struct lines {
    char **list;
    size_t count;
};

struct spec_part {            /* axes below one key */
    int axes[PAGE_MAX_AXES], axis_count;
    json_t *combinations;     /* texts of settings, to their numbers */
    uint32_t *choices;        /* of each point */
};

struct spec_writer {
    const struct page_points *points;
    struct arena *arena;
    struct yaml_node *base;
    struct lines lines;       /* the base's */
    uint8_t *touched;         /* of each line, and the end: the number of the part that changes it, from 1 */
    struct spec_part parts[PAGE_MAX_AXES];
    int part_count;
};

int page_number_width(size_t most)
{
    return most < 64 ? 1 : most < 4096 ? 2 : 3;
}

void page_add_number(struct buffer *text, size_t number, int width)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int shift = 6 * (width - 1); shift >= 0; shift -= 6)
        buffer_add_byte(text, (uint8_t)alphabet[number >> shift & 63]);
}

static struct lines split_lines(struct arena *arena, const char *text)
{
    struct lines lines = {NULL, 0};
    size_t room = 1;
    for (const char *c = text; *c; c++)
        room += *c == '\n';
    lines.list = ARENA_ARRAY(arena, char *, room);
    while (*text) {
        size_t size = strcspn(text, "\n");
        lines.list[lines.count++] = arena_copy(arena, text, size);
        text += size + (text[size] == '\n');
    }
    return lines;
}

/* Components of the path by which axes are grouped: keys of the machine and instructions are written a line each. */
static size_t part_length(const char *path)
{
    size_t first = strcspn(path, ".");
    bool is_deep = strncmp(path, "machine.", 8) == 0 || strncmp(path, "instructions.", 13) == 0;
    return is_deep ? first + 1 + strcspn(path + first + 1, ".") : first;
}

static void group_axes(struct spec_writer *writer)
{
    for (int i = 0; i < writer->points->axis_count; i++) {
        const char *name = writer->points->axes[i].name;
        struct spec_part *part = NULL;
        for (int k = 0; k < writer->part_count && !part; k++) {
            const char *other = writer->points->axes[writer->parts[k].axes[0]].name;
            if (part_length(other) == part_length(name) && strncmp(other, name, part_length(name)) == 0)
                part = &writer->parts[k];
        }
        if (!part)
            part = &writer->parts[writer->part_count++];
        part->axes[part->axis_count++] = i;
    }
}

static size_t number_combinations(struct spec_writer *writer, struct spec_part *part)
{
    const struct page_points *points = writer->points;
    struct buffer settings = {0};
    part->combinations = json_object();
    part->choices = ARENA_ARRAY(writer->arena, uint32_t, points->count);
    for (size_t point = 0; point < points->count; point++) {
        settings.size = 0;
        buffer_add_byte(&settings, '{');
        for (int i = 0; i < part->axis_count; i++) {
            const struct page_axis *axis = &points->axes[part->axes[i]];
            if (axis->numbers[point] == PAGE_AS_BASE)
                continue;
            json_t *name = json_string(axis->name);
            char *key = json_dumps(name, JSON_ENCODE_ANY);
            buffer_printf(&settings, "%s%s: %s", settings.size > 1 ? ", " : "", key, axis->texts[axis->numbers[point]]);
            free(key);
            json_decref(name);
        }
        buffer_add_byte(&settings, '}');
        const json_t *known = json_object_get(part->combinations, settings.bytes);
        part->choices[point] = known ? (uint32_t)json_integer_value(known) : (uint32_t)json_object_size(part->combinations);
        if (!known)
            json_object_set_new(part->combinations, settings.bytes, json_integer((json_int_t)part->choices[point]));
    }
    buffer_free(&settings);
    return json_object_size(part->combinations);
}

static bool same_line(const struct lines *base, size_t i, const struct lines *lines, size_t j)
{
    if (i >= base->count || j >= lines->count)
        return i >= base->count && j >= lines->count;
    return strcmp(base->list[i], lines->list[j]) == 0;
}

/* Where both go on alike after a difference, for two lines at least. */
static void find_agreement(const struct lines *base, size_t i, const struct lines *lines, size_t j, size_t *removed, size_t *added)
{
    for (size_t distance = 1; distance < LOOK_AHEAD; distance++)
        for (size_t less = 0; less <= distance; less++) {
            size_t a = distance - less, b = less;
            if (i + a <= base->count && j + b <= lines->count && same_line(base, i + a, lines, j + b) &&
                same_line(base, i + a + 1, lines, j + b + 1)) {
                *removed = a;
                *added = b;
                return;
            }
        }
    *removed = base->count - i;
    *added = lines->count - j;
}

static bool touch(struct spec_writer *writer, size_t line, size_t removed, int part)
{
    for (size_t i = line; i < line + (removed ? removed : 1); i++) {
        if (writer->touched[i] && writer->touched[i] != part)
            return false;
        writer->touched[i] = (uint8_t)part;
    }
    return true;
}

/* The edits that settings make. False when another part touches the same lines. */
static bool write_edits(struct spec_writer *writer, const char *settings, int part, struct json_writer *json)
{
    struct arena *scratch = arena_new();
    struct diag ignored;
    struct buffer yaml = {0};
    diag_init(&ignored);
    struct yaml_node *tree = view_apply_settings(scratch, writer->base, settings, &ignored);
    bool good = tree != NULL;
    if (good)
        yaml_write(tree, VIEW_SPEC_FLOW_DEPTH, &yaml);
    struct lines lines = split_lines(scratch, good ? yaml.bytes : "");
    json_open(json, '[');
    for (size_t i = 0, j = 0; good && (i < writer->lines.count || j < lines.count); i++, j++) {
        if (same_line(&writer->lines, i, &lines, j))
            continue;
        size_t removed, added;
        struct buffer text = {0};
        find_agreement(&writer->lines, i, &lines, j, &removed, &added);
        for (size_t k = 0; k < added; k++)
            buffer_printf(&text, "%s\n", lines.list[j + k]);
        json_open(json, '[');
        json_number(json, i);
        json_number(json, removed);
        json_text(json, text.bytes ? text.bytes : "");
        json_close(json, ']');
        buffer_free(&text);
        good = touch(writer, i, removed, part);
        i += removed;
        j += added;
        if (i >= writer->lines.count && j >= lines.count)
            break;
    }
    json_close(json, ']');
    buffer_free(&yaml);
    diag_free(&ignored);
    arena_free(scratch);
    return good;
}

static bool write_part(struct spec_writer *writer, int number, struct json_writer *json)
{
    struct spec_part *part = &writer->parts[number];
    const char *settings;
    json_t *value;
    bool good = true;
    struct buffer choices = {0};
    int width = page_number_width(json_object_size(part->combinations));
    json_open(json, '{');
    json_key(json, "edits");
    json_open(json, '[');
    json_object_foreach(part->combinations, settings, value)
        good = good && write_edits(writer, settings, number + 1, json);
    json_close(json, ']');
    for (size_t i = 0; i < writer->points->count; i++)
        page_add_number(&choices, part->choices[i], width);
    json_key(json, "choices");
    json_text(json, choices.bytes ? choices.bytes : "");
    json_close(json, '}');
    buffer_free(&choices);
    return good;
}

/* The one base of all points. */
static bool read_base(struct spec_writer *writer, struct results *results, char **name)
{
    const struct page_points *points = writer->points;
    sqlite3_stmt *rows = NULL;
    struct diag ignored;
    for (size_t i = 1; i < points->count; i++)
        if (points->bases[i] != points->bases[0])
            return false;
    diag_init(&ignored);
    char *query = sqlite3_mprintf("SELECT name, spec FROM bases WHERE id = %lld", (long long)points->bases[0]);
    bool good = sqlite3_prepare_v2(results->database, query, -1, &rows, NULL) == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW;
    sqlite3_free(query);
    if (good) {
        const char *found = (const char *)sqlite3_column_text(rows, 0), *spec = (const char *)sqlite3_column_text(rows, 1);
        *name = arena_copy(writer->arena, found, strlen(found));
        writer->base = strlen(spec) < MAX_BASE_BYTES ? yaml_parse(writer->arena, found, spec, strlen(spec), &ignored) : NULL;
    }
    sqlite3_finalize(rows);
    diag_free(&ignored);
    return writer->base != NULL;
}

void page_specs_write(const struct page_points *points, struct results *results, struct json_writer *json)
{
    struct spec_writer writer = {.points = points, .arena = arena_new()};
    struct buffer yaml = {0}, out = {0};
    struct json_writer inner = {.out = &out, .compact = true, .in_html = true};
    char *name = NULL;
    size_t combinations = 0;
    bool good = !points->left_out_axes && read_base(&writer, results, &name);
    if (good) {
        yaml_write(writer.base, VIEW_SPEC_FLOW_DEPTH, &yaml);
        writer.lines = split_lines(writer.arena, yaml.bytes);
        writer.touched = ARENA_ARRAY(writer.arena, uint8_t, writer.lines.count + 2);
        group_axes(&writer);
        for (int i = 0; i < writer.part_count; i++)
            combinations += number_combinations(&writer, &writer.parts[i]);
        good = combinations <= MAX_COMBINATIONS;
    }
    if (good) {
        json_open(&inner, '{');
        json_key(&inner, "name");
        json_text(&inner, name);
        json_key(&inner, "base");
        json_text(&inner, yaml.bytes);
        json_key(&inner, "parts");
        json_open(&inner, '[');
        for (int i = 0; good && i < writer.part_count; i++)
            good = write_part(&writer, i, &inner);
        json_close(&inner, ']');
        json_close(&inner, '}');
    }
    json_literal(json, good ? out.bytes : "null");
    for (int i = 0; i < writer.part_count; i++)
        json_decref(writer.parts[i].combinations);
    buffer_free(&yaml);
    buffer_free(&out);
    arena_free(writer.arena);
}
