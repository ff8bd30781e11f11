/* parser.c - the type XMLParser: libexpat's events go to a target. With a plain TreeBuilder they go there without any call of
 * Python. After an exception nothing more is reported. */
#include "sim/modules/etree/etree.h"
#include "sim/modules/expat/encoding.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/warning.h"

#include <expat.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define METHOD(name) static ETREE_FUNCTION(name)

enum target_method { ON_START_NS, ON_END_NS, ON_START, ON_DATA, ON_END, ON_COMMENT, ON_PI, ON_CLOSE, ON_DOCTYPE, TARGET_METHODS };

struct name_entry { uint64_t hash; char *text; value name; }; /* text malloc'd; NULL: free */

struct xml_parser {
    struct object head;
    XML_Parser parser;              /* NULL: __init__ was not called */
    struct vm *vm;
    value target, entity;           /* VALUE_NULL before __init__ */
    value methods[TARGET_METHODS];  /* of the target; VALUE_NULL: it has none */
    bool direct;                    /* the target is exactly a TreeBuilder */
    struct name_entry *names;       /* malloc'd: tags and attributes by libexpat's text */
    size_t name_count, name_capacity;
};

static struct xml_parser *parser_of(value v)
{
    return (struct xml_parser *)value_object(v);
}

/* ---- names ---- */

static struct name_entry *name_slot(const struct xml_parser *parser, const char *text, uint64_t hash)
{
    size_t mask = parser->name_capacity - 1, at = hash & mask;
    while (parser->names[at].text && (parser->names[at].hash != hash || strcmp(parser->names[at].text, text) != 0))
        at = (at + 1) & mask;
    return &parser->names[at];
}

static bool names_grow(struct xml_parser *parser)
{
    struct xml_parser old = *parser;
    size_t capacity = old.name_capacity ? 2 * old.name_capacity : 32;
    struct name_entry *names = calloc(capacity, sizeof *names);
    if (!names)
        return false;
    parser->names = names;
    parser->name_capacity = capacity;
    for (size_t i = 0; i < old.name_capacity; i++)
        if (old.names[i].text)
            *name_slot(parser, old.names[i].text, old.names[i].hash) = old.names[i];
    free(old.names);
    return true;
}

/* "uri}name" becomes "{uri}name"; equal ones are one str. */
static value universal_name(struct xml_parser *parser, const char *text)
{
    uint64_t hash = 0xcbf29ce484222325ull;
    size_t size = 0;
    bool qualified = false;
    for (; text[size]; size++) {
        hash = (hash ^ (uint8_t)text[size]) * 0x100000001b3ull;
        qualified |= text[size] == '}';
    }
    if (2 * parser->name_count >= parser->name_capacity && !names_grow(parser))
        return raise_no_memory(parser->vm);
    struct name_entry *entry = name_slot(parser, text, hash);
    if (entry->text)
        return entry->name;
    char *copy = malloc(size + 3);
    if (!copy)
        return raise_no_memory(parser->vm);
    copy[0] = '{';
    memcpy(copy + 1, text, size + 1);
    value name = string_from_utf8(parser->vm, qualified ? copy : copy + 1, size + qualified);
    memmove(copy, copy + 1, size + 1);
    if (name == VALUE_NULL) {
        free(copy);
        return VALUE_NULL;
    }
    *entry = (struct name_entry){hash, copy, name};
    parser->name_count++;
    return name;
}

static value text_of(struct xml_parser *parser, const char *text)
{
    return string_from_utf8(parser->vm, text ? text : "", text ? strlen(text) : 0);
}

/* ---- errors ---- */

static void raise_parse_error(struct xml_parser *parser, enum XML_Error code, const char *message)
{
    struct vm *vm = parser->vm;
    int64_t line = (int64_t)XML_GetErrorLineNumber(parser->parser), column = (int64_t)XML_GetErrorColumnNumber(parser->parser);
    value text = string_printf(vm, "%s: line %lld, column %lld", message ? message : XML_ErrorString(code), (long long)line,
                               (long long)column);
    value error = text == VALUE_NULL ? text : call_1(vm, vm->etree->parse_error, text);
    value position = error == VALUE_NULL ? error : tuple_pack(vm, 2, small_int(line), small_int(column));
    if (position != VALUE_NULL && set_attribute(vm, error, intern_text(vm, "code"), small_int(code)) &&
        set_attribute(vm, error, intern_text(vm, "position"), position))
        raise_value(vm, error);
}

/* ---- events ---- */

static struct tree_builder *direct_builder(const struct xml_parser *parser)
{
    return builder_of(parser->target);
}

