/* plan.c - reads a sweep file: its base and programs here, the rest in the other files of plan_parts.h. */
#include "cli/sweep/plan_parts.h"

#include "cli/host_paths.h"
#include "cli/spec_path.h"
#include "cli/sweep/saved_profile.h"
#include "cli/workload_list.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- base ---- */

/* A spec as a path relative to the sweep file, or a name in the spec folders. To be freed. */
static char *find_spec(struct spec *spec, const struct yaml_node *map, const char *key, char *(*find)(const char *, struct diag *))
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!spec_text(spec, map, key))
        return NULL;
    const char *beside = spec_path(spec, node);
    if (access(beside, R_OK) == 0)
        return strdup(beside);
    struct diag own;
    diag_init(&own);
    char *path = find(node->text, &own);
    for (size_t i = 0; i < own.count; i++)
        spec_error(spec, node, "%s", own.entries[i].text);
    diag_free(&own);
    return path;
}

static void read_base(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    const struct yaml_node *base = spec_map(spec, root, "base");
    if (!base) {
        spec_error(spec, root, "found no `base`, expected a map with `isa`, and `machine` if it is not the ISA's own");
        return;
    }
    if (!spec_keys(spec, base, "`base`", "isa machine"))
        return;
    if (!yaml_get(base, "isa"))
        spec_error(spec, base, "found no `isa`, expected the base's instruction set");
    char *isa = find_spec(spec, base, "isa", spec_path_isa), *machine = find_spec(spec, base, "machine", spec_path_machine);
    char *cache = host_cache_directory();
    if (isa && (machine || !yaml_get(base, "machine")))
        plan->base = isa_load_kept(isa, machine, cache, spec->diag);
    if (plan->base)
        plan->tree = yaml_parse(plan->arena, plan->base->file, plan->base->resolved_text, strlen(plan->base->resolved_text),
                                spec->diag);
    free(cache);
    free(isa);
    free(machine);
}

/* ---- programs ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Without links and dots: a program is the same one from wherever the sweep is started. */
static const char *resolved_path(struct spec *spec, const char *path)
{
    char *real = realpath(path, NULL);
    const char *kept = arena_printf(spec->arena, "%s", real ? real : path);
    free(real);
    return kept;
}

/* A script beside the sweep file, or a workload by its name. */
static const char *find_script(struct spec *spec, const struct yaml_node *node)
{
    const char *path = spec_path(spec, node);
    if (access(path, R_OK) == 0)
        return resolved_path(spec, path);
    struct diag own;
    diag_init(&own);
    char *workload = workload_find(node->text, &own);
    if (workload)
        path = resolved_path(spec, workload);
    else
        spec_error(spec, node, "found `%s`, expected a script (relative to this file) or the name of a workload; %s", node->text,
                   own.count ? own.entries[0].text : "there are none");
    free(workload);
    diag_free(&own);
    return path;
}

static void read_arguments(struct spec *spec, struct sweep_program *program, const struct yaml_node *node)
{
    if (node->kind != YAML_SEQUENCE) {
        spec_error(spec, node, "found %s for `arguments`, expected a sequence", yaml_describe(spec->arena, node));
        return;
    }
    program->run.arguments = ARENA_ARRAY(spec->arena, char *, node->count + 1);
    for (int i = 0; i < node->count; i++) {
        if (node->items[i]->kind != YAML_SCALAR) {
            spec_error(spec, node->items[i], "found %s, expected an argument", yaml_describe(spec->arena, node->items[i]));
            return;
        }
        program->run.arguments[program->run.argument_count++] =
            arena_copy(spec->arena, node->items[i]->text, strlen(node->items[i]->text));
    }
}

static void read_script(struct spec *spec, struct sweep_program *program, const struct yaml_node *node)
{
    const struct yaml_node *script = node->kind == YAML_MAP ? yaml_get(node, "script") : node;
    if (!script || script->kind != YAML_SCALAR || yaml_is_null(script)) {
        spec_error(spec, node, "found %s, expected a script, {script: ..., arguments: [...]} or {profile: ...}",
                   yaml_describe(spec->arena, script ? script : node));
        return;
    }
    program->run.script = find_script(spec, script);
    const struct yaml_node *arguments = node->kind == YAML_MAP ? yaml_get(node, "arguments") : NULL;
    if (arguments)
        read_arguments(spec, program, arguments);
    program_key(&program->run, &program->key);
}

