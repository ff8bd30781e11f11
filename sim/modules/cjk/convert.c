/* convert.c - conversions from end to end: what cannot be converted goes to the error handler, which may be any function. */
#include "sim/modules/cjk/cjk.h"

#include <stdlib.h>

enum cjk_handler { CJK_STRICT, CJK_IGNORE, CJK_REPLACE, CJK_OTHER };

static enum cjk_handler handler_of(value errors)
{
    return errors == VALUE_NULL || string_is(errors, "strict") ? CJK_STRICT
           : string_is(errors, "ignore")                       ? CJK_IGNORE
           : string_is(errors, "replace")                      ? CJK_REPLACE
                                                               : CJK_OTHER;
}

void cjk_run_open(struct cjk_run *run, struct vm *vm, value codec_object, uint8_t *state, value errors, value source)
{
    *run = (struct cjk_run){.vm = vm, .codec = cjk_codec_of(codec_object)->codec, .map = cjk_codec_of(codec_object)->map,
                            .state = state, .errors = errors, .exception = VALUE_NULL, .source = source};
    run->out.vm = vm;
}

value cjk_run_bytes(struct cjk_run *run, bool good)
{
    return conversion_bytes(&run->out, good);
}

value cjk_run_text(struct cjk_run *run, bool good)
{
    return conversion_string(&run->out, good);
}

/* ---- failures ---- */

static size_t source_length(const struct cjk_run *run)
{
    return is_string(run->source) ? string_of(run->source)->length : bytes_of(run->source)->length;
}

/* The exception for what fails at the run's position, made once. */
static value make_exception(struct cjk_run *run, struct type *type, size_t size, const char *reason)
{
    struct vm *vm = run->vm;
    value start = small_int((int64_t)run->position), end = small_int((int64_t)(run->position + size));
    value text = string_from_text(vm, reason);
    if (run->exception != VALUE_NULL && text != VALUE_NULL) {
        struct exception_object *e = (struct exception_object *)value_object(run->exception);
        e->fields[2] = start;
        e->fields[3] = end;
        e->fields[4] = text;
        return run->exception;
    }
    value arguments[5] = {string_from_text(vm, run->codec->name), run->source, start, end, text};
    if (arguments[0] == VALUE_NULL || text == VALUE_NULL)
        return VALUE_NULL;
    return run->exception = call(vm, type_object_value(type), arguments, 5, VALUE_NULL);
}

/* Asks the registered handler: what it puts in place; the run's position becomes where it says. VALUE_NULL: pending. */
static value ask_handler(struct cjk_run *run, value exception, bool encode)
{
    struct vm *vm = run->vm;
    const char *name = string_utf8(vm, run->errors, NULL);
    value handler = name ? handler_lookup(vm, name) : VALUE_NULL;
    value result = handler == VALUE_NULL ? handler : call_1(vm, handler, exception);
    if (result == VALUE_NULL)
        return VALUE_NULL;
    const struct tuple_object *pair = has_flag(result, TYPE_TUPLE) && tuple_of(result)->length == 2 ? tuple_of(result) : NULL;
    if (!pair || !(is_string(pair->items[0]) || (encode && is_bytes(pair->items[0]))) || !is_int(pair->items[1]))
        return raise_error(vm, &exc_TypeError, "%scoding error handler must return (str, int) tuple", encode ? "en" : "de");
    int64_t position, length = (int64_t)source_length(run);
    if (!value_to_int64(vm, pair->items[1], &position)) {
        exception_clear(vm);
        position = -1;
    } else if (position < 0) {
        position += length;
    }
    if (position < 0 || position > length)
        return raise_error(vm, &exc_IndexError, "position %lld from error handler out of bounds", (long long)position);
    run->position = (size_t)position;
    return pair->items[0];
}

/* ---- encoding ---- */

