/* places.h - where objects would lie in the memory of a machine whose data cache is followed (docs/timing-model.md, Data cache).
 * The places are the model's own, never the host's: memory is given out from address 0 on, in the order in which the program first
 * uses objects, and never a second time, so that neither the host nor the collector has a part in them. */
#ifndef HYBRIDSIM_SIM_ENGINE_PLACES_H
#define HYBRIDSIM_SIM_ENGINE_PLACES_H

#include "sim/engine/frame.h"

enum place_kind { PLACE_NONE, PLACE_LIST, PLACE_TUPLE, PLACE_DICT, PLACE_SET, PLACE_INSTANCE, PLACE_CELL, PLACE_BYTES };

/* What an object's kind is; PLACE_NONE: its memory is not followed. */
enum place_kind place_kind_of(value v);

/* Items of a list, tuple, bytearray or bytes; else 0. */
int64_t access_length(value v);

struct places;
struct places *places_new(void);
void places_free(struct places *places);
/* Forgets the objects that a collection found dead. */
void places_sweep(struct vm *vm);

/* Which bytecode instruction of the innermost frame the accesses are of. */
void places_begin(struct vm *vm, uint32_t instruction);

/* The object is used for the first time, or was: it has a place. */
void place_object(struct vm *vm, value v);

/* Accesses. What an object is not, or has not, does nothing. */
void access_head(struct vm *vm, value v);                       /* its type, size, and where its storage is */
void access_items(struct vm *vm, value v, uint64_t first, uint64_t count); /* of a list, tuple, bytearray, bytes */
void access_all_items(struct vm *vm, value v);                  /* of those */
void access_all(struct vm *vm, value v);                        /* head and all that it holds */
void access_key(struct vm *vm, value v, value key);             /* of a dict or set; a new one, too */
void access_entry(struct vm *vm, value v, uint64_t number);     /* a dict's or set's, by its place in the table */
void access_slot(struct vm *vm, value v, int index);            /* of an instance; with the head */
void access_cell(struct vm *vm, value v);

#endif
