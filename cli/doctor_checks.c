/* doctor_checks.c - see doctor_checks.h. */
#include "cli/doctor_checks.h"

#include "cli/data_folder.h"
#include "cli/host_paths.h"
#include "core/buffer.h"
#include "core/version.h"
#include "reports/text_style.h"

#include <dirent.h>
#include <errno.h>
#include <expat.h>
#include <fcntl.h>
#include <gmp.h>
#include <jansson.h>
#include <lzma.h>
#include <bzlib.h>
#include <openssl/crypto.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unistring/version.h>
#include <yaml.h>
#include <zlib.h>

struct doctor {
    bool coloured, failed;
};

static void print_heading(const struct doctor *doctor, const char *text)
{
    printf(doctor->coloured ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text);
}

/* what: what it is for, or how to get it. */
static void print_check(const struct doctor *doctor, const char *name, bool there, const char *found, const char *what)
{
    struct buffer line = {0};
    text_style_begin(&line, doctor->coloured, there ? STYLE_GOOD : STYLE_BAD);
    buffer_printf(&line, "%-8s", there ? "ok" : "missing");
    text_style_end(&line, doctor->coloured);
    printf("  %s %-20s %s%s%s\n", line.bytes, name, found ? found : "", found && what ? ": " : "", what ? what : "");
    buffer_free(&line);
}

/* The first line a program prints; NULL when it cannot be started or fails. To be freed. */
static char *ask(const char *program, const char *const *arguments)
{
    extern char **environ;
    posix_spawn_file_actions_t actions;
    int ends[2], status = -1;
    pid_t process;
    char text[1024];
    size_t size = 0;
    if (pipe(ends) != 0)
        return NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    int failed = posix_spawn(&process, program, &actions, NULL, (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    for (ssize_t part; !failed && size + 1 < sizeof text && (part = read(ends[0], text + size, sizeof text - 1 - size)) > 0;)
        size += (size_t)part;
    close(ends[0]);
    while (!failed && waitpid(process, &status, 0) < 0 && errno == EINTR)
        continue;
    if (failed || status != 0)
        return NULL;
    text[size] = 0;
    text[strcspn(text, "\n")] = 0;
    return strdup(text);
}

static void check_python(struct doctor *doctor, const char *asked)
{
    const char *hint = getenv("HYBRIDSIM_PYTHON");
    char *path = host_find_python(asked ? asked : hint && *hint ? hint : NULL);
    static const char program[] = "import sys, os\n"
        "lib = os.path.dirname(os.__file__)\n"
        "print('.'.join(map(str, sys.version_info[:3])) if sys.version_info[:2] == (3, 11) else '-', lib, "
        "len([n for n in os.listdir(lib) if n.endswith('.py')]), sep='|')";
    char *answer = path ? ask(path, (const char *const[]){path, "-I", "-S", "-c", program, NULL}) : NULL;
    char *library = answer ? strchr(answer, '|') : NULL, *modules = library ? strchr(library + 1, '|') : NULL;
    print_heading(doctor, "The CPython that compiles");
    if (!modules || answer[0] == '-') {
        bool is_other = answer && answer[0] == '-';
        print_check(doctor, "python3.11", false, path, is_other ? "it is not version 3.11: name another with --python"
                                                                : "apt-get install python3.11, or name one with --python");
        doctor->failed = true;
    } else {
        *library++ = *modules++ = 0;
        struct buffer text = {0};
        buffer_printf(&text, "%s at %s", answer, path);
        print_check(doctor, "python3.11", true, text.bytes, NULL);
        bool complete = atoi(modules) > 150; /* python3.11-minimal has half of it */
        print_check(doctor, "its library", complete, library, complete ? NULL : "apt-get install libpython3.11-stdlib");
        doctor->failed |= !complete;
        buffer_free(&text);
    }
    free(answer);
    free(path);
}

static int count_entries(const char *path, uint64_t *bytes)
{
    DIR *folder = opendir(path);
    struct stat status;
    int count = 0;
    *bytes = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || fstatat(dirfd(folder), entry->d_name, &status, 0) != 0 || !S_ISREG(status.st_mode))
            continue;
        count++;
        *bytes += (uint64_t)status.st_size;
    }
    if (folder)
        closedir(folder);
    return count;
}

