/* spec.h - what reading an ISA spec and reading a machine spec share: inheritance, and values fetched from a map with an
 * error that says what was found and what was expected. Errors are collected; the functions give a usable default. */
#ifndef HYBRIDSIM_CORE_SPEC_H
#define HYBRIDSIM_CORE_SPEC_H

#include "core/content_key.h"
#include "core/yaml.h"

struct spec {
    struct arena *arena;
    struct diag *diag;
    struct spec_file *files; /* those read so far */
};

struct spec_file {
    struct spec_file *next;
    const char *path;
    struct content_key key; /* of its bytes */
};

/* Adds an error at a node. */
#define spec_error(spec, node, ...) diag_error((spec)->diag, (node)->file, (node)->line, (node)->column, __VA_ARGS__)

/* A file with everything it inherits merged into it and no `inherits` key left. NULL after an error. */
struct yaml_node *spec_read(struct spec *spec, const char *path);

/* The path a scalar names, relative to the file it stands in. */
const char *spec_path(struct spec *spec, const struct yaml_node *node);

/* Every key of the map must be one of the words of `allowed` (separated by spaces). False when node is no map. */
bool spec_keys(struct spec *spec, const struct yaml_node *node, const char *what, const char *allowed);

/* map[key], when it is a map, a text, a whole number within bounds, a boolean. Absent: NULL or `otherwise`. */
struct yaml_node *spec_map(struct spec *spec, const struct yaml_node *map, const char *key);
const char *spec_text(struct spec *spec, const struct yaml_node *map, const char *key);
int spec_integer(struct spec *spec, const struct yaml_node *map, const char *key, int least, int most, int otherwise);
int64_t spec_thousandths(struct spec *spec, const struct yaml_node *map, const char *key, int64_t otherwise);
bool spec_boolean(struct spec *spec, const struct yaml_node *map, const char *key, bool otherwise);

/* Index of map[key] in `words` (separated by spaces, or by '|' when it has any). Absent: `otherwise`. */
int spec_word(struct spec *spec, const struct yaml_node *map, const char *key, const char *words, int otherwise);

/* Index of a text in such a list, -1 when it is not there. */
int spec_word_index(const char *words, const char *text);

#endif
