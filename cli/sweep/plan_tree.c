/* plan_tree.c - from a point of a sweep to its spec: settings laid over the base's tree. */
#include "cli/sweep/expression.h"
#include "cli/sweep/plan.h"

#include <math.h>
#include <string.h>

static const char instructions_prefix[] = "instructions.";

/* The name of the instruction that a path is all about; NULL: it is another key's. */
static const char *switched_instruction(const char *path)
{
    size_t size = sizeof instructions_prefix - 1;
    return strncmp(path, instructions_prefix, size) == 0 && !strchr(path + size, '.') ? path + size : NULL;
}

struct yaml_node *sweep_tree_find(struct yaml_node *tree, const char *path)
{
    char part[256];
    while (tree && *path) {
        size_t size = strcspn(path, ".");
        if (size >= sizeof part)
            return NULL;
        memcpy(part, path, size);
        part[size] = 0;
        tree = tree->kind == YAML_MAP ? yaml_get(tree, part) : NULL;
        path += size + (path[size] == '.');
    }
    return tree;
}

static struct yaml_node *copy_node(struct arena *arena, const struct yaml_node *node, enum yaml_kind kind)
{
    struct yaml_node *copy = ARENA_NEW(arena, struct yaml_node);
    *copy = (struct yaml_node){.kind = kind, .file = node->file, .line = node->line, .column = node->column};
    return copy;
}

/* {first: {second: value}}, all of it standing where `key` does. */
static struct yaml_node *nest_value(struct arena *arena, const char *path, const struct yaml_node *key, struct yaml_node *value)
{
    size_t size = strcspn(path, ".");
    struct yaml_node *map = copy_node(arena, key, YAML_MAP), *name = copy_node(arena, key, YAML_SCALAR);
    name->text = arena_copy(arena, path, size);
    map->count = map->capacity = 1;
    map->keys = ARENA_ARRAY(arena, struct yaml_node *, 1);
    map->items = ARENA_ARRAY(arena, struct yaml_node *, 1);
    map->keys[0] = name;
    map->items[0] = path[size] ? nest_value(arena, path + size + 1, key, value) : value;
    return map;
}

/* A key of an instruction that is not there. */
static bool is_of_absent(struct yaml_node *tree, const char *path)
{
    size_t prefix = sizeof instructions_prefix - 1, size = strncmp(path, instructions_prefix, prefix) == 0 ?
                                                           prefix + strcspn(path + prefix, ".") : 0;
    char instruction[256];
    if (!size || !path[size] || size >= sizeof instruction)
        return false;
    memcpy(instruction, path, size);
    instruction[size] = 0;
    return !sweep_tree_find(tree, instruction);
}

struct yaml_node *sweep_tree_change(struct arena *arena, struct yaml_node *tree, const char *path, const struct yaml_node *key,
                                    struct yaml_node *value)
{
    const char *instruction = switched_instruction(path);
    bool on = true;
    if (is_of_absent(tree, path))
        return tree;
    bool switched = instruction && yaml_boolean(value, &on);
    if (switched && on)
        return tree;
    tree = yaml_merge(arena, tree, nest_value(arena, path, key, value));
    if (switched)
        yaml_set(arena, yaml_get(tree, "instructions"), instruction, NULL);
    return tree;
}

struct lookup {
    const struct sweep_plan *plan;
    uint32_t point;
    struct arena *arena;
};

static struct yaml_node *chosen(const struct sweep_plan *plan, uint32_t point, int axis)
{
    uint16_t choice = plan->choices[(size_t)point * (size_t)plan->axis_count + (size_t)axis];
    return choice == SWEEP_AS_BASE ? NULL : plan->axes[axis].values[choice];
}

