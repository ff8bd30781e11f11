/* isa_tree.c - resolved specs in a cache, for reading YAML takes longer than running a small program. An entry is found by the
 * names of spec and machine and by the build; it names the files it was made of, and is used when their contents are the same.
 * An entry: "HSI1", four bytes of nothing, a check of what follows, then counts of files, nodes and bytes of text, the files, the
 * nodes in the order of the tree (a map's keys and values alternate), the texts. Numbers are the host's. */
#include "core/cache_folder.h"
#include "core/isa_parts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRY_HEAD = 4 + 4 + 16, ENTRY_LIMIT = 16 << 20 };

struct counts {
    uint32_t files, nodes, text, resolved; /* texts: bytes; resolved: where the resolved text begins */
};

struct kept_file {
    uint32_t path, reserved; /* place of a text */
    uint64_t key[2];
};

struct kept_node {
    uint32_t text;    /* place; of a scalar */
    uint32_t file;    /* place of its name */
    int32_t line, column;
    uint32_t count;
    uint8_t kind, quoted, reserved[2];
};

struct tree { /* an entry in memory */
    const struct counts *counts;
    const struct kept_file *files;
    const struct kept_node *nodes;
    char *text;
};

/* NULL when nothing can be kept. */
static char *entry_path(const struct isa_place *place, struct content_key *key)
{
    struct stat build;
    char *path = NULL;
    *key = (struct content_key)CONTENT_KEY_START;
    if (!place->directory || stat("/proc/self/exe", &build) != 0)
        return NULL;
    const int64_t stamp[4] = {build.st_size, build.st_mtim.tv_sec, build.st_mtim.tv_nsec, (int64_t)build.st_ino};
    content_key_add(key, stamp, sizeof stamp);
    content_key_add(key, place->path, strlen(place->path));
    if (place->machine_file)
        content_key_add(key, place->machine_file, strlen(place->machine_file));
    if (asprintf(&path, "%s/%016" PRIx64 "%016" PRIx64 ".isa", place->directory, key->words[0], key->words[1]) < 0)
        abort();
    return path;
}

static struct content_key check_of(const void *bytes, size_t size)
{
    struct content_key check = CONTENT_KEY_START;
    content_key_add(&check, bytes, size);
    return check;
}

/* ---- reading ---- */

/* What follows the head, when it is whole; lives in the arena. */
static char *read_entry(struct arena *arena, const char *path, size_t *size)
{
    char head[ENTRY_HEAD], *body = NULL;
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NULL;
    if (fstat(file, &status) == 0 && status.st_size > ENTRY_HEAD && status.st_size < ENTRY_LIMIT &&
        read(file, head, ENTRY_HEAD) == ENTRY_HEAD && !memcmp(head, "HSI1", 4)) {
        *size = (size_t)status.st_size - ENTRY_HEAD;
        body = arena_room(arena, *size);
        if (read(file, body, *size) != (ssize_t)*size)
            body = NULL;
    }
    close(file);
    if (!body)
        return NULL;
    struct content_key check = check_of(body, *size);
    return memcmp(head + 8, check.words, sizeof check.words) ? NULL : body;
}

static bool lay_out(char *body, size_t size, struct tree *tree)
{
    struct counts *counts = (struct counts *)(void *)body;
    if (size < sizeof *counts || counts->files > size || counts->nodes > size || counts->text > size)
        return false;
    size_t files = counts->files * sizeof *tree->files, nodes = counts->nodes * sizeof *tree->nodes;
    if (sizeof *counts + files + nodes + counts->text != size || !counts->text || body[size - 1] ||
        counts->resolved >= counts->text)
        return false;
    tree->counts = counts;
    tree->files = (struct kept_file *)(void *)(body + sizeof *counts);
    tree->nodes = (struct kept_node *)(void *)(body + sizeof *counts + files);
    tree->text = body + sizeof *counts + files + nodes;
    return true;
}

static bool files_are_the_same(const struct tree *tree)
{
    bool same = true;
    for (uint32_t i = 0; same && i < tree->counts->files; i++) {
        struct buffer text = {0};
        struct diag ignored;
        diag_init(&ignored);
        same = tree->files[i].path < tree->counts->text && yaml_read_text(tree->text + tree->files[i].path, &text, &ignored);
        struct content_key key = check_of(text.bytes, text.size);
        same = same && !memcmp(key.words, tree->files[i].key, sizeof key.words);
        diag_free(&ignored);
        buffer_free(&text);
    }
    return same;
}

