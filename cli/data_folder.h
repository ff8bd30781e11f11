/* data_folder.h - the folders of files that come with the program: isa-specs, workloads. */
#ifndef HYBRIDSIM_CLI_DATA_FOLDER_H
#define HYBRIDSIM_CLI_DATA_FOLDER_H

/* Those of that name which exist, in order: the ones an environment variable names (separated by ':'; NULL: none), those beside
 * the installed or built program, the source tree's. NULL-terminated, to be freed with data_folders_free. */
char **data_folders(const char *name, const char *environment_variable);
void data_folders_free(char **list);

#endif
