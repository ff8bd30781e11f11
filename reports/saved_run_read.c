/* saved_run_read.c - see saved_run.h. A file is believed only when everything that is used of it is there, has its type, and adds
 * up: the rows to the totals, the totals' tables to the totals. */
#include "reports/saved_run.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

struct reader {
    const char *path;
    struct diag *diag;
    struct arena *arena;
    const char *where; /* the part being read, for errors */
    bool failed;       /* the first error is the only one */
};

static const char *type_name(const json_t *value)
{
    if (!value)
        return "nothing";
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return json_integer_value(value) < 0 ? "a negative number" : "a number";
    case JSON_REAL:
        return "a fraction";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

static void damaged(struct reader *reader, const char *key, const char *expected, const json_t *found)
{
    if (!reader->failed)
        diag_error(reader->diag, reader->path, 0, 0, "damaged: found %s for '%s' of %s, expected %s", type_name(found), key,
                   reader->where, expected);
    reader->failed = true;
}

static json_t *read_object(struct reader *reader, const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (!json_is_object(value))
        damaged(reader, key, "an object", value);
    return json_is_object(value) ? value : NULL;
}

static json_t *read_list(struct reader *reader, const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (!json_is_array(value))
        damaged(reader, key, "a list", value);
    return json_is_array(value) ? value : NULL;
}

static const char *copy_text(struct reader *reader, const json_t *value, const char *key)
{
    if (!json_is_string(value)) {
        damaged(reader, key, "a text", value);
        return "";
    }
    return arena_copy(reader->arena, json_string_value(value), json_string_length(value));
}

static const char *read_text(struct reader *reader, const json_t *object, const char *key)
{
    return copy_text(reader, json_object_get(object, key), key);
}

static uint64_t number_of(struct reader *reader, const json_t *value, const char *key)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        damaged(reader, key, "a number", value);
        return 0;
    }
    return (uint64_t)json_integer_value(value);
}

static uint64_t read_number(struct reader *reader, const json_t *object, const char *key)
{
    return number_of(reader, json_object_get(object, key), key);
}

static bool read_boolean(struct reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_boolean(value))
        damaged(reader, key, "a boolean", value);
    return json_is_true(value);
}

static const char **read_texts(struct reader *reader, const json_t *object, const char *key, uint32_t *count)
{
    const json_t *list = read_list(reader, object, key);
    *count = (uint32_t)json_array_size(list);
    const char **texts = ARENA_ARRAY(reader->arena, const char *, *count + 1u);
    for (uint32_t i = 0; i < *count; i++)
        texts[i] = copy_text(reader, json_array_get(list, i), key);
    return texts;
}

/* ---- figures ---- */

static uint64_t read_table(struct reader *reader, const json_t *object, enum figure_group group, struct figures *figures)
{
    json_t *table = read_object(reader, object, figure_group_names[group]), *value;
    const char *name;
    uint64_t sum = 0;
    json_object_foreach(table, name, value) {
        uint64_t number = number_of(reader, value, name);
        figures_add(figures, group, name, number);
        sum += number;
    }
    return sum;
}

static void check_sum(struct reader *reader, const char *what, uint64_t sum, const char *total_name, uint64_t total)
{
    if (sum != total && !reader->failed) {
        diag_error(reader->diag, reader->path, 0, 0, "damaged: '%s' of %s adds up to %llu, but '%s' is %llu", what, reader->where,
                   (unsigned long long)sum, total_name, (unsigned long long)total);
        reader->failed = true;
    }
}

static void read_figures(struct reader *reader, const json_t *object, struct figures *figures)
{
    static const char *const totals[] = {"static_instructions", "instructions", "cycles", "code_bytes"};
    figures->arena = reader->arena;
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
        figures_add(figures, FIGURE_TOTAL, totals[i], read_number(reader, object, totals[i]));
    uint64_t instructions = figures->list[1].value, cycles = figures->list[2].value;
    check_sum(reader, "by_category", read_table(reader, object, FIGURE_CATEGORY, figures), "instructions", instructions);
    check_sum(reader, "cycle_stack", read_table(reader, object, FIGURE_CYCLES, figures), "cycles", cycles);
    if (json_object_get(object, "energy")) { /* files of earlier versions have none */
        uint64_t energy = read_number(reader, object, "energy");
        figures_add(figures, FIGURE_TOTAL, "energy", energy);
        check_sum(reader, "energy_parts", read_table(reader, object, FIGURE_ENERGY, figures), "energy", energy);
    }
    read_table(reader, object, FIGURE_EVENT, figures);
    read_table(reader, object, FIGURE_WORK, figures);
    check_sum(reader, "by_instruction", read_table(reader, object, FIGURE_INSTRUCTION, figures), "instructions", instructions);
}