static void report(struct xml_parser *parser, enum target_method which, const value *arguments, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (arguments[i] == VALUE_NULL)
            return;
    if (parser->methods[which] != VALUE_NULL)
        call(parser->vm, parser->methods[which], arguments, count, VALUE_NULL);
}

static bool attributes_of(struct xml_parser *parser, const XML_Char **pairs, value *out)
{
    struct vm *vm = parser->vm;
    *out = VALUE_NULL;
    if (!pairs[0])
        return true;
    if ((*out = dict_new(vm)) == VALUE_NULL)
        return false;
    for (; pairs[0] && pairs[1]; pairs += 2) {
        value name = universal_name(parser, pairs[0]), text = name == VALUE_NULL ? name : text_of(parser, pairs[1]);
        if (text == VALUE_NULL || !dict_set(vm, dict_of(*out), name, text))
            return false;
    }
    return true;
}

static void on_start(void *context, const XML_Char *name, const XML_Char **pairs)
{
    struct xml_parser *parser = context;
    struct vm *vm = parser->vm;
    value tag, attributes;
    if (vm->pending != VALUE_NULL || (tag = universal_name(parser, name)) == VALUE_NULL ||
        !attributes_of(parser, pairs, &attributes))
        return;
    if (parser->direct) {
        builder_start(vm, direct_builder(parser), tag, attributes);
    } else if (parser->methods[ON_START] != VALUE_NULL) {
        if (attributes == VALUE_NULL)
            attributes = dict_new(vm);
        report(parser, ON_START, (const value[]){tag, attributes}, 2);
    }
}

static void on_end(void *context, const XML_Char *name)
{
    struct xml_parser *parser = context;
    if (parser->vm->pending != VALUE_NULL)
        return;
    if (parser->direct)
        builder_end(parser->vm, direct_builder(parser));
    else if (parser->methods[ON_END] != VALUE_NULL)
        report(parser, ON_END, (const value[]){universal_name(parser, name)}, 1);
}

static void give_data(struct xml_parser *parser, value data)
{
    if (data != VALUE_NULL && parser->direct)
        builder_data(parser->vm, direct_builder(parser), data);
    else
        report(parser, ON_DATA, &data, 1);
}

static void on_data(void *context, const XML_Char *data, int size)
{
    struct xml_parser *parser = context;
    if (parser->vm->pending == VALUE_NULL)
        give_data(parser, string_from_utf8(parser->vm, data, (size_t)size));
}

/* Entities that libexpat does not know may be in the dict `entity`. */
static void on_default(void *context, const XML_Char *data, int size)
{
    struct xml_parser *parser = context;
    struct vm *vm = parser->vm;
    if (size < 2 || data[0] != '&' || vm->pending != VALUE_NULL)
        return;
    value item, key = string_from_utf8(vm, data + 1, (size_t)size - 2);
    int found = key == VALUE_NULL ? -1 : dict_find(vm, dict_of(parser->entity), key, &item);
    if (found > 0) {
        give_data(parser, item);
    } else if (!found) {
        char message[128];
        snprintf(message, sizeof message, "undefined entity %.*s", size < 100 ? size : 100, data);
        raise_parse_error(parser, XML_ERROR_UNDEFINED_ENTITY, message);
    }
}

static void on_start_namespace(void *context, const XML_Char *prefix, const XML_Char *uri)
{
    struct xml_parser *parser = context;
    struct vm *vm = parser->vm;
    if (vm->pending != VALUE_NULL)
        return;
    if (!parser->direct) {
        if (parser->methods[ON_START_NS] != VALUE_NULL)
            report(parser, ON_START_NS, (const value[]){text_of(parser, prefix), text_of(parser, uri)}, 2);
        return;
    }
    struct tree_builder *builder = direct_builder(parser);
    if (builder->events_append == VALUE_NULL || builder->start_namespace_event == VALUE_NULL)
        return;
    value first = text_of(parser, prefix), second = first == VALUE_NULL ? first : text_of(parser, uri);
    value pair = second == VALUE_NULL ? second : tuple_pack(vm, 2, first, second);
    if (pair != VALUE_NULL && !builder_event(vm, builder, builder->start_namespace_event, pair))
        return;
}

static void on_end_namespace(void *context, const XML_Char *prefix)
{
    struct xml_parser *parser = context;
    struct vm *vm = parser->vm;
    if (vm->pending != VALUE_NULL)
        return;
    if (!parser->direct) {
        if (parser->methods[ON_END_NS] != VALUE_NULL)
            report(parser, ON_END_NS, (const value[]){text_of(parser, prefix)}, 1);
        return;
    }
    struct tree_builder *builder = direct_builder(parser);
    if (builder->events_append != VALUE_NULL && !builder_event(vm, builder, builder->end_namespace_event, NONE))
        return;
}

