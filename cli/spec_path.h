/* spec_path.h - where spec files are: a path as given, else a name in the spec folders. These are, in order, those of
 * HYBRIDSIM_SPECS (separated by ':'), those beside the installed or built program, and the source tree's. */
#ifndef HYBRIDSIM_CLI_SPEC_PATH_H
#define HYBRIDSIM_CLI_SPEC_PATH_H

#include "core/diag.h"

/* The path of an ISA or machine spec, to be freed; NULL, with an error that lists what there is, when it is not found. */
char *spec_path_isa(const char *name, struct diag *diag);
char *spec_path_machine(const char *name, struct diag *diag);
/* Of a file of categories (core/categories.h). */
char *spec_path_categories(const char *name, struct diag *diag);

/* The spec folders that exist, see data_folder.h. */
char **spec_path_folders(void);

#endif
