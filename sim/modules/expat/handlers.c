/* handlers.c - what libexpat calls while it parses: each event becomes a call of the Python function set for it. After an
 * exception nothing more is reported, and the library is told to stop. */
#include "sim/modules/expat/expat.h"

static value text_of(struct vm *vm, const char *text)
{
    return text ? string_from_utf8(vm, text, strlen(text)) : NONE;
}

/* Names come often: equal ones are one str, kept in the parser's dict. */
static value name_of(struct expat_object *parser, const char *text)
{
    struct vm *vm = parser->vm;
    value name = text_of(vm, text), known;
    if (name == VALUE_NULL || parser->intern == NONE)
        return name;
    int found = dict_find(vm, dict_of(parser->intern), name, &known);
    if (found)
        return found > 0 ? known : VALUE_NULL;
    return dict_set(vm, dict_of(parser->intern), name, name) ? name : VALUE_NULL;
}

static void stop(struct expat_object *parser)
{
    for (int i = 0; i < HANDLER_COUNT; i++)
        parser->handlers[i] = NONE;
    parser->buffer_used = 0;
    expat_install_all(parser);
    XML_StopParser(parser->parser, XML_FALSE);
}

/* The function's result; VALUE_NULL: pending, parsing stops. An argument that could not be made is VALUE_NULL. */
static value report(struct expat_object *parser, enum expat_handler which, const value *arguments, size_t count)
{
    value result = VALUE_NULL;
    bool made = parser->vm->pending == VALUE_NULL;
    for (size_t i = 0; i < count; i++)
        made &= arguments[i] != VALUE_NULL;
    if (made) {
        bool outer = parser->in_callback;
        parser->in_callback = true;
        result = call(parser->vm, parser->handlers[which], arguments, count, VALUE_NULL);
        parser->in_callback = outer;
    }
    if (result == VALUE_NULL)
        stop(parser);
    return result;
}

static bool report_characters(struct expat_object *parser, const char *data, int length)
{
    value text = string_from_utf8(parser->vm, data, (size_t)length);
    return report(parser, HANDLER_CharacterData, &text, 1) != VALUE_NULL;
}

bool expat_flush(struct expat_object *parser)
{
    int used = parser->buffer_used;
    if (!parser->buffer || !used)
        return true;
    parser->buffer_used = 0;
    return parser->handlers[HANDLER_CharacterData] == NONE || report_characters(parser, parser->buffer, used);
}

/* Something else than characters comes: is it still wanted? */
static bool ready(struct expat_object *parser, enum expat_handler which)
{
    return parser->vm->pending == VALUE_NULL && parser->handlers[which] != NONE && expat_flush(parser) &&
           parser->handlers[which] != NONE;
}

static void on_characters(void *context, const XML_Char *data, int length)
{
    struct expat_object *parser = context;
    if (parser->vm->pending != VALUE_NULL || parser->handlers[HANDLER_CharacterData] == NONE)
        return;
    if (!parser->buffer) {
        report_characters(parser, data, length);
        return;
    }
    if (length > parser->buffer_size - parser->buffer_used &&
        (!expat_flush(parser) || parser->handlers[HANDLER_CharacterData] == NONE))
        return;
    if (length > parser->buffer_size) {
        report_characters(parser, data, length);
        return;
    }
    memcpy(parser->buffer + parser->buffer_used, data, (size_t)length);
    parser->buffer_used += length;
}

static value attributes_of(struct expat_object *parser, const XML_Char **pairs)
{
    struct vm *vm = parser->vm;
    int count = 0;
    if (parser->specified_attributes)
        count = XML_GetSpecifiedAttributeCount(parser->parser);
    else
        while (pairs[count])
            count += 2;
    value result = parser->ordered_attributes ? list_new(vm, 0) : dict_new(vm);
    for (int i = 0; i < count && result != VALUE_NULL; i += 2) {
        value name = name_of(parser, pairs[i]), text = text_of(vm, pairs[i + 1]);
        if (name == VALUE_NULL || text == VALUE_NULL)
            return VALUE_NULL;
        bool done = parser->ordered_attributes
                        ? list_append(vm, list_of(result), name) && list_append(vm, list_of(result), text)
                        : dict_set(vm, dict_of(result), name, text);
        if (!done)
            return VALUE_NULL;
    }
    return result;
}

static void on_start_element(void *context, const XML_Char *name, const XML_Char **pairs)
{
    struct expat_object *parser = context;
    if (!ready(parser, HANDLER_StartElement))
        return;
    value attributes = attributes_of(parser, pairs);
    const value arguments[] = {name_of(parser, name), attributes};
    report(parser, HANDLER_StartElement, arguments, 2);
}