static void on_comment(void *context, const XML_Char *text)
{
    struct xml_parser *parser = context;
    if (parser->vm->pending != VALUE_NULL)
        return;
    value comment = text_of(parser, text);
    if (comment != VALUE_NULL && parser->direct)
        builder_comment(parser->vm, direct_builder(parser), comment);
    else
        report(parser, ON_COMMENT, &comment, 1);
}

static void on_instruction(void *context, const XML_Char *target, const XML_Char *data)
{
    struct xml_parser *parser = context;
    struct vm *vm = parser->vm;
    const struct tree_builder *builder = parser->direct ? direct_builder(parser) : NULL;
    if (vm->pending != VALUE_NULL)
        return;
    if (builder && !builder->insert_instructions &&
        (builder->events_append == VALUE_NULL || builder->instruction_event == VALUE_NULL))
        return;
    const value arguments[] = {text_of(parser, target), text_of(parser, data)};
    if (arguments[0] == VALUE_NULL || arguments[1] == VALUE_NULL)
        return;
    if (builder)
        builder_instruction(vm, direct_builder(parser), arguments[0], arguments[1]);
    else
        report(parser, ON_PI, arguments, 2);
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    struct xml_parser *parser = context;
    struct vm *vm = parser->vm;
    (void)internal;
    if (vm->pending != VALUE_NULL)
        return;
    const value arguments[] = {universal_name(parser, name), public ? universal_name(parser, public) : NONE,
                               system ? universal_name(parser, system) : NONE};
    if (parser->methods[ON_DOCTYPE] != VALUE_NULL) {
        report(parser, ON_DOCTYPE, arguments, 3);
        return;
    }
    value own;
    if (vm->pending == VALUE_NULL && find_attribute(vm, object_value(parser), intern_text(vm, "doctype"), &own) > 0)
        (void)warning_issue(vm, &exc_RuntimeWarning, 1,
                            "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target.");
}

/* ---- making one ---- */

static value parser_allocate(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct xml_parser *parser = instance_allocate(vm, type, sizeof *parser);
    if (!parser)
        return VALUE_NULL;
    parser->vm = vm;
    parser->target = parser->entity = VALUE_NULL;
    for (int i = 0; i < TARGET_METHODS; i++)
        parser->methods[i] = VALUE_NULL;
    return object_value(parser);
}

static bool find_methods(struct vm *vm, struct xml_parser *parser)
{
    static const char *const names[TARGET_METHODS] = {"start_ns", "end_ns", "start", "data", "end",
                                                      "comment",  "pi",     "close", "doctype"};
    for (int i = 0; i < TARGET_METHODS; i++) {
        value method;
        int found = find_attribute(vm, parser->target, intern_text(vm, names[i]), &method);
        if (found < 0)
            return false;
        parser->methods[i] = found ? method : VALUE_NULL;
    }
    return true;
}

static void install(struct xml_parser *parser)
{
    XML_SetUserData(parser->parser, parser);
    XML_SetHashSalt(parser->parser, 1);
    if (parser->methods[ON_START_NS] != VALUE_NULL || parser->methods[ON_END_NS] != VALUE_NULL)
        XML_SetNamespaceDeclHandler(parser->parser, on_start_namespace, on_end_namespace);
    XML_SetElementHandler(parser->parser, on_start, on_end);
    XML_SetDefaultHandlerExpand(parser->parser, on_default);
    XML_SetCharacterDataHandler(parser->parser, on_data);
    if (parser->methods[ON_COMMENT] != VALUE_NULL)
        XML_SetCommentHandler(parser->parser, on_comment);
    if (parser->methods[ON_PI] != VALUE_NULL)
        XML_SetProcessingInstructionHandler(parser->parser, on_instruction);
    XML_SetStartDoctypeDeclHandler(parser->parser, on_doctype);
    XML_SetUnknownEncodingHandler(parser->parser, expat_unknown_encoding, parser->vm);
}

