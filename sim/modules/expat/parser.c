/* parser.c - module pyexpat on libexpat: the parser object, ExpatError, and the tables of errors and content models. */
#include "sim/modules/expat/expat.h"

#include "sim/modules/expat/encoding.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/module.h"

#include <stdio.h>

#define METHOD(name)                                                                                                   \
    static value expat_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum { BUFFER_SIZE = 8192, READ_SIZE = 2048, PIECE = 1 << 20 };

static void parser_trace(struct vm *vm, struct object *object)
{
    const struct expat_object *parser = (const struct expat_object *)object;
    for (int i = 0; i < HANDLER_COUNT; i++)
        gc_mark(vm, parser->handlers[i]);
    gc_mark(vm, parser->intern);
    gc_mark(vm, parser->parent);
}

static void parser_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct expat_object *parser = (struct expat_object *)object;
    if (parser->parser)
        XML_ParserFree(parser->parser);
    free(parser->buffer);
}

/* ---- errors ---- */

static value raise_expat(struct vm *vm, struct expat_object *parser, enum XML_Error code)
{
    int64_t line = (int64_t)XML_GetErrorLineNumber(parser->parser), column = (int64_t)XML_GetErrorColumnNumber(parser->parser);
    value message = string_printf(vm, "%s: line %lld, column %lld", XML_ErrorString(code), (long long)line, (long long)column);
    value error = message == VALUE_NULL ? message : call_1(vm, vm->expat_error, message);
    if (error == VALUE_NULL || !set_attribute(vm, error, intern_text(vm, "code"), small_int(code)) ||
        !set_attribute(vm, error, intern_text(vm, "offset"), small_int(column)) ||
        !set_attribute(vm, error, intern_text(vm, "lineno"), small_int(line)))
        return VALUE_NULL;
    return raise_value(vm, error);
}

static value parse_result(struct vm *vm, struct expat_object *parser, enum XML_Status status)
{
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (status == XML_STATUS_ERROR)
        return raise_expat(vm, parser, XML_GetErrorCode(parser->parser));
    return expat_flush(parser) ? small_int(status) : VALUE_NULL;
}

/* ---- methods ---- */

METHOD(Parse)
{
    UNUSED;
    struct expat_object *parser = expat_of(self);
    struct span data;
    value encoded = NONE;
    int final = arguments[1] == VALUE_NULL ? 0 : value_truth(vm, arguments[1]);
    if (final < 0)
        return VALUE_NULL;
    if (has_flag(arguments[0], TYPE_STRING)) {
        encoded = string_encode(vm, arguments[0], "utf-8", "strict");
        if (encoded == VALUE_NULL)
            return encoded;
        data = bytes_span(encoded);
        XML_SetEncoding(parser->parser, "utf-8");
    } else if (!bytes_like(vm, arguments[0], &data)) {
        return VALUE_NULL;
    }
    ADD_WORK(vm, characters, data.length);
    enum XML_Status status = XML_STATUS_OK;
    const char *at = data.data;
    for (size_t left = data.length; left > PIECE && status == XML_STATUS_OK;
         left = data.length - (size_t)(at - (const char *)data.data)) {
        status = XML_Parse(parser->parser, at, PIECE, 0);
        at += PIECE;
    }
    if (status == XML_STATUS_OK)
        status = XML_Parse(parser->parser, at, (int)(data.length - (size_t)(at - (const char *)data.data)), final);
    value result = parse_result(vm, parser, status);
    gc_keep(object_value(parser));
    gc_keep(arguments[0]);
    gc_keep(encoded);
    return result;
}

METHOD(ParseFile)
{
    UNUSED;
    struct expat_object *parser = expat_of(self);
    value read;
    int found = find_attribute(vm, arguments[0], intern_text(vm, "read"), &read);
    if (found <= 0)
        return found < 0 ? VALUE_NULL : raise_error(vm, &exc_TypeError, "argument must have 'read' attribute");
    for (;;) {
        value data = call_1(vm, read, small_int(READ_SIZE));
        if (data == VALUE_NULL)
            return data;
        if (!is_bytes(data) && !is_bytearray(vm, data))
            return raise_error(vm, &exc_TypeError, "read() did not return a bytes object (type=%T)", data);
        struct span bytes = bytes_span(data);
        if (bytes.length > READ_SIZE)
            return raise_error(vm, &exc_ValueError, "read() returned too much data: %i bytes requested, %lld returned", READ_SIZE,
                               (long long)bytes.length);
        ADD_WORK(vm, characters, bytes.length);
        enum XML_Status status = XML_Parse(parser->parser, bytes.data, (int)bytes.length, bytes.length == 0);
        gc_keep(data);
        if (status != XML_STATUS_OK || vm->pending != VALUE_NULL || !bytes.length) {
            value result = parse_result(vm, parser, status);
            gc_keep(self);
            return result;
        }
    }
}