static int encode_step(struct cjk_run *run, enum cjk_more more)
{
    return run->codec->single ? cjk_encode_plain(run, more) : cjk_encode_shifting(run, more);
}

/* Another text goes where this one stopped. */
static bool encode_instead(struct cjk_run *run, value text)
{
    struct cjk_run inner = *run;
    inner.source = text;
    inner.position = 0;
    inner.errors = inner.exception = VALUE_NULL;
    bool good = cjk_run_encode(&inner, CJK_FLUSH);
    run->out = inner.out;
    return good;
}

static bool encode_failed(struct cjk_run *run, int stop)
{
    size_t size = stop == CJK_TOO_FEW ? source_length(run) - run->position : (size_t)stop;
    enum cjk_handler handler = handler_of(run->errors);
    if (handler == CJK_REPLACE && !encode_instead(run, string_from_text(run->vm, "?")))
        return false;
    if (handler == CJK_REPLACE || handler == CJK_IGNORE) {
        run->position += size;
        return true;
    }
    value exception = make_exception(run, &exc_UnicodeEncodeError, size,
                                     stop == CJK_TOO_FEW ? "incomplete multibyte sequence" : "illegal multibyte sequence");
    if (exception == VALUE_NULL || handler == CJK_STRICT) {
        if (exception != VALUE_NULL)
            raise_value(run->vm, exception);
        return false;
    }
    value replacement = ask_handler(run, exception, true);
    if (replacement == VALUE_NULL)
        return false;
    return is_bytes(replacement) ? conversion_add_bytes(&run->out, bytes_of(replacement)->data, bytes_of(replacement)->length)
                                 : encode_instead(run, replacement);
}

bool cjk_run_encode(struct cjk_run *run, enum cjk_end end)
{
    enum cjk_more more = end == CJK_GO_ON ? CJK_MORE_MAY_COME : CJK_NOTHING_FOLLOWS;
    ADD_WORK(run->vm, characters, source_length(run));
    while (run->position < source_length(run)) {
        int stop = encode_step(run, more);
        if (stop == CJK_DONE || (stop == CJK_TOO_FEW && end == CJK_GO_ON))
            break;
        if (!encode_failed(run, stop))
            return false;
    }
    if (end == CJK_FLUSH_AND_RESET)
        cjk_encode_end(run);
    return true;
}

/* ---- decoding ---- */

static bool decode_failed(struct cjk_run *run, int stop)
{
    size_t size = stop == CJK_TOO_FEW ? source_length(run) - run->position : (size_t)stop;
    enum cjk_handler handler = handler_of(run->errors);
    if (handler == CJK_REPLACE)
        string_builder_add(&run->out.out, 0xfffd);
    if (handler == CJK_REPLACE || handler == CJK_IGNORE) {
        run->position += size;
        return true;
    }
    value exception = make_exception(run, &exc_UnicodeDecodeError, size,
                                     stop == CJK_TOO_FEW ? "incomplete multibyte sequence" : "illegal multibyte sequence");
    if (exception == VALUE_NULL || handler == CJK_STRICT) {
        if (exception != VALUE_NULL)
            raise_value(run->vm, exception);
        return false;
    }
    value replacement = ask_handler(run, exception, false);
    if (replacement != VALUE_NULL)
        string_builder_add_string(&run->out.out, replacement);
    return replacement != VALUE_NULL;
}

bool cjk_run_decode(struct cjk_run *run)
{
    ADD_WORK(run->vm, characters, source_length(run));
    while (run->position < source_length(run)) {
        int stop = run->codec->single ? cjk_decode_plain(run) : cjk_decode_shifting(run);
        if (stop == CJK_DONE || stop == CJK_TOO_FEW)
            break;
        if (!decode_failed(run, stop))
            return false;
    }
    return true;
}

bool cjk_run_decode_rest(struct cjk_run *run)
{
    return run->position == source_length(run) || decode_failed(run, CJK_TOO_FEW);
}