static bool parser_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"target", "encoding", NULL};
    struct xml_parser *parser = parser_of(self);
    value given[2];
    if (!arguments_bind(vm, &(struct argument_names){"XMLParser", names, 0, 0}, arguments, count, keyword_names, given))
        return false;
    const char *encoding = NULL;
    if (given[1] != VALUE_NULL && given[1] != NONE) {
        if (!is_string(given[1])) {
            raise_error(vm, &exc_TypeError, "XMLParser() argument 'encoding' must be str or None, not %T", given[1]);
            return false;
        }
        encoding = string_utf8(vm, given[1], NULL);
    }
    if ((parser->entity = dict_new(vm)) == VALUE_NULL)
        return false;
    if (parser->parser)
        XML_ParserFree(parser->parser);
    if (!(parser->parser = XML_ParserCreateNS(encoding, '}'))) {
        raise_no_memory(vm);
        return false;
    }
    bool own = given[0] == VALUE_NULL || given[0] == NONE;
    if ((parser->target = own ? tree_builder_new(vm, &tree_builder_type) : given[0]) == VALUE_NULL || !find_methods(vm, parser))
        return false;
    parser->direct = is_exact(parser->target, &tree_builder_type);
    install(parser);
    return true;
}

static void parser_trace(struct vm *vm, struct object *object)
{
    const struct xml_parser *parser = (const struct xml_parser *)object;
    gc_mark(vm, parser->target);
    gc_mark(vm, parser->entity);
    for (int i = 0; i < TARGET_METHODS; i++)
        gc_mark(vm, parser->methods[i]);
    for (size_t i = 0; i < parser->name_capacity; i++)
        if (parser->names[i].text)
            gc_mark(vm, parser->names[i].name);
}

static void parser_release(struct vm *vm, struct object *object)
{
    struct xml_parser *parser = (struct xml_parser *)object;
    (void)vm;
    if (parser->parser)
        XML_ParserFree(parser->parser);
    for (size_t i = 0; i < parser->name_capacity; i++)
        free(parser->names[i].text);
    free(parser->names);
}

/* ---- methods ---- */

static bool check_ready(struct vm *vm, const struct xml_parser *parser)
{
    if (parser->target == VALUE_NULL)
        raise_error(vm, &exc_ValueError, "XMLParser.__init__() wasn't called");
    return parser->target != VALUE_NULL;
}

