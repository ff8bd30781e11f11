/* page_code.c - source, bytecode and machine code in a page's data: the script's files first, then those with the most cycles, as
 * long as there is room. */
#include "reports/page_model.h"
#include "reports/source_text.h"

#include <stdlib.h>
#include <string.h>

enum { OTHER_FILES = 8 };

struct shown_file {
    const char *name;
    uint64_t cycles;
    bool is_script, is_cut;
    int32_t lines;        /* shown */
};

struct shown_line {
    uint32_t file, line;
    uint64_t instructions, cycles;
};

struct code_writer {
    struct json_writer *json;
    const struct page_section *section;
    struct shown_file *files;
    uint32_t file_count;  /* the first of them are shown */
    uint32_t known_count;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct shown_file *)a)->name, ((const struct shown_file *)b)->name);
}

static int compare_weights(const void *a, const void *b)
{
    const struct shown_file *left = a, *right = b;
    if (left->is_script != right->is_script)
        return left->is_script ? -1 : 1;
    if (left->cycles != right->cycles)
        return left->cycles > right->cycles ? -1 : 1;
    return strcmp(left->name, right->name);
}

/* Every file of the first tree once, the most important first. */
static void find_files(struct code_writer *writer)
{
    const struct calltree *tree = writer->section->trees[0];
    struct shown_file *files = calloc(tree->function_count + 1u, sizeof *files);
    uint64_t *cycles = calloc(tree->function_count + 1u, sizeof *cycles);
    uint32_t count = 0, kept = 0;
    if (!files || !cycles)
        abort();
    for (uint32_t i = 0; i < tree->line_count; i++)
        cycles[tree->lines[i].function] += tree->lines[i].cycles;
    for (uint32_t i = 0; i < tree->function_count; i++)
        if (tree->functions[i].file)
            files[count++] = (struct shown_file){.name = tree->functions[i].file, .cycles = cycles[i],
                                                 .is_script = tree->functions[i].is_script};
    qsort(files, count, sizeof *files, compare_names);
    for (uint32_t i = 1; i < count; i++) {
        if (strcmp(files[kept].name, files[i].name) == 0)
            files[kept].cycles += files[i].cycles;
        else
            files[++kept] = files[i];
    }
    writer->known_count = count ? kept + 1 : 0;
    qsort(files, writer->known_count, sizeof *files, compare_weights);
    writer->files = files;
    free(cycles);
}

static void load_source(const struct code_writer *writer, const struct shown_file *file, struct source_text *source)
{
    if (file->is_script && file->name[0] == '<' && writer->section->text)
        source_text_of(source, writer->section->text);
    else
        source_text_load(source, file->name);
}

static size_t size_of_source(const struct source_text *source, int32_t lines)
{
    size_t size = 0;
    for (int32_t line = 1; line <= lines; line++)
        size += strlen(source_text_line(source, line)) + 2;
    return size;
}

static void write_file(const struct code_writer *writer, const struct shown_file *file, const struct source_text *source)
{
    struct json_writer *json = writer->json;
    struct buffer text = {0};
    for (int32_t line = 1; line <= file->lines; line++) {
        buffer_add_text(&text, source_text_line(source, line));
        buffer_add_byte(&text, '\n');
    }
    json_open(json, '{');
    json_key(json, "name");
    json_text(json, page_short_file(writer->section->trees[0], file->name));
    json_key(json, "script");
    json_boolean(json, file->is_script);
    json_key(json, "cut");
    json_boolean(json, file->is_cut);
    json_key(json, "source");
    json_text(json, text.bytes ? text.bytes : "");
    json_close(json, '}');
    buffer_free(&text);
}

