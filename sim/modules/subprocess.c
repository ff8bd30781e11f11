/* subprocess.c - module _posixsubprocess: a simulated program starts no processes. One is answered without being started:
 * `/sbin/ldconfig -p`, with which ctypes.util.find_library asks which libraries there are. */
#include "sim/modules/ctypes/library_cache.h"
#include "sim/modules/sandbox.h"
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARGUMENT_LIST = 0, OUTPUT_DESCRIPTOR = 9, ANSWERED_PROCESS = 1 << 22 /* no process has this number: waiting finds none */ };

static bool is_text(value v, const char *text)
{
    if (is_bytes(v))
        return !strcmp((const char *)bytes_of(v)->data, text);
    return is_string(v) && string_is(v, text);
}

/* The pipe takes all of it: nobody reads as long as we write. */
static bool write_whole(int descriptor, const char *text, size_t size)
{
    if (size > 65536 && fcntl(descriptor, F_SETPIPE_SZ, (int)size) < (int)size)
        return false;
    return write(descriptor, text, size) == (ssize_t)size;
}

static bool answer_library_list(const value *arguments, size_t count)
{
    if (count <= OUTPUT_DESCRIPTOR || !has_flag(arguments[ARGUMENT_LIST], TYPE_LIST | TYPE_TUPLE))
        return false;
    const value *command = has_flag(arguments[ARGUMENT_LIST], TYPE_LIST) ? list_of(arguments[ARGUMENT_LIST])->items
                                                                         : tuple_of(arguments[ARGUMENT_LIST])->items;
    size_t words = has_flag(arguments[ARGUMENT_LIST], TYPE_LIST) ? list_of(arguments[ARGUMENT_LIST])->length
                                                                 : tuple_of(arguments[ARGUMENT_LIST])->length;
    value output = arguments[OUTPUT_DESCRIPTOR];
    if (words != 2 || !is_text(command[0], "/sbin/ldconfig") || !is_text(command[1], "-p") || !is_small_int(output) ||
        small_int_value(output) < 0)
        return false;
    char *list = library_cache_print();
    bool answered = list && write_whole((int)small_int_value(output), list, strlen(list));
    free(list);
    return answered;
}

static value fork_exec(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)keyword_names;
    return answer_library_list(arguments, count) ? small_int(ANSWERED_PROCESS) : sandbox_refuse(vm, "subprocess");
}

static const struct method_definition functions[] = {{"fork_exec", NULL, fork_exec, 0, NULL}, {0}};

const struct native_module subprocess_module = {"_posixsubprocess", NULL, functions};
