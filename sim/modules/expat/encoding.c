/* encoding.c - the encodings of single bytes that the expat library does not know, but Python does. */
#include "sim/modules/expat/encoding.h"

#include "sim/runtime/bytes.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"
#include "sim/runtime/vm.h"

int expat_unknown_encoding(void *context, const XML_Char *name, XML_Encoding *info)
{
    struct vm *vm = context;
    uint8_t all[256];
    if (vm->pending != VALUE_NULL)
        return XML_STATUS_ERROR;
    for (int i = 0; i < 256; i++)
        all[i] = (uint8_t)i;
    value text = bytes_decode(vm, all, 256, name, "replace");
    if (text != VALUE_NULL && string_of(text)->length != 256)
        text = raise_error(vm, &exc_ValueError, "multi-byte encodings are not supported");
    if (text == VALUE_NULL)
        return XML_STATUS_ERROR;
    for (size_t i = 0; i < 256; i++) {
        uint32_t character = string_at(string_of(text), i);
        info->map[i] = character == 0xfffd ? -1 : (int)character;
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}
