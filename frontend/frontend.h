/* frontend.h - Python source or .pyc files to decoded code units (core/code.h).
 *
 * CPython 3.11 compiles, in a helper process that is started when first needed and never runs the program's code; what it
 * compiled is kept in a cache, so that a second run does not start it. Nothing that leaves here names a CPython opcode, save
 * struct instruction.source_opcode. Not thread-safe: one frontend a thread. */
#ifndef HYBRIDSIM_FRONTEND_FRONTEND_H
#define HYBRIDSIM_FRONTEND_FRONTEND_H

#include "core/buffer.h"
#include "core/code.h"
#include "core/diag.h"

struct frontend;

struct frontend_options {      /* strings have to live as long as the frontend; each may be NULL */
    const char *python;          /* the interpreter the user asked for: a path, or a name to find on PATH */
    const char *python_hint;     /* the same with less weight: HYBRIDSIM_PYTHON's value */
    const char *cache_directory; /* of the cache of compiled code; made when missing. NULL: no cache */
    char *const *environment;    /* the helper process's environment (PYTHON* left out), and where PATH is looked up */
    bool lazy; /* what CPython compiled is decoded when it is needed: see code_ready */
};

struct frontend *frontend_new(const struct frontend_options *options);
void frontend_free(struct frontend *frontend);

/* The same code with a block for each line, which may be jumped to: every read of a local checks that it is bound. Lives as long
 * as the code's unit. NULL: there is no unit. */
const struct code *code_split_at_lines(const struct code *code);

enum compile_mode {
    COMPILE_EXEC,   /* exec(), an imported module, -c */
    COMPILE_EVAL,   /* one expression */
    COMPILE_SINGLE, /* one interactive statement */
    COMPILE_SCRIPT, /* exec of a whole file: as COMPILE_EXEC, but errors are worded as for `python3 FILE` */
    COMPILE_FUNCTION_TYPE /* "func_type": only to a tree */
};

enum compile_kind { /* what the source of a request is, and what is wanted */
    COMPILE_BYTES,  /* source as bytes: a coding cookie or byte-order mark in them is respected */
    COMPILE_TEXT,   /* source as UTF-8 that came from a str: cookies mean nothing */
    COMPILE_TREE,   /* a syntax tree, written as frontend/compiler_script.inc says */
    COMPILE_SYMBOLS, /* source of COMPILE_TEXT, to its symbol tables */
    COMPILE_STACK_EFFECT, /* "opcode argument jump", numbers or None: to a number */
    COMPILE_LISTING  /* as COMPILE_BYTES, to be printed as CPython's module dis prints it: unit->sets_as_seen */
};
enum { COMPILE_ONLY_TREE = 0x400 }; /* a flag of compile(): answer the syntax tree */

struct compile_request {
    enum compile_kind kind;
    const void *source;
    size_t size;
    const char *filename; /* co_filename */
    enum compile_mode mode;
    uint32_t flags;       /* of compile() */
    int optimize;         /* -1 and 0: none; 1: no asserts; 2: no docstrings either */
    int feature_version;  /* of ast.parse: minor version; 0 and -1: the newest */
    int int_digits;       /* how long a decimal number may be: 0 is CPython's default, -1 no limit */
};

struct compile_failure { /* the exception that compile() raised; -1 and NULL stand for None and for no such attribute */
    char *class_name;    /* SyntaxError, IndentationError, ValueError, ... */
    char *message;
    char *filename;
    char *text;          /* the source line */
    int line, offset, end_line, end_offset;
    char *formatted;     /* what python3 prints on stderr, with its newline */
};

void compile_failure_free(struct compile_failure *failure);

/* A unit, or NULL. When it is the source's fault: with `failure` filled when it is not NULL, else with the formatted text as
 * diag's only entry and diag->verbatim set. Otherwise (no interpreter, ...) with an error in diag. */
struct code_unit *frontend_compile_source(struct frontend *frontend, const struct compile_request *request,
                                          struct compile_failure *failure, struct diag *diag)
    __attribute__((warn_unused_result));

/* For what is no code: a syntax tree, symbol tables, a stack effect, as the helper writes them. False: as above. */
bool frontend_ask(struct frontend *frontend, const struct compile_request *request, struct buffer *result,
                  struct compile_failure *failure, struct diag *diag) __attribute__((warn_unused_result));

/* The main program: source or .pyc, told apart as python3 does; a directory stands for its __main__.py. co_filename is
 * python3's (absolute). Errors as frontend_compile_source; what python3 itself reports is worded as it does. */
struct code_unit *frontend_load_script(struct frontend *frontend, const char *path, struct diag *diag)
    __attribute__((warn_unused_result));

/* A source file or .pyc that is only looked at: as frontend_load_script, but co_filename is the path as it stands, and errors are
 * worded as compile() does. */
struct code_unit *frontend_load_file(struct frontend *frontend, const char *path, struct diag *diag)
    __attribute__((warn_unused_result));

/* A source file as an import loads it: through __pycache__ when what is there is valid. co_filename is `filename`, or `path`
 * when that is NULL. */
struct code_unit *frontend_load_module_source(struct frontend *frontend, const char *path, const char *filename,
                                              struct compile_failure *failure, struct diag *diag)
    __attribute__((warn_unused_result));

/* A .pyc file, whatever its source. co_filename is what it says. */
struct code_unit *frontend_load_pyc(const char *path, struct diag *diag) __attribute__((warn_unused_result));

/* Marshalled code (what marshal.dumps(code) gives), named `file` in errors. Any input is safe. */
struct code_unit *frontend_read_marshalled(const void *bytes, size_t size, const char *file, struct diag *diag)
    __attribute__((warn_unused_result));

/* Adds the code object with all that are in it, marshalled: of a unit's module, frontend_read_marshalled makes a unit with the same
 * code objects in the same order. */
void frontend_write_marshalled(const struct code *code, struct buffer *bytes);

/* The warnings (SyntaxWarning) of compilations since the last call: "file:line: Category: message", each behind a line that tells
 * where the SyntaxError is that it may become (sim/runtime/warning.c); of listings, as CPython prints them on stderr. NULL when there
 * were none. The caller frees it. Cached code repeats its warnings. */
char *frontend_take_warnings(struct frontend *frontend);

/* The interpreter that compiled something, or NULL as long as none was needed. */
const char *frontend_python(const struct frontend *frontend);

/* CPython's name of instruction.source_opcode, e.g. "LOAD_FAST". */
const char *frontend_opcode_name(uint8_t source_opcode);

/* One line an instruction, with blocks and exception ranges: for debugging. */
void frontend_dump(const struct code *code, struct buffer *text);

#endif