/* The script's files as far as there is room for them; others only whole, and not after one that has none. */
static void write_files(struct code_writer *writer, size_t room)
{
    struct json_writer *json = writer->json;
    uint32_t others = 0;
    json_key(json, "files");
    json_open(json, '[');
    for (; writer->file_count < writer->known_count; writer->file_count++) {
        struct shown_file *file = &writer->files[writer->file_count];
        struct source_text source;
        if (!file->is_script && (others++ == OTHER_FILES || !file->cycles))
            break;
        load_source(writer, file, &source);
        file->lines = source.count;
        size_t size = size_of_source(&source, file->lines);
        if (!file->is_script && size > room) {
            source_text_free(&source);
            break;
        }
        for (; size > room; file->is_cut = true)
            size -= strlen(source_text_line(&source, file->lines--)) + 2;
        room -= size;
        write_file(writer, file, &source);
        source_text_free(&source);
    }
    json_close(json, ']');
    json_key(json, "files_left_out");
    json_number(json, writer->known_count - writer->file_count);
}

static uint32_t place_of_file(const struct code_writer *writer, const char *name)
{
    for (uint32_t i = 0; i < writer->file_count; i++)
        if (strcmp(writer->files[i].name, name) == 0)
            return i;
    return UINT32_MAX;
}

/* ---- lines ---- */

static int compare_lines(const void *a, const void *b)
{
    const struct shown_line *left = a, *right = b;
    if (left->file != right->file)
        return left->file < right->file ? -1 : 1;
    return left->line < right->line ? -1 : left->line > right->line;
}

/* The tree's lines of the files shown, each once and in order; to be freed. */
static struct shown_line *collect_lines(const struct code_writer *writer, const struct calltree *tree, uint32_t *count)
{
    struct shown_line *lines = calloc(tree->line_count + 1u, sizeof *lines);
    uint32_t *files = calloc(tree->function_count + 1u, sizeof *files), found = 0, kept = 0;
    if (!lines || !files)
        abort();
    for (uint32_t i = 0; i < tree->function_count; i++)
        files[i] = tree->functions[i].file ? place_of_file(writer, tree->functions[i].file) : UINT32_MAX;
    for (uint32_t i = 0; i < tree->line_count; i++) {
        const struct calltree_line *line = &tree->lines[i];
        uint32_t file = files[line->function];
        if (file != UINT32_MAX && line->line && line->line <= (uint32_t)writer->files[file].lines)
            lines[found++] = (struct shown_line){file, line->line, line->instructions, line->cycles};
    }
    qsort(lines, found, sizeof *lines, compare_lines);
    for (uint32_t i = 1; i < found; i++) {
        if (compare_lines(&lines[kept], &lines[i]) != 0) {
            lines[++kept] = lines[i];
            continue;
        }
        lines[kept].instructions += lines[i].instructions;
        lines[kept].cycles += lines[i].cycles;
    }
    *count = found ? kept + 1 : 0;
    free(files);
    return lines;
}

/* Three lists of the same length: line numbers as distances from the one before, instructions, cycles. */
static void write_lines_of_file(struct json_writer *json, const struct shown_line *lines, uint32_t count)
{
    json_open(json, '{');
    json_key(json, "lines");
    json_open(json, '[');
    for (uint32_t i = 0; i < count; i++)
        json_number(json, lines[i].line - (i ? lines[i - 1].line : 0));
    json_close(json, ']');
    json_key(json, "instructions");
    json_open(json, '[');
    for (uint32_t i = 0; i < count; i++)
        json_number(json, lines[i].instructions);
    json_close(json, ']');
    json_key(json, "cycles");
    json_open(json, '[');
    for (uint32_t i = 0; i < count; i++)
        json_number(json, lines[i].cycles);
    json_close(json, ']');
    json_close(json, '}');
}

static void write_heat(const struct code_writer *writer)
{
    struct json_writer *json = writer->json;
    json_key(json, "heat");
    json_open(json, '[');
    for (int run = 0; run < writer->section->count; run++) {
        uint32_t count, first = 0;
        struct shown_line *lines = collect_lines(writer, writer->section->trees[run], &count);
        json_open(json, '[');
        for (uint32_t file = 0; file < writer->file_count; file++) {
            uint32_t end = first;
            while (end < count && lines[end].file == file)
                end++;
            write_lines_of_file(json, lines + first, end - first);
            first = end;
        }
        json_close(json, ']');
        free(lines);
    }
    json_close(json, ']');
}