METHOD(SetBase)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "SetBase() argument must be str, not %T", arguments[0]);
    const char *base = string_utf8(vm, arguments[0], NULL);
    return base && XML_SetBase(expat_of(self)->parser, base) ? NONE : raise_no_memory(vm);
}

METHOD(GetBase)
{
    UNUSED;
    const char *base = XML_GetBase(expat_of(self)->parser);
    return base ? string_from_text(vm, base) : NONE;
}

METHOD(GetInputContext)
{
    UNUSED;
    int offset, size;
    if (!expat_of(self)->in_callback)
        return NONE;
    const char *text = XML_GetInputContext(expat_of(self)->parser, &offset, &size);
    return text ? bytes_from(vm, text + offset, (size_t)(size - offset)) : NONE;
}

METHOD(SetParamEntityParsing)
{
    UNUSED;
    int64_t flag;
    if (!value_to_int64(vm, arguments[0], &flag))
        return VALUE_NULL;
    return small_int(XML_SetParamEntityParsing(expat_of(self)->parser, (enum XML_ParamEntityParsing)flag));
}

METHOD(UseForeignDTD)
{
    UNUSED;
    int flag = arguments[0] == VALUE_NULL ? 1 : value_truth(vm, arguments[0]);
    if (flag < 0)
        return VALUE_NULL;
    enum XML_Error code = XML_UseForeignDTD(expat_of(self)->parser, (XML_Bool)flag);
    return code == XML_ERROR_NONE ? NONE : raise_expat(vm, expat_of(self), code);
}

static struct expat_object *parser_make(struct vm *vm, struct type *type)
{
    struct expat_object *parser = gc_object(vm, sizeof *parser, &type->shape);
    if (!parser)
        return NULL;
    for (int i = 0; i < HANDLER_COUNT; i++)
        parser->handlers[i] = NONE;
    parser->intern = parser->parent = NONE;
    parser->vm = vm;
    parser->buffer_size = BUFFER_SIZE;
    return parser;
}

static bool parser_start(struct vm *vm, struct expat_object *parser, XML_Parser library)
{
    if (!library) {
        raise_error(vm, &exc_RuntimeError, "XML_ParserCreate failed");
        return false;
    }
    parser->parser = library;
    XML_SetUserData(library, parser);
    XML_SetUnknownEncodingHandler(library, expat_unknown_encoding, vm);
    return true;
}

static bool make_buffer(struct vm *vm, struct expat_object *parser)
{
    parser->buffer = malloc((size_t)parser->buffer_size);
    if (!parser->buffer)
        raise_no_memory(vm);
    return parser->buffer != NULL;
}

METHOD(ExternalEntityParserCreate)
{
    UNUSED;
    struct expat_object *parent = expat_of(self), *child = parser_make(vm, object_type(&parent->head));
    const char *context = arguments[0] == NONE ? NULL : string_utf8(vm, arguments[0], NULL), *encoding = NULL;
    if (!child || (!context && arguments[0] != NONE))
        return VALUE_NULL;
    if (arguments[1] != VALUE_NULL && !(encoding = string_utf8(vm, arguments[1], NULL)))
        return VALUE_NULL;
    child->buffer_size = parent->buffer_size;
    child->ordered_attributes = parent->ordered_attributes;
    child->specified_attributes = parent->specified_attributes;
    child->namespace_prefixes = parent->namespace_prefixes;
    child->intern = parent->intern;
    child->parent = self;
    memcpy(child->handlers, parent->handlers, sizeof child->handlers);
    if ((parent->buffer && !make_buffer(vm, child)) ||
        !parser_start(vm, child, XML_ExternalEntityParserCreate(parent->parser, context, encoding)))
        return VALUE_NULL;
    expat_install_all(child);
    return object_value(child);
}

/* ---- attributes ---- */

static bool cannot_delete(struct vm *vm, value item)
{
    if (item == VALUE_NULL)
        raise_error(vm, &exc_RuntimeError, "Cannot delete attribute");
    return item == VALUE_NULL;
}

static bool handler_set(struct vm *vm, value self, value item, enum expat_handler which)
{
    struct expat_object *parser = expat_of(self);
    if (cannot_delete(vm, item) || (which == HANDLER_CharacterData && !expat_flush(parser)))
        return false;
    parser->handlers[which] = item;
    expat_install(parser, which);
    return true;
}

