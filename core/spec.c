/* spec.c - see spec.h. */
#include "core/spec.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INHERITANCE = 32 };

const char *spec_path(struct spec *spec, const struct yaml_node *node)
{
    const char *slash = strrchr(node->file, '/');
    if (node->text[0] == '/' || !slash)
        return node->text;
    return arena_printf(spec->arena, "%.*s/%s", (int)(slash - node->file), node->file, node->text);
}

/* `NAME: off` only makes sense for what is inherited; taken out of the merged map. */
static void remove_what_is_off(struct spec *spec, const struct yaml_node *base, struct yaml_node *merged)
{
    const struct yaml_node *before = yaml_get(base, "instructions");
    struct yaml_node *after = yaml_get(merged, "instructions");
    for (int i = 0; after && after->kind == YAML_MAP && i < after->count;) {
        const struct yaml_node *key = after->keys[i];
        bool truth = true;
        if (!yaml_boolean(after->items[i], &truth) || truth) {
            i++;
            continue;
        }
        if (!yaml_get(before, key->text))
            spec_error(spec, key, "found `%s: off`, expected the name of an inherited instruction", key->text);
        yaml_set(spec->arena, after, key->text, NULL);
    }
}

static struct yaml_node *read_file(struct spec *spec, const char *path)
{
    struct buffer text = {0};
    struct yaml_node *root = NULL;
    if (yaml_read_text(path, &text, spec->diag)) {
        struct spec_file *file = ARENA_NEW(spec->arena, struct spec_file);
        *file = (struct spec_file){spec->files, arena_copy(spec->arena, path, strlen(path)), CONTENT_KEY_START};
        content_key_add(&file->key, text.bytes, text.size);
        spec->files = file;
        root = yaml_parse(spec->arena, path, text.size ? text.bytes : "", text.size, spec->diag);
    }
    buffer_free(&text);
    return root;
}

static struct yaml_node *read_with_parents(struct spec *spec, const char *path, char **ancestors, int count)
{
    struct yaml_node *root = read_file(spec, path);
    if (!root)
        return NULL;
    if (root->kind != YAML_MAP) {
        spec_error(spec, root, "found %s, expected a map of keys", yaml_describe(spec->arena, root));
        return NULL;
    }
    const struct yaml_node *inherits = yaml_get(root, "inherits");
    struct yaml_node *base = NULL;
    if (inherits) {
        if (inherits->kind != YAML_SCALAR || yaml_is_null(inherits)) {
            spec_error(spec, inherits, "found %s, expected the path of a spec", yaml_describe(spec->arena, inherits));
            return NULL;
        }
        const char *parent = spec_path(spec, inherits);
        char *real = realpath(parent, NULL);
        if (!real) {
            spec_error(spec, inherits, "found `%s`, expected a spec that exists", inherits->text);
            return NULL;
        }
        bool cycle = count + 1 >= MAX_INHERITANCE;
        for (int i = 0; i < count; i++)
            cycle |= strcmp(ancestors[i], real) == 0;
        if (cycle) {
            spec_error(spec, inherits, "found `%s`, which inherits from this spec itself: a cycle", inherits->text);
        } else {
            ancestors[count] = real;
            base = read_with_parents(spec, parent, ancestors, count + 1);
        }
        free(real);
        if (!base)
            return NULL;
    }
    struct yaml_node *merged = base ? yaml_merge(spec->arena, base, root) : root;
    remove_what_is_off(spec, base, merged);
    yaml_set(spec->arena, merged, "inherits", NULL);
    return merged;
}

struct yaml_node *spec_read(struct spec *spec, const char *path)
{
    char *ancestors[MAX_INHERITANCE];
    ancestors[0] = realpath(path, NULL);
    if (!ancestors[0])
        return yaml_read(spec->arena, path, spec->diag); /* reports why it cannot be opened */
    struct yaml_node *root = read_with_parents(spec, path, ancestors, 1);
    free(ancestors[0]);
    return root;
}