/* The node at *next and what is in it. NULL: that is no tree. */
static struct yaml_node *build_node(struct arena *arena, const struct tree *tree, uint32_t *next, int depth)
{
    if (*next >= tree->counts->nodes || depth > YAML_MAX_DEPTH + 2)
        return NULL;
    const struct kept_node *kept = &tree->nodes[(*next)++];
    if (kept->text >= tree->counts->text || kept->file >= tree->counts->text || kept->kind > YAML_MAP ||
        kept->count > tree->counts->nodes)
        return NULL;
    struct yaml_node *node = arena_room(arena, sizeof *node);
    *node = (struct yaml_node){.kind = (enum yaml_kind)kept->kind, .file = tree->text + kept->file, .line = kept->line,
                               .column = kept->column, .quoted = kept->quoted};
    if (node->kind == YAML_SCALAR) {
        node->text = tree->text + kept->text;
        return node;
    }
    node->count = node->capacity = (int)kept->count;
    node->items = ARENA_ARRAY(arena, struct yaml_node *, kept->count);
    node->keys = ARENA_ARRAY(arena, struct yaml_node *, kept->count);
    for (uint32_t i = 0; i < kept->count; i++) {
        if (node->kind == YAML_MAP && !((node->keys[i] = build_node(arena, tree, next, depth + 1)) && node->keys[i]->text))
            return NULL;
        if (!(node->items[i] = build_node(arena, tree, next, depth + 1)))
            return NULL;
    }
    return node;
}

struct yaml_node *isa_tree_read(struct spec *spec, const struct isa_place *place, struct arena *nodes, const char **resolved_text)
{
    struct content_key key;
    struct tree tree;
    size_t size = 0;
    uint32_t next = 0;
    char *path = entry_path(place, &key);
    char *body = path ? read_entry(spec->arena, path, &size) : NULL;
    free(path);
    if (!body || !lay_out(body, size, &tree) || !files_are_the_same(&tree))
        return NULL;
    *resolved_text = tree.text + tree.counts->resolved;
    return build_node(nodes, &tree, &next, 0);
}

/* ---- writing ---- */

struct writer {
    struct buffer nodes, text;
    const char *file; /* of the latest node, and where its name is */
    uint32_t file_place;
};

static uint32_t add_text(struct writer *writer, const char *text)
{
    size_t place = writer->text.size;
    buffer_add(&writer->text, text, strlen(text) + 1);
    return (uint32_t)place;
}

static void add_node(struct writer *writer, const struct yaml_node *node)
{
    if (node->file != writer->file) {
        writer->file = node->file;
        writer->file_place = add_text(writer, node->file);
    }
    struct kept_node kept = {.text = node->kind == YAML_SCALAR ? add_text(writer, node->text) : 0, .file = writer->file_place,
                             .line = node->line, .column = node->column, .count = (uint32_t)node->count,
                             .kind = (uint8_t)node->kind, .quoted = node->quoted};
    buffer_add(&writer->nodes, &kept, sizeof kept);
    for (int i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP)
            add_node(writer, node->keys[i]);
        add_node(writer, node->items[i]);
    }
}

/* Whole or not at all. */
static void write_entry(const char *path, const struct buffer *body)
{
    struct content_key check = check_of(body->bytes, body->size);
    struct buffer out = {0}, temporary = {0};
    buffer_add(&out, "HSI1\0\0\0\0", 8);
    buffer_add(&out, check.words, sizeof check.words);
    buffer_add(&out, body->bytes, body->size);
    buffer_printf(&temporary, "%s.%ld.tmp", path, (long)getpid());
    int file = open(temporary.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool done = file >= 0 && write(file, out.bytes, out.size) == (ssize_t)out.size;
    if (file >= 0)
        done = close(file) == 0 && done;
    if (!done || rename(temporary.bytes, path) != 0)
        unlink(temporary.bytes);
    buffer_free(&out);
    buffer_free(&temporary);
}

void isa_tree_write(const struct spec *spec, const struct isa_place *place, const struct yaml_node *root,
                    const char *resolved_text)
{
    struct content_key key;
    char *path = entry_path(place, &key);
    if (!path)
        return;
    struct writer writer = {.file = NULL};
    struct buffer files = {0}, body = {0};
    struct counts counts = {.resolved = add_text(&writer, resolved_text)};
    for (const struct spec_file *file = spec->files; file; file = file->next, counts.files++) {
        struct kept_file kept = {.path = add_text(&writer, file->path), .key = {file->key.words[0], file->key.words[1]}};
        buffer_add(&files, &kept, sizeof kept);
    }
    add_node(&writer, root);
    counts.nodes = (uint32_t)(writer.nodes.size / sizeof(struct kept_node));
    counts.text = (uint32_t)writer.text.size;
    buffer_add(&body, &counts, sizeof counts);
    buffer_add(&body, files.bytes, files.size);
    buffer_add(&body, writer.nodes.bytes, writer.nodes.size);
    buffer_add(&body, writer.text.bytes, writer.text.size);
    if (body.size < ENTRY_LIMIT) {
        mkdir(place->directory, 0777); /* it is there, or its parent is not: then nothing is kept */
        write_entry(path, &body);
        cache_folder_written(place->directory, key.words[0], CACHE_FOLDER_LIMIT);
    }
    buffer_free(&files);
    buffer_free(&body);
    buffer_free(&writer.nodes);
    buffer_free(&writer.text);
    free(path);
}
