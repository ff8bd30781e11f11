/* memory.c - ssl.MemoryBIO: a queue of bytes between a program and a connection. */
#include "sim/modules/ssl/ssl.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

static void memory_release(struct vm *vm, struct object *object)
{
    (void)vm;
    BIO_free(((struct memory_object *)object)->bio);
}

static value memory_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    if (count || (keyword_names != VALUE_NULL && tuple_of(keyword_names)->length))
        return raise_error(vm, &exc_TypeError, "MemoryBIO() takes no %s arguments", count ? "positional" : "keyword");
    struct memory_object *memory = gc_object(vm, sizeof *memory, &type->shape);
    if (!memory)
        return VALUE_NULL;
    memory->bio = BIO_new(BIO_s_mem());
    if (!memory->bio)
        return ssl_fail_plain(vm, "failed to allocate BIO");
    BIO_set_retry_read(memory->bio); /* nothing there is no end, until write_eof() */
    BIO_set_mem_eof_return(memory->bio, -1);
    return object_value(memory);
}

METHOD(memory_read)
{
    UNUSED;
    BIO *bio = memory_of(self)->bio;
    int64_t limit = -1;
    if (arguments[0] != VALUE_NULL && !value_to_index(vm, arguments[0], &limit))
        return VALUE_NULL;
    int64_t there = (int64_t)BIO_ctrl_pending(bio);
    if (limit < 0 || limit > there)
        limit = there;
    value result = bytes_from(vm, NULL, (size_t)limit);
    if (result == VALUE_NULL || !limit)
        return result;
    ADD_WORK(vm, characters, limit);
    return BIO_read(bio, bytes_of(result)->data, (int)limit) < 0 ? ssl_fail(vm, LINE_OTHER) : result;
}

METHOD(memory_write)
{
    UNUSED;
    struct span data;
    if (!bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    if (data.length > INT32_MAX)
        return raise_error(vm, &exc_OverflowError, "string longer than %d bytes", INT32_MAX);
    if (memory_of(self)->ended)
        return ssl_fail_plain(vm, "cannot write() after write_eof()");
    ADD_WORK(vm, characters, data.length);
    int written = data.length ? BIO_write(memory_of(self)->bio, data.data, (int)data.length) : 0;
    return written < 0 ? ssl_fail(vm, LINE_OTHER) : small_int(written);
}

METHOD(memory_write_eof)
{
    UNUSED;
    memory_of(self)->ended = true;
    BIO_clear_retry_flags(memory_of(self)->bio);
    BIO_set_mem_eof_return(memory_of(self)->bio, 0);
    return NONE;
}

static value get_pending(struct vm *vm, value self)
{
    return int_from_uint64(vm, BIO_ctrl_pending(memory_of(self)->bio));
}

static value get_eof(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(memory_of(self)->ended && !BIO_ctrl_pending(memory_of(self)->bio));
}

static const struct method_definition methods[] = {{"read", "(size=-1, /)", ssl_memory_read, 0, NULL},
                                                   {"write", "(b, /)", ssl_memory_write, 0, NULL},
                                                   {"write_eof", "()", ssl_memory_write_eof, 0, NULL},
                                                   {0}};
static const struct property_definition properties[] = {{"pending", get_pending, NULL}, {"eof", get_eof, NULL}, {0}};
struct type ssl_memory_type = {.name = "_ssl.MemoryBIO",
                               .flags = TYPE_GETATTR_PLAIN,
                               .instance_size = sizeof(struct memory_object),
                               .new = memory_new,
                               .release = memory_release,
                               .methods = methods,
                               .properties = properties};