/* What a path is in the point: an axis' value, else the base's. */
static const char *look_up(void *context, const char *path)
{
    const struct lookup *lookup = context;
    const struct sweep_plan *plan = lookup->plan;
    struct yaml_node *node = NULL;
    for (int i = 0; i < plan->axis_count && !node; i++)
        if (strcmp(plan->axes[i].path, path) == 0)
            node = chosen(plan, lookup->point, i);
    if (!node)
        node = sweep_tree_find(plan->tree, path);
    if (!node)
        return NULL;
    if (node->kind == YAML_MAP)
        return switched_instruction(path) ? "on" : NULL;
    return node->kind == YAML_SCALAR ? node->text : NULL;
}

bool sweep_point_is_wanted(const struct sweep_plan *plan, uint32_t point, const struct yaml_node *where, bool *wanted,
                           struct arena *arena, struct diag *diag)
{
    struct lookup lookup = {plan, point, arena};
    *wanted = true;
    for (int i = 0; where && i < where->count; i++) {
        struct expression_value value;
        if (!expression_evaluate(where->items[i], look_up, &lookup, &value, arena, diag))
            return false;
        *wanted &= expression_is_true(&value);
    }
    return true;
}

/* The value of an axis, or the result of a derived key's expression; NULL: as in the base, or after an error. */
static struct yaml_node *point_value(const struct sweep_plan *plan, uint32_t point, int axis, struct arena *arena,
                                     struct diag *diag)
{
    if (axis < plan->axis_count)
        return chosen(plan, point, axis);
    struct lookup lookup = {plan, point, arena};
    struct expression_value value;
    const struct sweep_axis *derived = &plan->axes[axis];
    if (!expression_evaluate(derived->expression, look_up, &lookup, &value, arena, diag))
        return NULL;
    struct yaml_node *node = copy_node(arena, derived->expression, YAML_SCALAR);
    node->text = value.text ? value.text : arena_printf(arena, "%.12g", value.number);
    return node;
}

static bool is_json_number(const char *text)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    size_t whole = strspn(digits, "0123456789");
    if (!whole || (digits[0] == '0' && whole > 1))
        return false;
    if (!digits[whole])
        return true;
    size_t fraction = digits[whole] == '.' ? strspn(digits + whole + 1, "0123456789") : 0;
    return fraction && !digits[whole + 1 + fraction];
}