/* Of the ISA, whatever was executed. */
static void read_area(struct reader *reader, const json_t *object, struct figures *figures)
{
    if (!json_object_get(object, "area"))
        return;
    uint64_t area = read_number(reader, object, "area");
    figures_add(figures, FIGURE_TOTAL, "area", area);
    check_sum(reader, "area_parts", read_table(reader, object, FIGURE_AREA, figures), "area", area);
}

/* ---- code objects and their rows ---- */

static void read_row(struct reader *reader, const json_t *value, uint32_t name_count, struct saved_row *row)
{
    uint64_t numbers[5];
    if (json_array_size(value) != 5) {
        damaged(reader, "rows", "five numbers", value);
        return;
    }
    for (size_t i = 0; i < 5; i++)
        numbers[i] = number_of(reader, json_array_get(value, i), "rows");
    if (numbers[1] >= name_count)
        damaged(reader, "rows", "the place of a name", json_array_get(value, 1));
    *row = (struct saved_row){(uint32_t)numbers[0], (uint32_t)numbers[1], numbers[2], numbers[3], numbers[4]};
}

static void read_code(struct reader *reader, const json_t *object, uint32_t name_count, struct saved_code *code)
{
    *code = (struct saved_code){.file = read_text(reader, object, "file"), .name = read_text(reader, object, "name"),
                                .line = (uint32_t)read_number(reader, object, "line"),
                                .is_script = read_boolean(reader, object, "script"),
                                .native_cycles = read_number(reader, object, "native_cycles")};
    const json_t *rows = read_list(reader, object, "rows");
    code->row_count = (uint32_t)json_array_size(rows);
    code->rows = ARENA_ARRAY(reader->arena, struct saved_row, code->row_count + 1u);
    for (uint32_t i = 0; i < code->row_count && !reader->failed; i++)
        read_row(reader, json_array_get(rows, i), name_count, &code->rows[i]);
}

static void read_codes(struct reader *reader, const json_t *object, struct saved_run *run)
{
    const json_t *codes = read_list(reader, object, "code_rows");
    uint64_t executed = 0, cycles = 0;
    run->code_count = (uint32_t)json_array_size(codes);
    run->codes = ARENA_ARRAY(reader->arena, struct saved_code, run->code_count + 1u);
    for (uint32_t i = 0; i < run->code_count && !reader->failed; i++) {
        struct saved_code *code = &run->codes[i];
        read_code(reader, json_array_get(codes, i), run->name_count, code);
        cycles += code->native_cycles;
        for (uint32_t row = 0; row < code->row_count; row++) {
            executed += code->rows[row].executed;
            cycles += code->rows[row].cycles;
        }
    }
    check_sum(reader, "code_rows", executed, "instructions", figures_value(&run->all, FIGURE_TOTAL, "instructions"));
    check_sum(reader, "code_rows", cycles, "cycles", figures_value(&run->all, FIGURE_TOTAL, "cycles"));
}

static void read_run(struct reader *reader, const json_t *object, struct saved_run *run)
{
    const char *where = reader->where;
    run->isa = read_text(reader, object, "isa");
    run->machine = read_text(reader, object, "machine");
    run->interrupted = read_boolean(reader, object, "interrupted");
    run->names = read_texts(reader, object, "names", &run->name_count);
    read_figures(reader, object, &run->all);
    read_area(reader, object, &run->all);
    read_table(reader, object, FIGURE_HIDDEN, &run->all);
    read_table(reader, object, FIGURE_NATIVE, &run->all);
    read_codes(reader, object, run);
    reader->where = arena_printf(reader->arena, "%s's 'script'", where);
    const json_t *script = read_object(reader, object, "script");
    read_figures(reader, script, &run->script);
    read_area(reader, object, &run->script);
}

/* ---- the file ---- */

