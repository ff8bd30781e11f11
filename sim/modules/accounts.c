/* accounts.c - modules pwd, grp and spwd: the host's users and groups. */
#include "sim/modules/sandbox.h"
#include "sim/modules/support.h"
#include "sim/runtime/record.h"
#include "sim/runtime/warning.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>

#define FUNCTION(name)                                                                                                 \
    static value account_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static const char *const user_fields[] = {"pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"};
static struct record_type user_type = RECORD_TYPE("pwd.struct_passwd", user_fields, 7, 7, NULL);
static const char *const group_fields[] = {"gr_name", "gr_passwd", "gr_gid", "gr_mem"};
static struct record_type group_type = RECORD_TYPE("grp.struct_group", group_fields, 4, 4, NULL);

static value text_value(struct vm *vm, const char *text)
{
    return text ? bytes_decode(vm, (const uint8_t *)text, strlen(text), "utf-8", "surrogateescape") : NONE;
}

static value user_value(struct vm *vm, const struct passwd *user)
{
    value items[7] = {text_value(vm, user->pw_name), text_value(vm, user->pw_passwd), int_from_int64(vm, user->pw_uid),
                      int_from_int64(vm, user->pw_gid), text_value(vm, user->pw_gecos), text_value(vm, user->pw_dir),
                      text_value(vm, user->pw_shell)};
    return record_new(vm, &user_type, items);
}

static value group_value(struct vm *vm, const struct group *group)
{
    value members = list_new(vm, 0);
    for (char **member = group->gr_mem; members != VALUE_NULL && member && *member; member++)
        if (!list_append(vm, list_of(members), text_value(vm, *member)))
            return VALUE_NULL;
    value items[4] = {text_value(vm, group->gr_name), text_value(vm, group->gr_passwd), int_from_int64(vm, group->gr_gid), members};
    return record_new(vm, &group_type, items);
}

static bool number_argument(struct vm *vm, value v, const char *function, const char *what, int64_t *number)
{
    if (!is_int(v)) {
        raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
        return false;
    }
    if (value_to_int64(vm, v, number) && *number >= -1 && *number <= UINT32_MAX)
        return true;
    if (vm->pending != VALUE_NULL)
        exception_clear(vm);
    raise_error(vm, &exc_KeyError, "%s(): %s not found", function, what);
    return false;
}

static const char *name_argument(struct vm *vm, value v, const char *function)
{
    if (v != VALUE_NULL && has_flag(v, TYPE_STRING)) {
        size_t size;
        const char *name = string_utf8(vm, v, &size);
        if (!name || strlen(name) == size)
            return name;
        raise_error(vm, &exc_ValueError, "embedded null byte");
        return NULL;
    }
    raise_error(vm, &exc_TypeError, "%s() argument must be str, not %T", function, v);
    return NULL;
}

FUNCTION(getpwuid)
{
    UNUSED;
    int64_t number;
    if (!number_argument(vm, arguments[0], "getpwuid", "uid", &number))
        return VALUE_NULL;
    const struct passwd *user = getpwuid((uid_t)number);
    return user ? user_value(vm, user) : raise_error(vm, &exc_KeyError, "getpwuid(): uid not found: %ld", (long)number);
}

FUNCTION(getpwnam)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0], "getpwnam");
    const struct passwd *user = name ? getpwnam(name) : NULL;
    if (!name)
        return VALUE_NULL;
    return user ? user_value(vm, user) : raise_error(vm, &exc_KeyError, "getpwnam(): name not found: %R", arguments[0]);
}

FUNCTION(getpwall)
{
    UNUSED;
    value list = list_new(vm, 0);
    setpwent();
    for (const struct passwd *user; list != VALUE_NULL && (user = getpwent());)
        if (!list_append(vm, list_of(list), user_value(vm, user)))
            list = VALUE_NULL;
    endpwent();
    return list;
}

FUNCTION(getgrgid)
{
    UNUSED;
    int64_t number;
    if (!number_argument(vm, arguments[0], "getgrgid", "gid", &number))
        return VALUE_NULL;
    const struct group *group = getgrgid((gid_t)number);
    return group ? group_value(vm, group) : raise_error(vm, &exc_KeyError, "getgrgid(): gid not found: %ld", (long)number);
}