#define X(name) \
    static value get_##name(struct vm *vm, value self) { (void)vm; return expat_of(self)->handlers[HANDLER_##name]; } \
    static bool set_##name(struct vm *vm, value self, value item) { return handler_set(vm, self, item, HANDLER_##name); }
EXPAT_HANDLERS(X)
X(DefaultHandlerExpand)
#undef X

#define FLAG(name) \
    static value get_##name(struct vm *vm, value self) { (void)vm; return bool_value(expat_of(self)->name); } \
    static bool set_##name(struct vm *vm, value self, value item) \
    { \
        int truth = cannot_delete(vm, item) ? -1 : value_truth(vm, item); \
        if (truth >= 0) \
            expat_of(self)->name = truth; \
        return truth >= 0; \
    }
FLAG(ordered_attributes)
FLAG(specified_attributes)

static value get_namespace_prefixes(struct vm *vm, value self) { (void)vm; return bool_value(expat_of(self)->namespace_prefixes); }
static bool set_namespace_prefixes(struct vm *vm, value self, value item)
{
    int truth = cannot_delete(vm, item) ? -1 : value_truth(vm, item);
    if (truth < 0)
        return false;
    expat_of(self)->namespace_prefixes = truth;
    XML_SetReturnNSTriplet(expat_of(self)->parser, truth);
    return true;
}

static value get_buffer_text(struct vm *vm, value self) { (void)vm; return bool_value(expat_of(self)->buffer != NULL); }
static bool set_buffer_text(struct vm *vm, value self, value item)
{
    struct expat_object *parser = expat_of(self);
    int truth = cannot_delete(vm, item) ? -1 : value_truth(vm, item);
    if (truth < 0)
        return false;
    if (truth)
        return parser->buffer || make_buffer(vm, parser);
    if (!expat_flush(parser))
        return false;
    free(parser->buffer);
    parser->buffer = NULL;
    return true;
}

static value get_buffer_size(struct vm *vm, value self) { (void)vm; return small_int(expat_of(self)->buffer_size); }
static bool set_buffer_size(struct vm *vm, value self, value item)
{
    struct expat_object *parser = expat_of(self);
    int64_t size;
    if (cannot_delete(vm, item))
        return false;
    if (!is_int(item)) {
        raise_error(vm, &exc_TypeError, "buffer_size must be an integer");
        return false;
    }
    if (!value_to_int64(vm, item, &size))
        return false;
    if (size <= 0 || size > INT32_MAX) {
        if (size <= 0)
            raise_error(vm, &exc_ValueError, "buffer_size must be greater than zero");
        else
            raise_error(vm, &exc_ValueError, "buffer_size must not be greater than %i", INT32_MAX);
        return false;
    }
    if (size == parser->buffer_size)
        return true;
    if (!expat_flush(parser))
        return false;
    free(parser->buffer);
    parser->buffer = NULL;
    parser->buffer_size = (int)size;
    return make_buffer(vm, parser);
}

#define NUMBER(name, expression) \
    static value get_##name(struct vm *vm, value self) { (void)vm; return small_int((int64_t)(expression)); }
NUMBER(buffer_used, expat_of(self)->buffer_used)
NUMBER(ErrorCode, XML_GetErrorCode(expat_of(self)->parser))
NUMBER(ErrorLineNumber, XML_GetErrorLineNumber(expat_of(self)->parser))
NUMBER(ErrorColumnNumber, XML_GetErrorColumnNumber(expat_of(self)->parser))
NUMBER(ErrorByteIndex, XML_GetErrorByteIndex(expat_of(self)->parser))
NUMBER(CurrentLineNumber, XML_GetCurrentLineNumber(expat_of(self)->parser))
NUMBER(CurrentColumnNumber, XML_GetCurrentColumnNumber(expat_of(self)->parser))
NUMBER(CurrentByteIndex, XML_GetCurrentByteIndex(expat_of(self)->parser))
static value get_intern(struct vm *vm, value self) { (void)vm; return expat_of(self)->intern; }

static const struct property_definition parser_properties[] = {
#define X(name) {#name "Handler", get_##name, set_##name},
    EXPAT_HANDLERS(X)
#undef X
    {"DefaultHandlerExpand", get_DefaultHandlerExpand, set_DefaultHandlerExpand},
    {"ordered_attributes", get_ordered_attributes, set_ordered_attributes},
    {"specified_attributes", get_specified_attributes, set_specified_attributes},
    {"namespace_prefixes", get_namespace_prefixes, set_namespace_prefixes},
    {"buffer_text", get_buffer_text, set_buffer_text}, {"buffer_size", get_buffer_size, set_buffer_size},
    {"buffer_used", get_buffer_used, NULL}, {"intern", get_intern, NULL}, {"ErrorCode", get_ErrorCode, NULL},
    {"ErrorLineNumber", get_ErrorLineNumber, NULL}, {"ErrorColumnNumber", get_ErrorColumnNumber, NULL},
    {"ErrorByteIndex", get_ErrorByteIndex, NULL}, {"CurrentLineNumber", get_CurrentLineNumber, NULL},
    {"CurrentColumnNumber", get_CurrentColumnNumber, NULL}, {"CurrentByteIndex", get_CurrentByteIndex, NULL}, {0}};
