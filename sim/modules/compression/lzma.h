/* lzma.h - what lzma.c and lzma_filters.c share: filter chains, which Python gives as sequences of dicts. */
#ifndef HYBRIDSIM_SIM_MODULES_COMPRESSION_LZMA_H
#define HYBRIDSIM_SIM_MODULES_COMPRESSION_LZMA_H

#include "sim/modules/native_error.h"
#include "sim/runtime/container.h"

#include <lzma.h>
#include <stdlib.h>

/* False: what the library's answer says is pending. */
bool lzma_succeeded(struct vm *vm, lzma_ret answer);

/* A number of that width, or OverflowError, TypeError. */
bool lzma_uint32(struct vm *vm, value v, uint32_t *out);
bool lzma_uint64(struct vm *vm, value v, uint64_t *out);

/* One filter {"id": ..., ...}; its options are malloc'd. */
bool lzma_filter_parse(struct vm *vm, value specification, lzma_filter *out);
/* The other way: a dict. */
value lzma_filter_describe(struct vm *vm, const lzma_filter *filter);

/* A chain, ended as the library wants it; lzma_chain_free gives its options back. */
bool lzma_chain_parse(struct vm *vm, value specifications, lzma_filter chain[LZMA_FILTERS_MAX + 1]);
void lzma_chain_free(lzma_filter *chain);

#endif