FUNCTION(getgrnam)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0], "getgrnam");
    const struct group *group = name ? getgrnam(name) : NULL;
    if (!name)
        return VALUE_NULL;
    return group ? group_value(vm, group) : raise_error(vm, &exc_KeyError, "getgrnam(): name not found: %R", arguments[0]);
}

FUNCTION(getgrall)
{
    UNUSED;
    value list = list_new(vm, 0);
    setgrent();
    for (const struct group *group; list != VALUE_NULL && (group = getgrent());)
        if (!list_append(vm, list_of(list), group_value(vm, group)))
            list = VALUE_NULL;
    endgrent();
    return list;
}

static const struct method_definition user_functions[] = {
    {"getpwuid", "(uidobj, /)", account_getpwuid, 0, NULL},
    {"getpwnam", "(name, /)", account_getpwnam, 0, NULL},
    {"getpwall", "()", account_getpwall, 0, NULL},
    {0},
};
static const struct method_definition group_functions[] = {
    {"getgrgid", "(id)", account_getgrgid, 0, NULL},
    {"getgrnam", "(name)", account_getgrnam, 0, NULL},
    {"getgrall", "()", account_getgrall, 0, NULL},
    {0},
};

static bool user_initialize(struct vm *vm, value module)
{
    return record_ready(vm, &user_type) && dict_set_text(vm, support_dict(module), "struct_passwd", object_value(&user_type.type));
}

static bool group_initialize(struct vm *vm, value module)
{
    return record_ready(vm, &group_type) && dict_set_text(vm, support_dict(module), "struct_group", object_value(&group_type.type));
}

const struct native_module pwd_module = {"pwd", user_initialize, user_functions};
const struct native_module grp_module = {"grp", group_initialize, group_functions};

/* ---- spwd: the shadow file, which only a privileged host account can read ---- */

static const char *const shadow_fields[] = {"sp_namp", "sp_pwdp", "sp_lstchg", "sp_min",  "sp_max", "sp_warn",
                                            "sp_inact", "sp_expire", "sp_flag", "sp_nam", "sp_pwd"};
static struct record_type shadow_type = RECORD_TYPE("spwd.struct_spwd", shadow_fields, 9, 11, NULL);

static value shadow_value(struct vm *vm, const struct spwd *user)
{
    value name = text_value(vm, user->sp_namp), password = text_value(vm, user->sp_pwdp);
    value items[11] = {name, password, small_int(user->sp_lstchg), small_int(user->sp_min), small_int(user->sp_max),
                       small_int(user->sp_warn), small_int(user->sp_inact), small_int(user->sp_expire),
                       int_from_int64(vm, (int64_t)user->sp_flag), name, password};
    return record_new(vm, &shadow_type, items);
}

FUNCTION(getspnam)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0], "getspnam");
    if (!name || !sandbox_may_read(vm, VALUE_NULL))
        return VALUE_NULL;
    errno = 0;
    const struct spwd *user = getspnam(name);
    if (!user && errno)
        return raise_os_error(vm, errno, VALUE_NULL);
    return user ? shadow_value(vm, user) : raise_error(vm, &exc_KeyError, "getspnam(): name not found");
}

FUNCTION(getspall)
{
    UNUSED;
    value list = sandbox_may_read(vm, VALUE_NULL) ? list_new(vm, 0) : VALUE_NULL;
    setspent();
    for (const struct spwd *user; list != VALUE_NULL && (user = getspent());)
        if (!list_append(vm, list_of(list), shadow_value(vm, user)))
            list = VALUE_NULL;
    endspent();
    return list;
}

static const struct method_definition shadow_functions[] = {
    {"getspnam", "(arg, /)", account_getspnam, 0, NULL},
    {"getspall", "()", account_getspall, 0, NULL},
    {0},
};

static bool shadow_initialize(struct vm *vm, value module)
{
    return warning_issue(vm, &exc_DeprecationWarning, 7, "'spwd' is deprecated and slated for removal in Python 3.13") &&
           record_ready(vm, &shadow_type) &&
           dict_set_text(vm, support_dict(module), "struct_spwd", object_value(&shadow_type.type));
}

const struct native_module spwd_module = {"spwd", shadow_initialize, shadow_functions};
