/* categories.c - see categories.h. */
#include "core/categories.h"

#include "core/spec.h"
#include "core/yaml.h"

#include <fnmatch.h>
#include <string.h>

static const struct yaml_node *read_list(struct spec *spec, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *list = yaml_get(map, key);
    if (!list)
        return NULL;
    if (list->kind != YAML_SEQUENCE) {
        spec_error(spec, list, "found %s for `%s`, expected a sequence", yaml_describe(spec->arena, list), key);
        return NULL;
    }
    return list;
}

/* The places of a list's words in `known`, as bits. A word that is in `taken` already is an error. */
static uint32_t read_bits(struct spec *spec, const struct yaml_node *map, const char *key, const char *const *known, int count,
                          uint32_t *taken)
{
    const struct yaml_node *list = read_list(spec, map, key);
    uint32_t bits = 0;
    for (int i = 0; list && i < list->count; i++) {
        const struct yaml_node *node = list->items[i];
        int found = -1;
        for (int k = 0; node->kind == YAML_SCALAR && k < count; k++)
            if (strcmp(known[k], node->text) == 0)
                found = k;
        if (found < 0) {
            struct buffer names = {0};
            for (int k = 0; k < count; k++)
                buffer_printf(&names, "%s%s", k ? ", " : "", known[k]);
            spec_error(spec, node, "found %s in `%s`, expected one of: %s", yaml_describe(spec->arena, node), key, names.bytes);
            buffer_free(&names);
        } else if (*taken & 1u << found) {
            spec_error(spec, node, "found `%s` a second time: it can be in one place only", known[found]);
        } else {
            bits |= 1u << found;
            *taken |= 1u << found;
        }
    }
    return bits;
}

static bool is_colour(const char *text)
{
    return strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static void read_category(struct spec *spec, struct categories *categories, const struct yaml_node *node, uint32_t *isa_taken,
                          uint32_t *work_taken)
{
    struct category *category = &categories->list[categories->count];
    if (!spec_keys(spec, node, "a category", "name isa instructions native colour"))
        return;
    category->name = spec_text(spec, node, "name");
    if (!category->name || !*category->name) {
        if (!category->name && !yaml_get(node, "name"))
            spec_error(spec, node, "found no `name`, expected the category's");
        return;
    }
    for (int i = 0; i < categories->count; i++)
        if (strcmp(categories->list[i].name, category->name) == 0)
            spec_error(spec, yaml_get(node, "name"), "found category `%s` a second time", category->name);
    category->colour = spec_text(spec, node, "colour");
    if (category->colour && !is_colour(category->colour))
        spec_error(spec, yaml_get(node, "colour"), "found colour `%s`, expected one like \"#33658a\"", category->colour);
    if (!category->colour)
        category->colour = "#8d99ae";
    category->isa = read_bits(spec, node, "isa", category_names, CATEGORY_COUNT, isa_taken);
    category->native = read_bits(spec, node, "native", work_names, WORK_COUNT, work_taken);
    const struct yaml_node *patterns = read_list(spec, node, "instructions");
    category->patterns = ARENA_ARRAY(spec->arena, const char *, patterns ? patterns->count : 0);
    for (int i = 0; patterns && i < patterns->count; i++) {
        if (patterns->items[i]->kind == YAML_SCALAR)
            category->patterns[category->pattern_count++] = patterns->items[i]->text;
        else
            spec_error(spec, patterns->items[i], "found %s in `instructions`, expected an instruction's name",
                       yaml_describe(spec->arena, patterns->items[i]));
    }
    categories->count++;
}

/* A category for what is in no other: `other`, or one made for it. */
static void add_rest(struct categories *categories)
{
    int at = 0;
    while (at < categories->count && strcmp(categories->list[at].name, "other") != 0)
        at++;
    struct category rest = {.name = "other", .colour = "#8d99ae"};
    if (at < categories->count) {
        rest = categories->list[at];
        memmove(&categories->list[at], &categories->list[at + 1], (size_t)(categories->count - at - 1) * sizeof rest);
        categories->count--;
    }
    categories->list[categories->count++] = rest;
}

struct categories *categories_load(const char *path, struct diag *diag)
{
    struct spec spec = {.arena = arena_new(), .diag = diag};
    size_t errors = diag->count;
    struct categories *categories = ARENA_NEW(spec.arena, struct categories);
    struct yaml_node *root = yaml_read(spec.arena, path, diag);
    categories->arena = spec.arena;
    categories->file = arena_copy(spec.arena, path, strlen(path));
    if (root && spec_keys(&spec, root, "the file", "categories amounts")) {
        const struct yaml_node *list = read_list(&spec, root, "categories");
        uint32_t isa_taken = 0, work_taken = 0;
        if (!list && diag->count == errors)
            spec_error(&spec, root, "found no `categories`, expected a sequence of them");
        categories->list = ARENA_ARRAY(spec.arena, struct category, list ? list->count + 1 : 1);
        for (int i = 0; list && i < list->count; i++)
            read_category(&spec, categories, list->items[i], &isa_taken, &work_taken);
        categories->amounts = read_bits(&spec, root, "amounts", work_names, WORK_COUNT, &work_taken);
        add_rest(categories);
    }
    if (diag->count == errors && root)
        return categories;
    arena_free(spec.arena);
    return NULL;
}

void categories_free(struct categories *categories)
{
    if (categories)
        arena_free(categories->arena);
}

int category_of_instruction(const struct categories *categories, const char *name, int isa_category)
{
    for (int i = 0; i < categories->count; i++)
        for (int p = 0; p < categories->list[i].pattern_count; p++)
            if (fnmatch(categories->list[i].patterns[p], name, 0) == 0)
                return i;
    for (int i = 0; i < categories->count; i++)
        if (categories->list[i].isa & 1u << isa_category)
            return i;
    return categories->count - 1;
}

int category_of_work(const struct categories *categories, int kind)
{
    for (int i = 0; i < categories->count; i++)
        if (categories->list[i].native & 1u << kind)
            return i;
    return -1;
}
