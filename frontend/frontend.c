/* frontend.c - see frontend.h: where code comes from (script, module, string, .pyc), and in which order the caches are asked. */
#include "frontend/frontend.h"

#include "frontend/cache.h"
#include "frontend/unit_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct frontend {
    struct frontend_options options;
    struct compiler compiler;
    struct buffer warnings;
};

static const struct source_version *const version = &cpython311;

struct frontend *frontend_new(const struct frontend_options *options)
{
    struct frontend *frontend = calloc(1, sizeof *frontend);
    if (!frontend)
        abort();
    frontend->options = *options;
    compiler_init(&frontend->compiler, &frontend->options, version);
    return frontend;
}

void frontend_free(struct frontend *frontend)
{
    if (!frontend)
        return;
    compiler_stop(&frontend->compiler);
    buffer_free(&frontend->warnings);
    free(frontend);
}

char *frontend_take_warnings(struct frontend *frontend)
{
    char *text = frontend->warnings.size ? frontend->warnings.bytes : NULL;
    if (text)
        frontend->warnings = (struct buffer){0};
    return text;
}

const char *frontend_python(const struct frontend *frontend)
{
    return frontend->compiler.python;
}

const char *frontend_opcode_name(uint8_t source_opcode)
{
    const char *name = version->opcode_name(source_opcode);
    return name ? name : "?";
}

struct code_unit *frontend_read_marshalled(const void *bytes, size_t size, const char *file, struct diag *diag)
{
    struct buffer copy = {0};
    buffer_add(&copy, bytes, size);
    return unit_read(version, &copy, 0, false, file, diag);
}

static struct code_unit *unit_of_answer(struct frontend *frontend, const struct compile_answer *answer,
                                        const char *filename, struct diag *diag)
{
    struct buffer copy = {0};
    buffer_add(&copy, answer->code.bytes, answer->code.size);
    struct code_unit *unit = unit_read(version, &copy, 0, frontend->options.lazy, filename, diag);
    if (!unit)
        return NULL;
    sets_order(unit, version, &answer->orders);
    buffer_add(&frontend->warnings, answer->warnings.bytes, answer->warnings.size);
    return unit;
}

static struct code_unit *unit_of_cache(struct frontend *frontend, struct content_key key, const char *filename)
{
    struct compile_answer answer;
    if (!frontend->options.cache_directory || !cache_read(frontend->options.cache_directory, key, &answer))
        return NULL;
    struct diag ignored; /* an entry that cannot be read is written anew */
    diag_init(&ignored);
    struct code_unit *unit = unit_of_answer(frontend, &answer, filename, &ignored);
    diag_free(&ignored);
    compile_answer_free(&answer);
    return unit;
}

static void keep_failure(struct frontend *frontend, struct compile_answer *answer, struct compile_failure *failure,
                         struct diag *diag)
{
    buffer_add(&frontend->warnings, answer->warnings.bytes, answer->warnings.size);
    if (failure) {
        *failure = answer->failure;
        memset(&answer->failure, 0, sizeof answer->failure);
    } else {
        diag_error(diag, NULL, 0, 0, "%s", answer->failure.formatted);
        diag->verbatim = true;
    }
}

static struct content_key key_of(const struct frontend *frontend, const struct compile_request *request)
{
    const struct frontend_options *options = &frontend->options;
    return cache_key_of(version, options->python ? options->python : options->python_hint, request);
}

struct code_unit *frontend_compile_source(struct frontend *frontend, const struct compile_request *request,
                                          struct compile_failure *failure, struct diag *diag)
{
    struct content_key key = key_of(frontend, request);
    struct code_unit *unit = unit_of_cache(frontend, key, request->filename);
    struct compile_answer answer;
    if (failure)
        memset(failure, 0, sizeof *failure);
    if (unit)
        unit->sets_as_seen = request->kind == COMPILE_LISTING;
    if (unit || !compiler_compile(&frontend->compiler, request, &answer, diag))
        return unit;
    if (answer.compiled) {
        unit = unit_of_answer(frontend, &answer, request->filename, diag);
        if (unit && frontend->options.cache_directory)
            cache_write(frontend->options.cache_directory, key, &answer);
        if (unit)
            unit->sets_as_seen = request->kind == COMPILE_LISTING;
    } else {
        keep_failure(frontend, &answer, failure, diag);
    }
    compile_answer_free(&answer);
    return unit;
}

bool frontend_ask(struct frontend *frontend, const struct compile_request *request, struct buffer *result,
                  struct compile_failure *failure, struct diag *diag)
{
    struct content_key key = key_of(frontend, request);
    const char *directory = frontend->options.cache_directory;
    struct compile_answer answer;
    if (failure)
        memset(failure, 0, sizeof *failure);
    bool is_cached = directory && cache_read(directory, key, &answer);
    if (!is_cached && !compiler_compile(&frontend->compiler, request, &answer, diag))
        return false;
    bool done = answer.compiled;
    if (done) {
        buffer_add(result, answer.code.bytes, answer.code.size);
        buffer_add(&frontend->warnings, answer.warnings.bytes, answer.warnings.size);
        if (!is_cached && directory)
            cache_write(directory, key, &answer);
    } else {
        keep_failure(frontend, &answer, failure, diag);
    }
    compile_answer_free(&answer);
    return done;
}