/* ---- functions ---- */

static void write_bytecode(struct json_writer *json, const struct code_view_function *function)
{
    json_key(json, "bytecode");
    json_open(json, '[');
    for (uint32_t i = 0; i < function->bytecode_count; i++) {
        const struct code_view_bytecode *row = &function->bytecode[i];
        json_open(json, '[');
        json_number(json, row->offset);
        json_signed(json, row->line);
        json_number(json, row->executed);
        json_text(json, row->text);
        json_close(json, ']');
    }
    json_close(json, ']');
}

static void write_machine(struct json_writer *json, const struct code_view_function *function)
{
    json_open(json, '{');
    json_key(json, "instructions");
    json_number(json, function->instructions);
    json_key(json, "cycles");
    json_number(json, function->cycles);
    json_key(json, "native");
    json_number(json, function->elsewhere);
    json_key(json, "machine");
    json_open(json, '[');
    for (uint32_t i = 0; i < function->machine_count; i++) {
        const struct code_view_machine *row = &function->machine[i];
        json_open(json, '[');
        json_number(json, row->bytecode);
        json_number(json, row->address);
        json_number(json, row->executed);
        json_number(json, row->cycles);
        json_text(json, row->encoding);
        json_text(json, row->text);
        if (row->first != row->bytecode)
            json_number(json, row->first);
        json_close(json, ']');
    }
    json_close(json, ']');
    json_close(json, '}');
}

/* The same function under another ISA. */
static const struct code_view_function *counterpart(const struct code_view *view, uint32_t index,
                                                    const struct code_view_function *function)
{
    const struct code_view_function *other = index < view->function_count ? &view->functions[index] : NULL;
    return other && other->line == function->line && strcmp(other->name, function->name) == 0 ? other : NULL;
}

static void write_function(const struct code_writer *writer, struct json_writer *json, uint32_t file, uint32_t index)
{
    const struct code_view_function *function = &writer->section->views[0]->functions[index];
    json_open(json, '{');
    json_key(json, "file");
    json_number(json, file);
    json_key(json, "name");
    json_text(json, function->name);
    json_key(json, "line");
    json_number(json, function->line);
    write_bytecode(json, function);
    json_key(json, "runs");
    json_open(json, '[');
    for (int run = 0; run < writer->section->count; run++) {
        const struct code_view_function *same = counterpart(writer->section->views[run], index, function);
        if (same)
            write_machine(json, same);
        else
            json_literal(json, "null");
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void write_functions(const struct code_writer *writer, size_t room)
{
    const struct code_view *view = writer->section->views[0];
    uint32_t left_out = view->left_out;
    bool has_items = false;
    json_key(writer->json, "code");
    json_open(writer->json, '[');
    for (uint32_t i = 0; i < view->function_count; i++) {
        struct buffer text = {0};
        struct json_writer json = *writer->json;
        uint32_t file = place_of_file(writer, view->functions[i].file);
        json.out = &text;
        json.has_items = has_items;
        if (file != UINT32_MAX)
            write_function(writer, &json, file, i);
        if (text.size && text.size <= room) {
            room -= text.size;
            buffer_add(writer->json->out, text.bytes, text.size);
            has_items = true;
        } else {
            left_out++;
        }
        buffer_free(&text);
    }
    writer->json->has_items = has_items;
    json_close(writer->json, ']');
    json_key(writer->json, "code_left_out");
    json_number(writer->json, left_out);
}

void page_write_code(struct json_writer *json, const struct page_section *section, const struct page_limits *limits)
{
    struct code_writer writer = {.json = json, .section = section};
    json_key(json, "isas");
    json_open(json, '[');
    for (int i = 0; i < section->count; i++)
        json_text(json, section->views[i]->isa);
    json_close(json, ']');
    find_files(&writer);
    write_files(&writer, limits->source_bytes);
    write_heat(&writer);
    write_functions(&writer, limits->code_bytes);
    free(writer.files);
}
