/* workload_list.c - see workload_list.h. */
#include "cli/workload_list.h"

#include "cli/data_folder.h"
#include "cli/nearest_name.h"
#include "core/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_workload(struct spec *spec, struct workload_list *list, const struct yaml_node *node, const char *folder)
{
    struct workload *workload = &list->workloads[list->count];
    if (!spec_keys(spec, node, "a workload", "names file stresses"))
        return;
    const struct yaml_node *names = yaml_get(node, "names");
    const char *file = spec_text(spec, node, "file");
    workload->stresses = spec_text(spec, node, "stresses");
    if (!names || names->kind != YAML_SEQUENCE || !names->count || !file || !workload->stresses) {
        spec_error(spec, node, "found a workload without names, file or what it stresses");
        return;
    }
    const char **texts = ARENA_ARRAY(list->arena, const char *, names->count);
    for (int i = 0; i < names->count; i++)
        texts[workload->name_count++] = names->items[i]->text;
    workload->names = texts;
    struct buffer path = {0};
    buffer_printf(&path, "%s/%s", folder, file);
    workload->file = arena_copy(list->arena, path.bytes, path.size);
    buffer_free(&path);
    list->count++;
}

static struct workload_list *load_from(const char *folder, struct diag *diag)
{
    struct spec spec = {.arena = arena_new(), .diag = diag};
    struct workload_list *list = ARENA_NEW(spec.arena, struct workload_list);
    size_t errors = diag->count;
    char *path = NULL;
    if (asprintf(&path, "%s/workloads.yaml", folder) < 0)
        abort();
    list->arena = spec.arena;
    const struct yaml_node *root = yaml_read(spec.arena, path, diag), *all = root ? yaml_get(root, "workloads") : NULL;
    if (root && spec_keys(&spec, root, "the file", "workloads") && (!all || all->kind != YAML_SEQUENCE))
        spec_error(&spec, root, "found no sequence `workloads`");
    list->workloads = ARENA_ARRAY(spec.arena, struct workload, all && all->kind == YAML_SEQUENCE ? all->count : 0);
    for (int i = 0; all && diag->count == errors && i < all->count; i++)
        read_workload(&spec, list, all->items[i], folder);
    free(path);
    if (diag->count == errors)
        return list;
    arena_free(spec.arena);
    return NULL;
}

struct workload_list *workload_list_load(struct diag *diag)
{
    char **folders = data_folders("workloads", "HYBRIDSIM_WORKLOADS");
    struct workload_list *list = NULL;
    if (*folders)
        list = load_from(*folders, diag);
    else
        diag_error(diag, NULL, 0, 0, "found no folder of workloads beside the program; HYBRIDSIM_WORKLOADS can name one");
    data_folders_free(folders);
    return list;
}

void workload_list_free(struct workload_list *list)
{
    if (list)
        arena_free(list->arena);
}

static const struct workload *find(const struct workload_list *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        for (int k = 0; k < list->workloads[i].name_count; k++)
            if (strcmp(list->workloads[i].names[k], name) == 0)
                return &list->workloads[i];
    return NULL;
}

static void report_unknown(const struct workload_list *list, const char *name, struct diag *diag)
{
    int count = 0;
    for (int i = 0; i < list->count; i++)
        count += list->workloads[i].name_count;
    const char **names = calloc((size_t)count + 1, sizeof *names);
    if (!names)
        abort();
    count = 0;
    for (int i = 0; i < list->count; i++)
        for (int k = 0; k < list->workloads[i].name_count; k++)
            names[count++] = list->workloads[i].names[k];
    const char *nearest = nearest_name(name, names, count);
    diag_error(diag, NULL, 0, 0, "no workload '%s'%s%s%s; `hybridsim workloads` lists them", name,
               nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    free(names);
}

char *workload_find(const char *name, struct diag *diag)
{
    struct workload_list *list = workload_list_load(diag);
    const struct workload *workload = list ? find(list, name) : NULL;
    char *file = workload ? strdup(workload->file) : NULL;
    if (list && !workload)
        report_unknown(list, name, diag);
    workload_list_free(list);
    return file;
}
