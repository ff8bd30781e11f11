/* isa_parts.h - the steps of isa_load, each in a file of its own; only isa_load.c calls them. */
#ifndef HYBRIDSIM_CORE_ISA_PARTS_H
#define HYBRIDSIM_CORE_ISA_PARTS_H

#include "core/isa.h"
#include "core/spec.h"

/* Reads `instructions` (core/isa_instruction.c). Needs everything else of the isa. */
void isa_read_instructions(struct spec *spec, struct isa *isa, const struct yaml_node *root);

/* Gives opcodes and fields their places (core/isa_layout.c); reports what does not fit. */
void isa_lay_out(struct spec *spec, struct isa *isa, const struct yaml_node *root);

/* Reports unreachable patterns, operands that contradict `windows`, and ops nothing covers (core/isa_check.c). What
 * depends on registers and windows only when these were read without an error. */
void isa_check(struct spec *spec, struct isa *isa, const struct yaml_node *root, bool storage_is_known);

/* What the files of a spec and its machine come to, in a cache (core/isa_tree.c). */
struct isa_place {
    const char *directory;    /* of the cache; NULL: there is none */
    const char *path, *machine_file; /* as given to isa_load */
};

/* The resolved tree, machine included, and its text, when they are in the cache and the files are as they were. NULL: they have to
 * be read. Nodes live in `nodes`, their texts in the spec's arena. */
struct yaml_node *isa_tree_read(struct spec *spec, const struct isa_place *place, struct arena *nodes, const char **resolved_text);

/* Keeps them; `spec` says which files were read. What cannot be written is read again the next time. */
void isa_tree_write(const struct spec *spec, const struct isa_place *place, const struct yaml_node *root,
                    const char *resolved_text);

/* Index into machine.units of the unit map[key] names; -1 with an error. */
int isa_read_unit(struct spec *spec, const struct isa *isa, const struct yaml_node *map, const char *key);

/* The category map[key] names, `otherwise` when it names none. */
int isa_read_category(struct spec *spec, const struct yaml_node *map, const char *key, int otherwise);

#endif
