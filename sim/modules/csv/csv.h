/* csv.h - module _csv: what its dialect, its reader and its writer share. */
#ifndef HYBRIDSIM_SIM_MODULES_CSV_CSV_H
#define HYBRIDSIM_SIM_MODULES_CSV_CSV_H

#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/text.h"

enum csv_quoting { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE, QUOTING_COUNT };

#define CSV_NOT_SET UINT32_MAX /* no such character */

struct csv_dialect {
    struct object head;
    bool double_quote, skip_initial_space, strict;
    enum csv_quoting quoting;
    uint32_t delimiter, quote, escape; /* code points, or CSV_NOT_SET */
    value line_terminator;
    value module;                      /* of readers and writers made with it: they raise its Error */
};

extern struct type csv_dialect_type, csv_reader_type, csv_writer_type;

value csv_raise(struct vm *vm, value module, const char *format, ...); /* module's Error; VALUE_NULL */
/* The dialect that `dialect` (a name, a class, a Dialect, VALUE_NULL) and keywords describe. */
value csv_dialect_from(struct vm *vm, value module, value dialect, const value *keywords, value keyword_names);
/* Checks a function's positional arguments: its message has no name, as CPython's has none. */
bool csv_check_count(struct vm *vm, size_t count, size_t maximum);

value csv_reader(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value csv_writer(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

#endif