static value parse(struct vm *vm, struct xml_parser *parser, const void *data, size_t size, bool final)
{
    if (size > INT_MAX)
        return raise_error(vm, &exc_OverflowError, "size does not fit in an int");
    ADD_WORK(vm, characters, size);
    enum XML_Status status = XML_Parse(parser->parser, data, (int)size, final);
    if (vm->pending == VALUE_NULL && status == XML_STATUS_ERROR)
        raise_parse_error(parser, XML_GetErrorCode(parser->parser), NULL);
    return vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

static value builder_root(const struct xml_parser *parser)
{
    value root = direct_builder(parser)->root;
    return root == VALUE_NULL ? NONE : root;
}

METHOD(feed)
{
    ETREE_UNUSED;
    struct xml_parser *parser = parser_of(self);
    const uint8_t *data;
    size_t size;
    if (!check_ready(vm, parser))
        return VALUE_NULL;
    if (is_string(arguments[0])) {
        value encoded = string_encode(vm, arguments[0], "utf-8", NULL);
        if (encoded == VALUE_NULL)
            return VALUE_NULL;
        XML_SetEncoding(parser->parser, "utf-8"); /* whatever the text says of itself */
        value result = parse(vm, parser, bytes_of(encoded)->data, bytes_of(encoded)->length, false);
        gc_keep(encoded);
        return result;
    }
    return buffer_of(vm, arguments[0], &data, &size) ? parse(vm, parser, data, size, false) : VALUE_NULL;
}

METHOD(close)
{
    ETREE_UNUSED;
    struct xml_parser *parser = parser_of(self);
    if (!check_ready(vm, parser) || parse(vm, parser, "", 0, true) == VALUE_NULL)
        return VALUE_NULL;
    if (parser->direct)
        return builder_root(parser);
    return parser->methods[ON_CLOSE] == VALUE_NULL ? NONE : call_0(vm, parser->methods[ON_CLOSE]);
}

METHOD(parse_whole)
{
    ETREE_UNUSED;
    struct xml_parser *parser = parser_of(self);
    value read = check_ready(vm, parser) ? get_attribute_text(vm, arguments[0], "read") : VALUE_NULL;
    if (read == VALUE_NULL)
        return VALUE_NULL;
    for (;;) {
        value data = call_1(vm, read, small_int(64 * 1024));
        if (data != VALUE_NULL && is_exact(data, &string_type)) {
            if (!string_of(data)->length)
                break;
            data = string_encode(vm, data, "utf-8", "surrogatepass");
        }
        if (data == VALUE_NULL)
            return VALUE_NULL;
        if (!is_exact(data, &bytes_type) || !bytes_of(data)->length)
            break;
        value result = parse(vm, parser, bytes_of(data)->data, bytes_of(data)->length, false);
        gc_keep(data);
        if (result == VALUE_NULL)
            return VALUE_NULL;
    }
    value result = parse(vm, parser, "", 0, true);
    return result != VALUE_NULL && parser->direct ? builder_root(parser) : result;
}

static bool wants(struct vm *vm, struct xml_parser *parser, value event)
{
    struct tree_builder *builder = direct_builder(parser);
    const char *name = is_string(event)  ? string_utf8(vm, event, NULL)
                       : is_bytes(event) ? (const char *)bytes_of(event)->data
                                         : NULL;
    if (!name) {
        raise_error(vm, &exc_ValueError, "invalid events sequence");
    } else if (!strcmp(name, "start")) {
        builder->start_event = event;
    } else if (!strcmp(name, "end")) {
        builder->end_event = event;
    } else if (!strcmp(name, "start-ns") || !strcmp(name, "end-ns")) {
        *(name[0] == 's' ? &builder->start_namespace_event : &builder->end_namespace_event) = event;
        XML_SetNamespaceDeclHandler(parser->parser, on_start_namespace, on_end_namespace);
    } else if (!strcmp(name, "comment")) {
        builder->comment_event = event;
        XML_SetCommentHandler(parser->parser, on_comment);
    } else if (!strcmp(name, "pi")) {
        builder->instruction_event = event;
        XML_SetProcessingInstructionHandler(parser->parser, on_instruction);
    } else {
        raise_error(vm, &exc_ValueError, "unknown event '%s'", name);
    }
    return vm->pending == VALUE_NULL;
}

METHOD(set_events)
{
    ETREE_UNUSED;
    struct xml_parser *parser = parser_of(self);
    if (!check_ready(vm, parser))
        return VALUE_NULL;
    if (!parser->direct)
        return raise_error(vm, &exc_TypeError, "event handling only supported for ElementTree.TreeBuilder targets");
    struct tree_builder *builder = direct_builder(parser);
    value append = get_attribute_text(vm, arguments[0], "append");
    if (append == VALUE_NULL)
        return VALUE_NULL;
    builder->events_append = append;
    builder->start_event = builder->end_event = builder->start_namespace_event = builder->end_namespace_event = VALUE_NULL;
    builder->comment_event = builder->instruction_event = VALUE_NULL;
    if (arguments[1] == VALUE_NULL || arguments[1] == NONE) {
        builder->end_event = string_from_text(vm, "end");
        return builder->end_event == VALUE_NULL ? VALUE_NULL : NONE;
    }
    value events = list_from_sequence(vm, arguments[1], "events must be a sequence");
    for (size_t i = 0; events != VALUE_NULL && i < list_of(events)->length; i++)
        if (!wants(vm, parser, list_of(events)->items[i]))
            return VALUE_NULL;
    return events == VALUE_NULL ? VALUE_NULL : NONE;
}

static value get_entity(struct vm *vm, value self)
{
    (void)vm;
    return parser_of(self)->entity == VALUE_NULL ? NONE : parser_of(self)->entity;
}

static value get_target(struct vm *vm, value self)
{
    (void)vm;
    return parser_of(self)->target == VALUE_NULL ? NONE : parser_of(self)->target;
}

static value get_version(struct vm *vm, value self)
{
    (void)self;
    return string_printf(vm, "Expat %d.%d.%d", XML_MAJOR_VERSION, XML_MINOR_VERSION, XML_MICRO_VERSION);
}

static bool set_readonly(struct vm *vm, value self, value item)
{
    (void)self, (void)item;
    raise_error(vm, &exc_AttributeError, "readonly attribute");
    return false;
}

static const struct property_definition parser_properties[] = {
    {"entity", get_entity, set_readonly}, {"target", get_target, set_readonly}, {"version", get_version, NULL}, {0}};

static const struct method_definition parser_methods[] = {
    {"feed", "(data, /)", feed, 0, NULL},
    {"close", "()", close, 0, NULL},
    {"_parse_whole", "(file, /)", parse_whole, 0, NULL},
    {"_setevents", "(events_queue, events_to_report=None, /)", set_events, 0, NULL},
    {0},
};

struct type xml_parser_type = {
    .name = "xml.etree.ElementTree.XMLParser",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct xml_parser),
    .methods = parser_methods,
    .properties = parser_properties,
    .trace = parser_trace,
    .release = parser_release,
    .new = parser_allocate,
    .init = parser_init,
};