static void write_json_text(const char *text, struct buffer *json)
{
    buffer_add_byte(json, '"');
    for (const char *c = text; *c; c++)
        if (*c == '"' || *c == '\\')
            buffer_printf(json, "\\%c", *c);
        else if ((unsigned char)*c < ' ')
            buffer_printf(json, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            buffer_add_byte(json, (uint8_t)*c);
    buffer_add_byte(json, '"');
}

static void write_json(const struct yaml_node *node, struct buffer *json)
{
    if (node->kind == YAML_SCALAR && !node->quoted && is_json_number(node->text)) {
        buffer_add_text(json, node->text);
    } else if (node->kind == YAML_SCALAR) {
        write_json_text(node->text, json);
    } else {
        bool map = node->kind == YAML_MAP;
        buffer_add_byte(json, map ? '{' : '[');
        for (int i = 0; i < node->count; i++) {
            if (i)
                buffer_add_text(json, ", ");
            if (map)
                write_json_text(node->keys[i]->text, json);
            if (map)
                buffer_add_text(json, ": ");
            write_json(node->items[i], json);
        }
        buffer_add_byte(json, map ? '}' : ']');
    }
}

bool sweep_point_settings(const struct sweep_plan *plan, uint32_t point, struct buffer *json, struct buffer *derived,
                          struct diag *diag)
{
    struct arena *arena = arena_new();
    size_t errors = diag->count;
    buffer_add_byte(json, '{');
    for (int i = 0; i < plan->axis_count + plan->derived_count; i++) {
        struct buffer *to = i >= plan->axis_count && derived ? derived : json;
        const struct yaml_node *value = point_value(plan, point, i, arena, diag);
        if (!value)
            continue;
        buffer_add_text(to, !to->size ? "{" : to->size > 1 ? ", " : "");
        write_json_text(plan->axes[i].path, to);
        buffer_add_text(to, ": ");
        write_json(value, to);
    }
    buffer_add_byte(json, '}');
    if (derived && derived->size)
        buffer_add_byte(derived, '}');
    arena_free(arena);
    return diag->count == errors;
}

static bool is_machine_path(const char *path)
{
    return strncmp(path, "machine.", 8) == 0 || strncmp(path, "stack", 5) == 0;
}

static bool is_code_path(const char *path)
{
    return !is_machine_path(path) || strncmp(path, "machine.units", 13) == 0;
}

static bool is_predictor_path(const char *path)
{
    return strncmp(path, "machine.branch", 14) == 0 && !strstr(path, "penalty");
}

static bool is_cache_path(const char *path)
{
    return strncmp(path, "machine.cache", 13) == 0 || strcmp(path, "machine.ideal") == 0;
}

/* Of the settings whose paths are of one kind. */
static struct content_key settings_key(const struct sweep_plan *plan, uint32_t point, bool (*is_wanted)(const char *path))
{
    struct content_key key = CONTENT_KEY_START;
    struct arena *arena = arena_new();
    struct buffer text = {0};
    struct diag ignored; /* what is wrong is told when the ISA is made */
    diag_init(&ignored);
    for (int i = 0; i < plan->axis_count + plan->derived_count; i++) {
        const char *path = plan->axes[i].path;
        const struct yaml_node *value = is_wanted(path) ? point_value(plan, point, i, arena, &ignored) : NULL;
        if (!value)
            continue;
        buffer_printf(&text, "%s=", path);
        write_json(value, &text);
        buffer_add_byte(&text, '\n');
    }
    content_key_add(&key, text.bytes ? text.bytes : "", text.size);
    diag_free(&ignored);
    buffer_free(&text);
    arena_free(arena);
    return key;
}

struct content_key sweep_point_code_key(const struct sweep_plan *plan, uint32_t point)
{
    return settings_key(plan, point, is_code_path);
}

struct content_key sweep_point_machine_key(const struct sweep_plan *plan, uint32_t point)
{
    return settings_key(plan, point, is_machine_path);
}

struct content_key sweep_point_predictor_key(const struct sweep_plan *plan, uint32_t point)
{
    return settings_key(plan, point, is_predictor_path);
}

struct content_key sweep_point_cache_key(const struct sweep_plan *plan, uint32_t point)
{
    return settings_key(plan, point, is_cache_path);
}

struct yaml_node *sweep_point_tree(const struct sweep_plan *plan, uint32_t point, struct arena *arena, struct diag *diag)
{
    struct yaml_node *tree = plan->tree;
    size_t errors = diag->count;
    for (int i = 0; i < plan->axis_count + plan->derived_count; i++) {
        struct yaml_node *value = point_value(plan, point, i, arena, diag);
        if (value)
            tree = sweep_tree_change(arena, tree, plan->axes[i].path, plan->axes[i].key, value);
    }
    if (diag->count > errors)
        return NULL;
    struct yaml_node *whole = ARENA_NEW(arena, struct yaml_node);
    *whole = *tree; /* isa_from_tree sets a key of the root */
    whole->keys = ARENA_ARRAY(arena, struct yaml_node *, tree->count);
    whole->items = ARENA_ARRAY(arena, struct yaml_node *, tree->count);
    whole->capacity = tree->count;
    memcpy(whole->keys, tree->keys, (size_t)tree->count * sizeof *tree->keys);
    memcpy(whole->items, tree->items, (size_t)tree->count * sizeof *tree->items);
    return whole;
}

struct isa *sweep_point_isa(const struct sweep_plan *plan, uint32_t point, struct arena *arena, struct diag *diag)
{
    struct yaml_node *tree = sweep_point_tree(plan, point, arena, diag);
    return tree ? isa_from_tree(plan->base->file, tree, diag) : NULL;
}
