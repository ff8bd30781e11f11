/* commands.h - the commands: one file each, command_NAME.c. Arguments are main's without the program's name: argv[0] is the
 * command's. The result is the exit status. */
#ifndef HYBRIDSIM_CLI_COMMANDS_H
#define HYBRIDSIM_CLI_COMMANDS_H

enum exit_status { /* besides the program's own */
    EXIT_USER_ERROR = 2,   /* wrong arguments, specs, paths */
    EXIT_UNSUPPORTED = 3,  /* valid Python that hybridsim lacks */
    EXIT_DIFFERENCE = 70,  /* runs under different ISAs did not agree, or a run died: a fault of hybridsim */
    EXIT_INTERRUPTED = 130
};

int command_run(int argc, char **argv);
int command_translate(int argc, char **argv);
int command_dis(int argc, char **argv);
int command_count(int argc, char **argv);
int command_profile(int argc, char **argv);
int command_parallel(int argc, char **argv);
int command_analyze(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_isa(int argc, char **argv);
int command_workloads(int argc, char **argv);
int command_doctor(int argc, char **argv);

#endif