static const struct method_definition parser_methods[] = {
    {"Parse", "(data, isfinal=False, /)", expat_Parse, 0, NULL}, {"ParseFile", "(file, /)", expat_ParseFile, 0, NULL},
    {"SetBase", "(base, /)", expat_SetBase, 0, NULL}, {"GetBase", "()", expat_GetBase, 0, NULL},
    {"GetInputContext", "()", expat_GetInputContext, 0, NULL},
    {"ExternalEntityParserCreate", "(context, encoding=None, /)", expat_ExternalEntityParserCreate, 0, NULL},
    {"SetParamEntityParsing", "(flag, /)", expat_SetParamEntityParsing, 0, NULL},
    {"UseForeignDTD", "(flag=True, /)", expat_UseForeignDTD, 0, NULL}, {0}};
static struct type parser_type = {.name = "pyexpat.xmlparser", .flags = TYPE_GETATTR_PLAIN,
                                  .instance_size = sizeof(struct expat_object), .trace = parser_trace, .release = parser_release,
                                  .methods = parser_methods, .properties = parser_properties};

/* ---- the module ---- */

static const char *optional_text(struct vm *vm, value v, const char *name, bool *good)
{
    if (v == VALUE_NULL || v == NONE)
        return NULL;
    if (!has_flag(v, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "ParserCreate() argument '%s' must be str or None, not %T", name, v);
        *good = false;
        return NULL;
    }
    const char *text = string_utf8(vm, v, NULL);
    *good &= text != NULL;
    return text;
}

METHOD(ParserCreate)
{
    UNUSED;
    bool good = true;
    const char *encoding = optional_text(vm, arguments[0], "encoding", &good);
    const char *separator = good ? optional_text(vm, arguments[1], "namespace_separator", &good) : NULL;
    if (!good)
        return VALUE_NULL;
    if (separator && strlen(separator) > 1)
        return raise_error(vm, &exc_ValueError, "namespace_separator must be at most one character, omitted, or None");
    if (arguments[2] != VALUE_NULL && arguments[2] != NONE && !has_flag(arguments[2], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "intern must be a dictionary");
    struct expat_object *parser = parser_make(vm, &parser_type);
    if (!parser)
        return VALUE_NULL;
    parser->intern = arguments[2] == VALUE_NULL ? dict_new(vm) : arguments[2];
    if (parser->intern == VALUE_NULL || !parser_start(vm, parser, XML_ParserCreate_MM(encoding, NULL, separator)))
        return VALUE_NULL;
    XML_SetHashSalt(parser->parser, 1); /* the same in every run */
    return object_value(parser);
}

METHOD(ErrorString)
{
    UNUSED;
    int64_t code;
    if (!value_to_int64(vm, arguments[0], &code))
        return VALUE_NULL;
    const char *text = XML_ErrorString((enum XML_Error)code);
    return text ? string_from_text(vm, text) : NONE;
}

static value add_module(struct vm *vm, value module, const char *name, const char *full)
{
    value made = module_new(vm, full);
    return made != VALUE_NULL && dict_set_text(vm, support_dict(module), name, made) &&
                   dict_set_text(vm, dict_of(vm->modules), full, made)
               ? made : VALUE_NULL;
}

static bool add_errors(struct vm *vm, value module)
{
    static const char *const names[] = {
        "NO_MEMORY", "SYNTAX", "NO_ELEMENTS", "INVALID_TOKEN", "UNCLOSED_TOKEN", "PARTIAL_CHAR", "TAG_MISMATCH",
        "DUPLICATE_ATTRIBUTE", "JUNK_AFTER_DOC_ELEMENT", "PARAM_ENTITY_REF", "UNDEFINED_ENTITY", "RECURSIVE_ENTITY_REF",
        "ASYNC_ENTITY", "BAD_CHAR_REF", "BINARY_ENTITY_REF", "ATTRIBUTE_EXTERNAL_ENTITY_REF", "MISPLACED_XML_PI",
        "UNKNOWN_ENCODING", "INCORRECT_ENCODING", "UNCLOSED_CDATA_SECTION", "EXTERNAL_ENTITY_HANDLING", "NOT_STANDALONE",
        "UNEXPECTED_STATE", "ENTITY_DECLARED_IN_PE", "FEATURE_REQUIRES_XML_DTD", "CANT_CHANGE_FEATURE_ONCE_PARSING",
        "UNBOUND_PREFIX", "UNDECLARING_PREFIX", "INCOMPLETE_PE", "XML_DECL", "TEXT_DECL", "PUBLICID", "SUSPENDED",
        "NOT_SUSPENDED", "ABORTED", "FINISHED", "SUSPEND_PE", "RESERVED_PREFIX_XML", "RESERVED_PREFIX_XMLNS",
        "RESERVED_NAMESPACE_URI", "INVALID_ARGUMENT", "NO_BUFFER", "AMPLIFICATION_LIMIT_BREACH"};
    value errors = add_module(vm, module, "errors", "pyexpat.errors"), codes = dict_new(vm), messages = dict_new(vm);
    if (errors == VALUE_NULL || codes == VALUE_NULL || messages == VALUE_NULL)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[64];
        value text = string_from_text(vm, XML_ErrorString((enum XML_Error)(i + 1))), code = small_int((int64_t)i + 1);
        snprintf(name, sizeof name, "XML_ERROR_%s", names[i]);
        if (text == VALUE_NULL || !dict_set_text(vm, module_dict(errors), name, text) ||
            !dict_set(vm, dict_of(codes), text, code) || !dict_set(vm, dict_of(messages), code, text))
            return false;
    }
    return dict_set_text(vm, module_dict(errors), "codes", codes) && dict_set_text(vm, module_dict(errors), "messages", messages);
}