static bool is_pyc(const char *path, const struct buffer *contents)
{
    size_t length = strlen(path);
    if (length >= 4 && strcmp(path + length - 4, ".pyc") == 0)
        return true;
    return contents->size >= 4 && (uint8_t)contents->bytes[0] == (version->magic & 0xff) &&
           (uint8_t)contents->bytes[1] == version->magic >> 8 && memcmp(contents->bytes + 2, "\r\n", 2) == 0;
}

static struct code_unit *unit_of_pyc(struct buffer *pyc, const char *path, bool is_trusted, struct diag *diag)
{
    if (!pyc_header_check(version, pyc, path, diag))
        return NULL;
    return unit_read(version, pyc, PYC_HEADER_SIZE, is_trusted, path, diag);
}

struct code_unit *frontend_load_pyc(const char *path, struct diag *diag)
{
    struct buffer pyc = {0};
    struct stat status;
    struct code_unit *unit = NULL;
    if (!file_read(path, &pyc, &status))
        diag_error(diag, NULL, 0, 0, "can't open file '%s': [Errno %d] %s", path, errno, strerror(errno));
    else
        unit = unit_of_pyc(&pyc, path, false, diag);
    buffer_free(&pyc);
    return unit;
}

/* As python3 makes a script's path absolute: the working directory before it, nothing simplified. */
static char *absolute_path(const char *path)
{
    struct buffer result = {0};
    char *directory = *path == '/' ? NULL : getcwd(NULL, 0);
    buffer_printf(&result, "%s%s%s", directory ? directory : "", directory ? "/" : "", path);
    free(directory);
    return result.bytes;
}

struct code_unit *frontend_load_script(struct frontend *frontend, const char *path, struct diag *diag)
{
    struct buffer contents = {0};
    struct stat status;
    char *absolute = absolute_path(path);
    bool is_directory = stat(absolute, &status) == 0 && S_ISDIR(status.st_mode);
    struct code_unit *unit = NULL;
    if (is_directory) {
        struct buffer main_path = {0};
        size_t length = strlen(absolute);
        buffer_printf(&main_path, "%s%s__main__.py", absolute, length && absolute[length - 1] == '/' ? "" : "/");
        if (stat(main_path.bytes, &status) == 0 && S_ISREG(status.st_mode))
            unit = frontend_load_script(frontend, main_path.bytes, diag);
        else
            diag_error(diag, NULL, 0, 0, "can't find '__main__' module in '%s'", absolute);
        buffer_free(&main_path);
    } else if (!file_read(absolute, &contents, &status)) {
        diag_error(diag, NULL, 0, 0, "can't open file '%s': [Errno %d] %s", absolute, errno, strerror(errno));
    } else if (is_pyc(path, &contents)) {
        unit = unit_of_pyc(&contents, path, false, diag);
    } else {
        struct compile_request request = {
            .source = contents.bytes, .size = contents.size, .filename = absolute, .mode = COMPILE_SCRIPT};
        unit = frontend_compile_source(frontend, &request, NULL, diag);
    }
    buffer_free(&contents);
    free(absolute);
    return unit;
}

struct code_unit *frontend_load_file(struct frontend *frontend, const char *path, struct diag *diag)
{
    struct buffer contents = {0};
    struct stat status;
    struct code_unit *unit = NULL;
    if (!file_read(path, &contents, &status)) {
        diag_error(diag, NULL, 0, 0, "can't open file '%s': [Errno %d] %s", path, errno, strerror(errno));
    } else if (is_pyc(path, &contents)) {
        unit = unit_of_pyc(&contents, path, false, diag);
    } else {
        struct compile_request request = {
            .kind = COMPILE_LISTING, .source = contents.bytes, .size = contents.size, .filename = path, .mode = COMPILE_EXEC};
        unit = frontend_compile_source(frontend, &request, NULL, diag);
    }
    buffer_free(&contents);
    return unit;
}

/* A .pyc may have been moved with its source: as CPython's import does, name the file where it is now. */
static void rename_unit(struct code_unit *unit, const char *path)
{
    struct code_string old = unit->module->filename;
    struct code_string now = {arena_copy(unit->arena, path, strlen(path)), strlen(path)};
    for (uint32_t i = 0; i < unit->code_count; i++) {
        struct code *code = (struct code *)(uintptr_t)unit->codes[i];
        if (code->filename.size == old.size && memcmp(code->filename.text, old.text, old.size) == 0)
            code->filename = now;
    }
    unit->filename = now.text;
}

struct code_unit *frontend_load_module_source(struct frontend *frontend, const char *path, const char *filename,
                                              struct compile_failure *failure, struct diag *diag)
{
    struct buffer source = {0}, pyc = {0};
    struct stat status;
    struct code_unit *unit = NULL;
    if (failure)
        memset(failure, 0, sizeof *failure);
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && pycache_read(version, path, &status, &pyc)) {
        struct diag ignored; /* a damaged .pyc is compiled anew */
        diag_init(&ignored);
        unit = unit_of_pyc(&pyc, path, frontend->options.lazy, &ignored);
        diag_free(&ignored);
        if (unit)
            rename_unit(unit, filename ? filename : path);
    }
    if (!unit && !file_read(path, &source, &status)) {
        diag_error(diag, NULL, 0, 0, "can't open file '%s': [Errno %d] %s", path, errno, strerror(errno));
    } else if (!unit) {
        struct compile_request request = {
            .source = source.bytes, .size = source.size, .filename = filename ? filename : path, .mode = COMPILE_EXEC};
        unit = frontend_compile_source(frontend, &request, failure, diag);
    }
    buffer_free(&source);
    buffer_free(&pyc);
    return unit;
}
