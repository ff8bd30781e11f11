/* workload_list.h - the programs that come with hybridsim, by name: workloads/workloads.yaml. */
#ifndef HYBRIDSIM_CLI_WORKLOAD_LIST_H
#define HYBRIDSIM_CLI_WORKLOAD_LIST_H

#include "core/arena.h"
#include "core/diag.h"

struct workload {
    const char *const *names; /* the program's, then shorter ones */
    int name_count;
    const char *file;         /* its path */
    const char *stresses;     /* what of a machine it exercises */
};

struct workload_list {
    struct arena *arena;
    struct workload *workloads;
    int count;
};

/* NULL with an error when there is no such folder or the file is wrong. */
struct workload_list *workload_list_load(struct diag *diag);
void workload_list_free(struct workload_list *list);

/* The path of the workload of that name, to be freed; NULL, with an error that offers the nearest name. */
char *workload_find(const char *name, struct diag *diag);

#endif
