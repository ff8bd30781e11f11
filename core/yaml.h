/* yaml.h - a YAML file as a tree of nodes that know where they stand. Plain data in an arena; read with libyaml's event
 * interface (its document interface takes quadratic time on hostile nesting). What specs do not need is refused: aliases,
 * tags, several documents, duplicate keys, keys that are no scalars, nesting beyond 64 levels. */
#ifndef HYBRIDSIM_CORE_YAML_H
#define HYBRIDSIM_CORE_YAML_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/diag.h"

#include <stdint.h>

enum { YAML_MAX_DEPTH = 64 };

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    const char *file;
    int line, column;          /* 1-based */
    const char *text;          /* scalar: its text */
    bool quoted;               /* scalar: written in quotes, so never a number, a boolean or null */
    int count, capacity;
    struct yaml_node **items;  /* sequence: items; map: values */
    struct yaml_node **keys;   /* map: keys, all scalars, in the order of the file */
};

/* Reads the file at path. NULL when it cannot be read or is no single YAML document, with the reason in diag. */
struct yaml_node *yaml_read(struct arena *arena, const char *path, struct diag *diag);

/* The bytes of the file at path. False, with the reason in diag, when it cannot be read or is larger than specs are. */
bool yaml_read_text(const char *path, struct buffer *text, struct diag *diag);

/* As yaml_read, from memory; path names the text in errors. */
struct yaml_node *yaml_parse(struct arena *arena, const char *path, const char *text, size_t size, struct diag *diag);

/* The value of a key of a map; NULL when there is none. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* The key node itself, for its position. */
struct yaml_node *yaml_key(const struct yaml_node *map, const char *key);

/* `base` with `change` laid over it: maps are merged deep, anything else is replaced. New map nodes, shared leaves; the
 * order of base's keys is kept, new keys follow. */
struct yaml_node *yaml_merge(struct arena *arena, struct yaml_node *base, struct yaml_node *change);

/* Sets a key's value in place, or removes the key when value is NULL. */
void yaml_set(struct arena *arena, struct yaml_node *map, const char *key, struct yaml_node *value);

/* Writes a tree as YAML, maps of depth `flow_depth` and deeper on one line. */
void yaml_write(const struct yaml_node *node, int flow_depth, struct buffer *text);

/* What a node is, for messages: "map", "sequence", "null", "`text`". The result lives in the arena. */
const char *yaml_describe(struct arena *arena, const struct yaml_node *node);

/* A whole decimal (or 0x) number. False when the node is none or it lies outside [least, most]. */
bool yaml_integer(const struct yaml_node *node, int64_t least, int64_t most, int64_t *number);

/* A number of at most three decimals, in thousandths. False when the node is none or it is negative or beyond 10^12. */
bool yaml_thousandths(const struct yaml_node *node, int64_t *thousandths);

/* yes/no, true/false, on/off. False when the node is none of them. */
bool yaml_boolean(const struct yaml_node *node, bool *truth);

/* A plain `null`, `~` or nothing at all. */
bool yaml_is_null(const struct yaml_node *node);

#endif
