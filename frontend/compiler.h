/* compiler.h - the helper process: CPython's compiler behind a socket. For the frontend's own files. */
#ifndef HYBRIDSIM_FRONTEND_COMPILER_H
#define HYBRIDSIM_FRONTEND_COMPILER_H

#include "frontend/frontend.h"
#include "frontend/source_version.h"

struct compiler {
    const struct frontend_options *options;
    const struct source_version *version;
    char *python; /* that was started last, or NULL */
    int socket;   /* -1: not running */
    int process;
};

struct compile_answer {
    bool compiled;        /* else `failure` is filled */
    struct buffer code;   /* marshalled */
    struct buffer warnings;
    struct buffer orders; /* set constants' order, see set_order.c */
    struct compile_failure failure;
};

void compiler_init(struct compiler *compiler, const struct frontend_options *options,
                   const struct source_version *version);
void compiler_stop(struct compiler *compiler);

/* False with an error in diag when there is no answer: no fitting interpreter, or it died. */
bool compiler_compile(struct compiler *compiler, const struct compile_request *request, struct compile_answer *answer,
                      struct diag *diag) __attribute__((warn_unused_result));
void compile_answer_free(struct compile_answer *answer);

/* set_order.c: marshal sorts the items of a set constant, but a program that is compiled and run at once sees them in the
 * order of insertion. `orders` is a marshalled tuple of (code index, constant index, items in order), or empty. */
void sets_order(struct code_unit *unit, const struct source_version *version, const struct buffer *orders);

#endif