/* What a saved profile is of. */
static void read_profile(struct spec *spec, struct sweep_program *program, const struct yaml_node *node)
{
    const struct yaml_node *profile = yaml_get(node, "profile");
    struct saved_program saved = {0};
    struct content_key now;
    struct diag own;
    if (!spec_keys(spec, node, "a program with a profile", "profile") || !spec_text(spec, node, "profile"))
        return;
    diag_init(&own);
    program->profile = spec_path(spec, profile);
    if (saved_profile_check(program->profile, &saved, spec->arena, &own)) {
        program->run.script = saved.script;
        program->run.arguments = saved.arguments;
        program->run.argument_count = (int)saved.argument_count;
        program->key = saved.key;
        program->has_trace = saved.has_trace;
        program->executions = saved.execution_count;
        if (!program_key(&program->run, &now))
            program->gone = "is not there";
        else if (memcmp(&now, &saved.key, sizeof now) != 0)
            program->gone = "has changed since";
    }
    for (size_t i = 0; i < own.count; i++)
        spec_error(spec, profile, "%s: %s", own.entries[i].file, own.entries[i].text);
    diag_free(&own);
}

static void read_program(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *node)
{
    struct sweep_program *program = &plan->programs[plan->program_count];
    if (node->kind == YAML_MAP && !spec_keys(spec, node, "a program", "script arguments profile"))
        return;
    if (node->kind == YAML_MAP && yaml_get(node, "profile"))
        read_profile(spec, program, node);
    else
        read_script(spec, program, node);
    if (!program->run.script)
        return;
    program->label = base_name(program->run.script);
    for (int i = 0; i < program->run.argument_count; i++)
        program->label = arena_printf(spec->arena, "%s %s", program->label, program->run.arguments[i]);
    for (int i = 0; i < plan->program_count; i++)
        if (!memcmp(&plan->programs[i].key, &program->key, sizeof program->key))
            spec_error(spec, node, "found the program `%s` a second time", program->label);
    plan->program_count++;
}

static void read_programs(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    const struct yaml_node *node = yaml_get(root, "programs");
    if (!node || node->kind != YAML_SEQUENCE || !node->count || node->count > SWEEP_MAX_PROGRAMS) {
        spec_error(spec, node ? node : root, "found no programs, expected a sequence `programs` of 1 to %d", SWEEP_MAX_PROGRAMS);
        return;
    }
    plan->programs = ARENA_ARRAY(spec->arena, struct sweep_program, node->count);
    for (int i = 0; i < node->count; i++)
        read_program(spec, plan, node->items[i]);
}

struct sweep_plan *sweep_plan_load(const char *path, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct sweep_plan *plan = ARENA_NEW(arena, struct sweep_plan);
    struct spec spec = {.arena = arena, .diag = diag};
    size_t errors = diag->count;
    plan->arena = arena;
    plan->file = arena_copy(arena, path, strlen(path));
    const struct yaml_node *root = yaml_read(arena, path, diag);
    if (root && spec_keys(&spec, root, "a sweep", "sweep text base programs axes derive combine method samples budget "
                          "population seed where objectives")) {
        plan->name = spec_text(&spec, root, "sweep");
        if (!plan->name && !yaml_get(root, "sweep"))
            spec_error(&spec, root, "found no `sweep`, expected its name");
        read_base(&spec, plan, root);
        read_programs(&spec, plan, root);
        plan_read_method(&spec, plan, root);
        plan_read_axes(&spec, plan, root);
    }
    if (diag->count == errors)
        plan_read_objectives(&spec, plan, root);
    if (diag->count == errors)
        plan_list_points(&spec, plan, root);
    if (diag->count == errors)
        plan_try_values(&spec, plan);
    if (diag->count == errors)
        return plan;
    sweep_plan_free(plan);
    return NULL;
}

void sweep_plan_free(struct sweep_plan *plan)
{
    if (!plan)
        return;
    if (plan->choices_size)
        munmap(plan->choices, plan->choices_size);
    isa_free(plan->base);
    arena_free(plan->arena);
}