static void read_sources(struct reader *reader, const json_t *root, struct saved_file *file)
{
    const json_t *sources = read_list(reader, root, "sources");
    file->source_count = (uint32_t)json_array_size(sources);
    file->sources = ARENA_ARRAY(reader->arena, struct saved_source, file->source_count + 1u);
    for (uint32_t i = 0; i < file->source_count && !reader->failed; i++) {
        const json_t *object = json_array_get(sources, i);
        struct saved_source *source = &file->sources[i];
        reader->where = arena_printf(reader->arena, "sources[%u]", i);
        source->file = read_text(reader, object, "file");
        source->sha256 = read_text(reader, object, "sha256");
        source->lines = json_object_get(object, "lines") ? read_texts(reader, object, "lines", &source->line_count) : NULL;
    }
}

static void read_file(struct reader *reader, const json_t *root, struct saved_file *file)
{
    const json_t *program = read_object(reader, root, "program"), *provenance = read_object(reader, root, "provenance");
    reader->where = "provenance";
    file->version = read_text(reader, provenance, "version");
    reader->where = "program";
    file->program = read_text(reader, program, "name");
    file->kind = read_text(reader, program, "kind");
    file->arguments = read_texts(reader, program, "arguments", &file->argument_count);
    file->exit_status = (int64_t)read_number(reader, program, "exit_status");
    file->interrupted = read_boolean(reader, program, "interrupted");
    reader->where = "the file";
    const json_t *runs = read_list(reader, root, "runs");
    file->run_count = (uint32_t)json_array_size(runs);
    file->runs = ARENA_ARRAY(reader->arena, struct saved_run, file->run_count + 1u);
    for (uint32_t i = 0; i < file->run_count && !reader->failed; i++) {
        reader->where = arena_printf(reader->arena, "runs[%u]", i);
        read_run(reader, json_array_get(runs, i), &file->runs[i]);
        const char *spec = json_string_value(json_object_get(json_array_get(json_object_get(provenance, "specs"), i), "text"));
        file->runs[i].spec = spec ? arena_copy(reader->arena, spec, strlen(spec)) : NULL;
    }
    read_sources(reader, root, file);
}

/* Whether it is a file of --save at all, and of a version that is known here. */
static bool recognise(const char *path, const json_t *root, struct diag *diag)
{
    const json_t *version = json_object_get(root, "saved_run"), *provenance = json_object_get(root, "provenance");
    if (!json_is_object(root))
        return diag_error(diag, path, 0, 0, "found %s in it, expected a saved run (a file written by --save)", type_name(root));
    if (!version && json_object_get(root, "schema") && json_object_get(root, "runs"))
        return diag_error(diag, path, 0, 0, "found a report, expected a saved run: written by --save instead of --report");
    if (!version)
        return diag_error(diag, path, 0, 0, "found other JSON, expected a saved run (a file written by --save)");
    if (!json_is_integer(version) || json_integer_value(version) < 1)
        return diag_error(diag, path, 0, 0, "damaged: found %s for 'saved_run', expected a version number", type_name(version));
    const char *writer = json_string_value(json_object_get(provenance, "version"));
    if (json_integer_value(version) > SAVED_RUN_VERSION)
        return diag_error(diag, path, 0, 0, "found a saved run of version %lld, written by hybridsim %s; this one reads up to "
                          "version %d", (long long)json_integer_value(version), writer ? writer : "(unknown)", SAVED_RUN_VERSION);
    return true;
}

struct saved_file *saved_file_read(const char *path, struct diag *diag)
{
    json_error_t error;
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        diag_error(diag, path, 0, 0, "cannot read: %s", strerror(errno));
        return NULL;
    }
    json_t *root = json_loadf(stream, JSON_REJECT_DUPLICATES, &error);
    fclose(stream);
    if (!root) {
        diag_error(diag, path, error.line > 0 ? error.line : 0, error.column > 0 ? error.column : 0,
                   "no saved run: not JSON: %s", error.text);
        return NULL;
    }
    struct arena *arena = arena_new();
    struct saved_file *file = ARENA_NEW(arena, struct saved_file);
    struct reader reader = {path, diag, arena, "the file", false};
    file->arena = arena;
    file->path = arena_copy(arena, path, strlen(path));
    bool good = recognise(path, root, diag);
    if (good)
        read_file(&reader, root, file);
    json_decref(root);
    if (good && !reader.failed)
        return file;
    arena_free(arena);
    return NULL;
}

void saved_file_free(struct saved_file *file)
{
    if (file)
        arena_free(file->arena);
}
