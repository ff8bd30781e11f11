/* expat.h - the parser object of module pyexpat: parser.c has its methods and attributes, handlers.c what the library calls. */
#ifndef HYBRIDSIM_SIM_MODULES_EXPAT_EXPAT_H
#define HYBRIDSIM_SIM_MODULES_EXPAT_EXPAT_H

#include "sim/modules/native_error.h"
#include "sim/runtime/container.h"

#include <expat.h>

#define EXPAT_HANDLERS(X) \
    X(StartElement) X(EndElement) X(ProcessingInstruction) X(CharacterData) X(UnparsedEntityDecl) X(NotationDecl) \
    X(StartNamespaceDecl) X(EndNamespaceDecl) X(Comment) X(StartCdataSection) X(EndCdataSection) X(Default) \
    X(NotStandalone) X(ExternalEntityRef) X(StartDoctypeDecl) X(EndDoctypeDecl) X(EntityDecl) \
    X(XmlDecl) X(ElementDecl) X(AttlistDecl) X(SkippedEntity)
enum expat_handler {
#define X(name) HANDLER_##name,
    EXPAT_HANDLERS(X)
#undef X
    HANDLER_DefaultHandlerExpand, /* its attribute's name does not end in Handler */
    HANDLER_COUNT
};

struct expat_object {
    struct object head;
    XML_Parser parser;
    struct vm *vm;
    value handlers[HANDLER_COUNT]; /* NONE: nobody listens */
    value intern;                  /* dict, or NONE */
    value parent;                  /* whose external entity this one reads: shares its declarations; NONE */
    char *buffer;                  /* malloc'd; NULL: character data is reported as it comes */
    int buffer_size, buffer_used;
    bool ordered_attributes, specified_attributes, namespace_prefixes, in_callback;
};

static inline struct expat_object *expat_of(value v)
{
    return (struct expat_object *)value_object(v);
}

/* Tells the library which events are wanted. */
void expat_install(struct expat_object *parser, enum expat_handler which);
void expat_install_all(struct expat_object *parser);
/* Reports the character data collected so far. False: an exception is pending. */
bool expat_flush(struct expat_object *parser);

#endif
