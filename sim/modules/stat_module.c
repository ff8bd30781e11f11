/* stat_module.c - module _stat: what the bits of a file's mode mean. */
#include "sim/modules/support.h"

#include <sys/stat.h>

#define FUNCTION(name)                                                                                                 \
    static value mode_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static bool mode_argument(struct vm *vm, value v, uint32_t *mode)
{
    int64_t number;
    if (!value_to_int64(vm, v, &number))
        return false;
    if (number < 0) {
        raise_error(vm, &exc_OverflowError, "can't convert negative value to unsigned int");
        return false;
    }
    if (number > UINT32_MAX) {
        raise_error(vm, &exc_OverflowError, "mode out of range");
        return false;
    }
    *mode = (uint32_t)number;
    return true;
}

#define TEST(name, kind)                                                                                               \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        uint32_t mode;                                                                                                 \
        return mode_argument(vm, arguments[0], &mode) ? bool_value((mode & S_IFMT) == (kind)) : VALUE_NULL;            \
    }
enum { NO_SUCH_KIND = 1 }; /* doors, ports, whiteouts: not here */
TEST(S_ISDIR, S_IFDIR)
TEST(S_ISCHR, S_IFCHR)
TEST(S_ISBLK, S_IFBLK)
TEST(S_ISREG, S_IFREG)
TEST(S_ISFIFO, S_IFIFO)
TEST(S_ISLNK, S_IFLNK)
TEST(S_ISSOCK, S_IFSOCK)
TEST(S_ISDOOR, NO_SUCH_KIND)
TEST(S_ISPORT, NO_SUCH_KIND)
TEST(S_ISWHT, NO_SUCH_KIND)

FUNCTION(S_IMODE)
{
    UNUSED;
    uint32_t mode;
    return mode_argument(vm, arguments[0], &mode) ? small_int(mode & 07777) : VALUE_NULL;
}

FUNCTION(S_IFMT)
{
    UNUSED;
    uint32_t mode;
    return mode_argument(vm, arguments[0], &mode) ? small_int(mode & S_IFMT) : VALUE_NULL;
}

FUNCTION(filemode)
{
    UNUSED;
    static const struct { uint32_t kind; char letter; } kinds[] = {{S_IFREG, '-'}, {S_IFDIR, 'd'}, {S_IFLNK, 'l'}, {S_IFBLK, 'b'},
                                                                   {S_IFCHR, 'c'}, {S_IFIFO, 'p'}, {S_IFSOCK, 's'}};
    uint32_t mode;
    char text[11] = "?---------";
    if (!mode_argument(vm, arguments[0], &mode))
        return VALUE_NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((mode & S_IFMT) == kinds[i].kind)
            text[0] = kinds[i].letter;
    for (int i = 0; i < 9; i++)
        if (mode & (0400u >> i))
            text[1 + i] = "rwxrwxrwx"[i];
    static const struct { uint32_t bit; int place; char letter; } special[] = {{S_ISUID, 3, 's'}, {S_ISGID, 6, 's'}, {S_ISVTX, 9, 't'}};
    for (int i = 0; i < 3; i++)
        if (mode & special[i].bit)
            text[special[i].place] = text[special[i].place] == 'x' ? special[i].letter : (char)(special[i].letter - 'a' + 'A');
    return string_from_text(vm, text);
}

#define ROW(name) {#name, "(mode, /)", mode_##name, 0, NULL}
static const struct method_definition functions[] = {
    ROW(S_ISDIR), ROW(S_ISCHR), ROW(S_ISBLK), ROW(S_ISREG), ROW(S_ISFIFO), ROW(S_ISLNK), ROW(S_ISSOCK), ROW(S_ISDOOR),
    ROW(S_ISPORT), ROW(S_ISWHT), ROW(S_IMODE), ROW(S_IFMT), ROW(filemode), {0}};

#define CONSTANT(name) {#name, name}
static const struct integer_constant constants[] = {
    CONSTANT(S_IFDIR), CONSTANT(S_IFCHR), CONSTANT(S_IFBLK), CONSTANT(S_IFREG), CONSTANT(S_IFIFO), CONSTANT(S_IFLNK),
    CONSTANT(S_IFSOCK), {"S_IFDOOR", 0}, {"S_IFPORT", 0}, {"S_IFWHT", 0}, CONSTANT(S_ISUID), CONSTANT(S_ISGID), CONSTANT(S_ISVTX),
    {"S_ENFMT", S_ISGID}, CONSTANT(S_IREAD), CONSTANT(S_IWRITE), CONSTANT(S_IEXEC), CONSTANT(S_IRWXU), CONSTANT(S_IRUSR),
    CONSTANT(S_IWUSR), CONSTANT(S_IXUSR), CONSTANT(S_IRWXG), CONSTANT(S_IRGRP), CONSTANT(S_IWGRP), CONSTANT(S_IXGRP),
    CONSTANT(S_IRWXO), CONSTANT(S_IROTH), CONSTANT(S_IWOTH), CONSTANT(S_IXOTH), {"UF_NODUMP", 1}, {"UF_IMMUTABLE", 2},
    {"UF_APPEND", 4}, {"UF_OPAQUE", 8}, {"UF_NOUNLINK", 16}, {"UF_COMPRESSED", 32}, {"UF_HIDDEN", 0x8000}, {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000}, {"SF_APPEND", 0x40000}, {"SF_NOUNLINK", 0x100000}, {"SF_SNAPSHOT", 0x200000}, {"ST_MODE", 0},
    {"ST_INO", 1}, {"ST_DEV", 2}, {"ST_NLINK", 3}, {"ST_UID", 4}, {"ST_GID", 5}, {"ST_SIZE", 6}, {"ST_ATIME", 7}, {"ST_MTIME", 8},
    {"ST_CTIME", 9}, {0}};

static bool stat_initialize(struct vm *vm, value module)
{
    return support_add_constants(vm, module, constants);
}

const struct native_module stat_module = {"_stat", stat_initialize, functions};