static bool add_features(struct vm *vm, value module)
{
    value list = list_new(vm, 0);
    for (const XML_Feature *feature = XML_GetFeatureList(); list != VALUE_NULL && feature->feature != XML_FEATURE_END; feature++) {
        value pair = tuple_pack(vm, 2, string_from_text(vm, feature->name), small_int(feature->value));
        if (pair == VALUE_NULL || !list_append(vm, list_of(list), pair))
            return false;
    }
    XML_Expat_Version version = XML_ExpatVersionInfo();
    return list != VALUE_NULL && dict_set_text(vm, support_dict(module), "features", list) &&
           dict_set_text(vm, support_dict(module), "EXPAT_VERSION", string_from_text(vm, XML_ExpatVersion())) &&
           dict_set_text(vm, support_dict(module), "native_encoding", string_from_text(vm, "UTF-8")) &&
           dict_set_text(vm, support_dict(module), "version_info", tuple_pack(vm, 3, small_int(version.major),
                                                                           small_int(version.minor), small_int(version.micro)));
}

static bool expat_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER},
        {"XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE},
        {"XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS}, {0}};
    static const struct integer_constant models[] = {
        {"XML_CTYPE_EMPTY", XML_CTYPE_EMPTY}, {"XML_CTYPE_ANY", XML_CTYPE_ANY}, {"XML_CTYPE_MIXED", XML_CTYPE_MIXED},
        {"XML_CTYPE_NAME", XML_CTYPE_NAME}, {"XML_CTYPE_CHOICE", XML_CTYPE_CHOICE}, {"XML_CTYPE_SEQ", XML_CTYPE_SEQ},
        {"XML_CQUANT_NONE", XML_CQUANT_NONE}, {"XML_CQUANT_OPT", XML_CQUANT_OPT}, {"XML_CQUANT_REP", XML_CQUANT_REP},
        {"XML_CQUANT_PLUS", XML_CQUANT_PLUS}, {0}};
    type_ready(vm, &parser_type);
    value model = add_module(vm, module, "model", "pyexpat.model");
    return model != VALUE_NULL && support_add_constants(vm, model, models) && support_add_constants(vm, module, constants) &&
           native_error_make(vm, module, "ExpatError", "xml.parsers.expat", &exc_Exception, &vm->expat_error) &&
           dict_set_text(vm, support_dict(module), "error", vm->expat_error) &&
           dict_set_text(vm, support_dict(module), "XMLParserType", type_object_value(&parser_type)) &&
           add_errors(vm, module) && add_features(vm, module);
}

static const struct method_definition functions[] = {
    {"ParserCreate", "(encoding=None, namespace_separator=None, intern={})", expat_ParserCreate, 0, NULL},
    {"ErrorString", "(code, /)", expat_ErrorString, 0, NULL}, {0}};
const struct native_module expat_module = {"pyexpat", expat_initialize, functions};