/* The events that only hand on names (n), texts (t) and numbers (i). */
#define EVENT(handler, parameters, count, ...)                                                                         \
    static void on_##handler parameters                                                                                \
    {                                                                                                                  \
        struct expat_object *parser = context;                                                                         \
        if (!ready(parser, HANDLER_##handler))                                                                         \
            return;                                                                                                    \
        const value arguments[] = {__VA_ARGS__};                                                                       \
        report(parser, HANDLER_##handler, arguments, count);                                                           \
    }
#define N(text) name_of(parser, text)
#define T(text) text_of(parser->vm, text)
#define S(text, length) string_from_utf8(parser->vm, text, (size_t)(length))

EVENT(EndElement, (void *context, const XML_Char *name), 1, N(name))
EVENT(ProcessingInstruction, (void *context, const XML_Char *target, const XML_Char *data), 2, N(target), T(data))
EVENT(UnparsedEntityDecl, (void *context, const XML_Char *name, const XML_Char *base, const XML_Char *system,
      const XML_Char *public, const XML_Char *notation), 5, N(name), N(base), N(system), N(public), N(notation))
EVENT(NotationDecl, (void *context, const XML_Char *name, const XML_Char *base, const XML_Char *system,
      const XML_Char *public), 4, N(name), N(base), N(system), N(public))
EVENT(StartNamespaceDecl, (void *context, const XML_Char *prefix, const XML_Char *uri), 2, N(prefix), N(uri))
EVENT(EndNamespaceDecl, (void *context, const XML_Char *prefix), 1, N(prefix))
EVENT(Comment, (void *context, const XML_Char *data), 1, T(data))
EVENT(StartCdataSection, (void *context), 0, NONE)
EVENT(EndCdataSection, (void *context), 0, NONE)
EVENT(Default, (void *context, const XML_Char *data, int length), 1, S(data, length))
EVENT(DefaultHandlerExpand, (void *context, const XML_Char *data, int length), 1, S(data, length))
EVENT(StartDoctypeDecl, (void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal),
      4, N(name), N(system), N(public), small_int(internal))
EVENT(EndDoctypeDecl, (void *context), 0, NONE)
EVENT(EntityDecl, (void *context, const XML_Char *name, int parameter, const XML_Char *text, int length,
      const XML_Char *base, const XML_Char *system, const XML_Char *public, const XML_Char *notation), 7, N(name),
      small_int(parameter), text ? S(text, length) : NONE, N(base), N(system), N(public), N(notation))
EVENT(XmlDecl, (void *context, const XML_Char *version, const XML_Char *encoding, int standalone), 3, T(version),
      T(encoding), small_int(standalone))
EVENT(AttlistDecl, (void *context, const XML_Char *element, const XML_Char *attribute, const XML_Char *kind,
      const XML_Char *otherwise, int required), 5, N(element), N(attribute), T(kind), T(otherwise), small_int(required))
EVENT(SkippedEntity, (void *context, const XML_Char *name, int parameter), 2, N(name), small_int(parameter))

/* What the function answers is the library's int; an exception is 0. */
static int answer_of(struct expat_object *parser, value result)
{
    int64_t number;
    if (result == VALUE_NULL)
        return 0;
    if (!value_to_int64(parser->vm, result, &number)) {
        stop(parser);
        return 0;
    }
    return (int)number;
}

static int on_not_standalone(void *context)
{
    struct expat_object *parser = context;
    if (!ready(parser, HANDLER_NotStandalone))
        return 0;
    return answer_of(parser, report(parser, HANDLER_NotStandalone, NULL, 0));
}

static int on_external_entity(XML_Parser library, const XML_Char *entity, const XML_Char *base, const XML_Char *system,
                              const XML_Char *public)
{
    struct expat_object *parser = XML_GetUserData(library);
    if (!ready(parser, HANDLER_ExternalEntityRef))
        return 0;
    const value arguments[] = {T(entity), N(base), N(system), N(public)};
    return answer_of(parser, report(parser, HANDLER_ExternalEntityRef, arguments, 4));
}

/* An element's content model: (type, quantifier, name, children). */
static value model_of(struct expat_object *parser, const XML_Content *model)
{
    struct vm *vm = parser->vm;
    if (!recursion_check(vm, " in conv_content_model"))
        return VALUE_NULL;
    value children = tuple_new(vm, model->numchildren);
    for (unsigned i = 0; i < model->numchildren && children != VALUE_NULL; i++) {
        value child = model_of(parser, &model->children[i]);
        if (child == VALUE_NULL)
            return child;
        tuple_of(children)->items[i] = child;
    }
    value name = children == VALUE_NULL ? children : T(model->name);
    return name == VALUE_NULL ? name : tuple_pack(vm, 4, small_int(model->type), small_int(model->quant), name, children);
}

static void on_element_declaration(void *context, const XML_Char *name, XML_Content *model)
{
    struct expat_object *parser = context;
    if (ready(parser, HANDLER_ElementDecl)) {
        value content = model_of(parser, model);
        const value arguments[] = {N(name), content};
        report(parser, HANDLER_ElementDecl, arguments, 2);
    }
    XML_FreeContentModel(parser->parser, model);
}

static void ignore_characters(void *context, const XML_Char *data, int length)
{
    (void)context, (void)data, (void)length;
}

void expat_install(struct expat_object *parser, enum expat_handler which)
{
    XML_Parser library = parser->parser;
    bool wanted = parser->handlers[which] != NONE;
    switch (which) {
    case HANDLER_CharacterData: /* within a callback the default handler shall not get what follows */
        XML_SetCharacterDataHandler(library, wanted ? on_characters : parser->in_callback ? ignore_characters : NULL);
        break;
    case HANDLER_StartElement: XML_SetStartElementHandler(library, wanted ? on_start_element : NULL); break;
    case HANDLER_EndElement: XML_SetEndElementHandler(library, wanted ? on_EndElement : NULL); break;
    case HANDLER_ProcessingInstruction:
        XML_SetProcessingInstructionHandler(library, wanted ? on_ProcessingInstruction : NULL);
        break;
    case HANDLER_UnparsedEntityDecl: XML_SetUnparsedEntityDeclHandler(library, wanted ? on_UnparsedEntityDecl : NULL); break;
    case HANDLER_NotationDecl: XML_SetNotationDeclHandler(library, wanted ? on_NotationDecl : NULL); break;
    case HANDLER_StartNamespaceDecl: XML_SetStartNamespaceDeclHandler(library, wanted ? on_StartNamespaceDecl : NULL); break;
    case HANDLER_EndNamespaceDecl: XML_SetEndNamespaceDeclHandler(library, wanted ? on_EndNamespaceDecl : NULL); break;
    case HANDLER_Comment: XML_SetCommentHandler(library, wanted ? on_Comment : NULL); break;
    case HANDLER_StartCdataSection: XML_SetStartCdataSectionHandler(library, wanted ? on_StartCdataSection : NULL); break;
    case HANDLER_EndCdataSection: XML_SetEndCdataSectionHandler(library, wanted ? on_EndCdataSection : NULL); break;
    case HANDLER_Default: XML_SetDefaultHandler(library, wanted ? on_Default : NULL); break;
    case HANDLER_DefaultHandlerExpand: XML_SetDefaultHandlerExpand(library, wanted ? on_DefaultHandlerExpand : NULL); break;
    case HANDLER_NotStandalone: XML_SetNotStandaloneHandler(library, wanted ? on_not_standalone : NULL); break;
    case HANDLER_ExternalEntityRef: XML_SetExternalEntityRefHandler(library, wanted ? on_external_entity : NULL); break;
    case HANDLER_StartDoctypeDecl: XML_SetStartDoctypeDeclHandler(library, wanted ? on_StartDoctypeDecl : NULL); break;
    case HANDLER_EndDoctypeDecl: XML_SetEndDoctypeDeclHandler(library, wanted ? on_EndDoctypeDecl : NULL); break;
    case HANDLER_EntityDecl: XML_SetEntityDeclHandler(library, wanted ? on_EntityDecl : NULL); break;
    case HANDLER_XmlDecl: XML_SetXmlDeclHandler(library, wanted ? on_XmlDecl : NULL); break;
    case HANDLER_ElementDecl: XML_SetElementDeclHandler(library, wanted ? on_element_declaration : NULL); break;
    case HANDLER_AttlistDecl: XML_SetAttlistDeclHandler(library, wanted ? on_AttlistDecl : NULL); break;
    case HANDLER_SkippedEntity: XML_SetSkippedEntityHandler(library, wanted ? on_SkippedEntity : NULL); break;
    case HANDLER_COUNT: break;
    }
}

void expat_install_all(struct expat_object *parser)
{
    for (int i = 0; i < HANDLER_COUNT; i++)
        if (i != HANDLER_Default && i != HANDLER_DefaultHandlerExpand) /* the library has one place for both */
            expat_install(parser, (enum expat_handler)i);
    expat_install(parser, parser->handlers[HANDLER_DefaultHandlerExpand] != NONE ? HANDLER_DefaultHandlerExpand : HANDLER_Default);
}