static char separator_of(const char *words)
{
    return strchr(words, '|') ? '|' : ' ';
}

int spec_word_index(const char *words, const char *text)
{
    char separator = separator_of(words);
    size_t length = strlen(text);
    for (int i = 0; *words; i++) {
        const char *end = strchrnul(words, separator);
        if ((size_t)(end - words) == length && memcmp(words, text, length) == 0)
            return i;
        words = *end ? end + 1 : end;
    }
    return -1;
}

/* "a b c" as "a, b or c". */
static const char *words_listed(struct spec *spec, const char *words)
{
    struct buffer text = {0};
    char separator = separator_of(words);
    for (const char *start = words; *start;) {
        const char *end = strchrnul(start, separator);
        if (start != words)
            buffer_add_text(&text, strchr(start, separator) ? ", " : " or ");
        buffer_add(&text, start, (size_t)(end - start));
        start = *end ? end + 1 : end;
    }
    const char *listed = arena_copy(spec->arena, text.bytes, text.size);
    buffer_free(&text);
    return listed;
}

bool spec_keys(struct spec *spec, const struct yaml_node *node, const char *what, const char *allowed)
{
    if (node->kind != YAML_MAP)
        return spec_error(spec, node, "found %s, expected %s: a map", yaml_describe(spec->arena, node), what);
    for (int i = 0; i < node->count; i++)
        if (spec_word_index(allowed, node->keys[i]->text) < 0)
            spec_error(spec, node->keys[i], "found unknown key `%s` in %s, expected %s", node->keys[i]->text, what,
                       words_listed(spec, allowed));
    return true;
}

struct yaml_node *spec_map(struct spec *spec, const struct yaml_node *map, const char *key)
{
    struct yaml_node *node = yaml_get(map, key);
    if (node && node->kind != YAML_MAP) {
        spec_error(spec, node, "found %s for `%s`, expected a map", yaml_describe(spec->arena, node), key);
        return NULL;
    }
    return node;
}

const char *spec_text(struct spec *spec, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return NULL;
    if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
        spec_error(spec, node, "found %s for `%s`, expected a text", yaml_describe(spec->arena, node), key);
        return NULL;
    }
    return node->text;
}

int spec_integer(struct spec *spec, const struct yaml_node *map, const char *key, int least, int most, int otherwise)
{
    const struct yaml_node *node = yaml_get(map, key);
    int64_t number = otherwise;
    if (node && !yaml_integer(node, least, most, &number))
        spec_error(spec, node, "found %s for `%s`, expected a whole number from %d to %d",
                   yaml_describe(spec->arena, node), key, least, most);
    return (int)number;
}

int64_t spec_thousandths(struct spec *spec, const struct yaml_node *map, const char *key, int64_t otherwise)
{
    const struct yaml_node *node = yaml_get(map, key);
    int64_t number = otherwise;
    if (node && !yaml_thousandths(node, &number)) {
        spec_error(spec, node, "found %s for `%s`, expected a number of cycles with at most three decimals",
                   yaml_describe(spec->arena, node), key);
        return otherwise;
    }
    return number;
}

bool spec_boolean(struct spec *spec, const struct yaml_node *map, const char *key, bool otherwise)
{
    const struct yaml_node *node = yaml_get(map, key);
    bool truth = otherwise;
    if (node && !yaml_boolean(node, &truth))
        spec_error(spec, node, "found %s for `%s`, expected yes or no", yaml_describe(spec->arena, node), key);
    return truth;
}

int spec_word(struct spec *spec, const struct yaml_node *map, const char *key, const char *words, int otherwise)
{
    const char *text = spec_text(spec, map, key);
    if (!text)
        return otherwise;
    int index = spec_word_index(words, text);
    if (index < 0) {
        spec_error(spec, yaml_get(map, key), "found `%s` for `%s`, expected %s", text, key,
                   words_listed(spec, words));
        return otherwise;
    }
    return index;
}