static void check_files(struct doctor *doctor)
{
    static const struct { const char *name, *variable; } kinds[] = {{"isa-specs", "HYBRIDSIM_SPECS"}, {"workloads", NULL}};
    print_heading(doctor, "Its own files");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char **folders = data_folders(kinds[i].name, kinds[i].variable);
        print_check(doctor, kinds[i].name, folders[0] != NULL, folders[0],
                    folders[0] ? NULL : "install hybridsim again (cmake --install)");
        doctor->failed |= !folders[0];
        data_folders_free(folders);
    }
    char *cache = host_cache_directory();
    struct buffer text = {0};
    uint64_t bytes = 0;
    int count = cache ? count_entries(cache, &bytes) : 0;
    bool usable = cache && (access(cache, W_OK) == 0 || errno == ENOENT);
    if (cache)
        buffer_printf(&text, "%s: %d files, %llu kB", cache, count, (unsigned long long)(bytes / 1000));
    print_check(doctor, "cache", usable, text.bytes,
                usable ? NULL : "it cannot be written, so programs start slower; set XDG_CACHE_HOME");
    buffer_free(&text);
    free(cache);
}

static void check_libraries(const struct doctor *doctor)
{
    char unistring[32], expat[64];
    snprintf(unistring, sizeof unistring, "%d.%d", _libunistring_version >> 16, _libunistring_version >> 8 & 0xff);
    snprintf(expat, sizeof expat, "%s", XML_ExpatVersion());
    const char *const libraries[][2] = {
        {"gmp", gmp_version}, {"libyaml", yaml_get_version_string()}, {"libjansson", jansson_version_str()},
        {"libunistring", unistring}, {"openssl", OpenSSL_version(OPENSSL_VERSION)}, {"zlib", zlibVersion()},
        {"bzip2", BZ2_bzlibVersion()}, {"liblzma", lzma_version_string()}, {"expat", expat}, {"sqlite", sqlite3_libversion()}};
    print_heading(doctor, "Libraries in it");
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        print_check(doctor, libraries[i][0], true, libraries[i][1], NULL);
}

/* The path of a program on PATH, to be freed; NULL: it is not there. */
static char *find_tool(const char *name)
{
    const char *path = getenv("PATH");
    char *folders = strdup(path ? path : "/usr/bin:/bin"), *rest = folders, *found = NULL;
    for (char *folder; !found && rest && (folder = strsep(&rest, ":"));) {
        if (asprintf(&found, "%s/%s", *folder ? folder : ".", name) < 0)
            abort();
        if (access(found, X_OK) != 0) {
            free(found);
            found = NULL;
        }
    }
    free(folders);
    return found;
}

static void check_tools(const struct doctor *doctor)
{
    static const struct { const char *name, *use, *get; } tools[] = {
        {"xdg-open", "shows a report in the browser (analyze --open)", "apt-get install xdg-utils"},
        {"chromium", "a browser for HTML reports (any other does, too)", "apt-get install chromium"},
        {"snakeviz", "shows .prof files (profile --prof)", "pip install snakeviz"},
        {"callgrind_annotate", "prints callgrind files (profile --callgrind)", "apt-get install valgrind"},
        {"kcachegrind", "shows callgrind files (profile --callgrind)", "apt-get install kcachegrind"},
        {"speedscope", "shows speedscope files (profile --speedscope); www.speedscope.app does, too", "npm install -g speedscope"}};
    print_heading(doctor, "Optional tools");
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        char *path = find_tool(tools[i].name);
        struct buffer text = {0};
        buffer_printf(&text, "%s", tools[i].use);
        if (!path)
            buffer_printf(&text, "; %s", tools[i].get);
        print_check(doctor, tools[i].name, path != NULL, path, text.bytes);
        buffer_free(&text);
        free(path);
    }
}

int doctor_checks(const char *python, enum color_mode color)
{
    struct doctor doctor = {.coloured = terminal_is_coloured(color, stdout)};
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    printf("hybridsim " HYBRIDSIM_VERSION " at %.*s\n", length > 0 ? (int)length : 0, self);
    check_python(&doctor, python);
    check_files(&doctor);
    check_libraries(&doctor);
    check_tools(&doctor);
    printf("\n%s\n", doctor.failed ? "Something that is needed is missing." : "All that is needed is there; "
           "`hybridsim doctor --modules` says which modules of the library can be used.");
    return doctor.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
