/* program.h - for unit tests that need a running program: executes source text under an ISA of isa-specs/ in this process. */
#ifndef HYBRIDSIM_TESTS_UNIT_PROGRAM_H
#define HYBRIDSIM_TESTS_UNIT_PROGRAM_H

#include "frontend/frontend.h"
#include "sim/engine/session.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

/* The program's exit status, or -1 when it could not be started. *profile (may be NULL) is what it left. Its output goes to
 * /dev/null, its errors to stderr. */
static int run_source(const char *spec, const char *source, struct profile **profile)
{
    struct diag diag;
    diag_init(&diag);
    char path[4096];
    snprintf(path, sizeof path, "%s/isa-specs/%s.yaml", SOURCE_DIR, spec);
    struct isa *isa = isa_load(path, NULL, &diag);
    struct frontend_options frontend_options = {.python = "/usr/bin/python3", .environment = environ};
    struct frontend *frontend = frontend_new(&frontend_options);
    int null = open("/dev/null", O_RDWR);
    struct session_options options = {.isa = isa, .frontend = frontend, .command = source, .stdin_fd = null,
                                      .stdout_fd = null, .stderr_fd = STDERR_FILENO, .executable = "/usr/bin/python3"};
    struct session_result result;
    bool started = isa && session_run(&options, &result, &diag);
    diag_print(&diag, stderr);
    diag_free(&diag);
    close(null);
    frontend_free(frontend);
    if (started && profile)
        *profile = result.profile;
    return started ? result.exit_status : -1;
}

#endif
