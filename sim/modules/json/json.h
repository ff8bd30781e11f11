/* json.h - module _json: the accelerators of Lib/json. What its two halves share. */
#ifndef HYBRIDSIM_SIM_MODULES_JSON_JSON_H
#define HYBRIDSIM_SIM_MODULES_JSON_JSON_H

#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"
#include "sim/runtime/text.h"

#define JSON_FUNCTION(name)                                                                                            \
    value json_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
JSON_FUNCTION(scanstring);              /* scanner.c */
JSON_FUNCTION(encode_basestring);       /* encoder.c */
JSON_FUNCTION(encode_basestring_ascii);

extern struct type json_scanner_type, json_encoder_type;

#endif
