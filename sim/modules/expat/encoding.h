/* encoding.h - what the parsers of pyexpat and _elementtree do when a document is in an encoding that the library does not know. */
#ifndef HYBRIDSIM_SIM_MODULES_EXPAT_ENCODING_H
#define HYBRIDSIM_SIM_MODULES_EXPAT_ENCODING_H

#include <expat.h>

/* For XML_SetUnknownEncodingHandler(), with the struct vm as its data. XML_STATUS_ERROR: an exception is pending. */
int expat_unknown_encoding(void *vm, const XML_Char *name, XML_Encoding *info);

#endif
