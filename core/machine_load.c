/* machine_load.c - a machine spec's tree as struct machine. Nothing here knows a cost: what a spec leaves out is 0, but
 * units and the cost of every kind of work have to be written down; energies and areas have the defaults of core/energy.def and
 * core/area.def. */
#include "core/machine_load.h"

#include <string.h>

enum { MAX_CYCLES = 1000000 };
static const int64_t MAX_COST = 100000000000; /* thousandths */

int machine_unit_index(const struct machine *machine, const char *name)
{
    for (int i = 0; i < machine->unit_count; i++)
        if (strcmp(machine->units[i].name, name) == 0)
            return i;
    return -1;
}

static void read_units(struct spec *spec, const struct yaml_node *root, struct machine *machine)
{
    const struct yaml_node *units = spec_map(spec, root, "units");
    if (!units || !units->count) {
        spec_error(spec, root, "found no `units`, expected at least one");
        return;
    }
    machine->units = ARENA_ARRAY(spec->arena, struct machine_unit, units->count);
    for (int i = 0; i < units->count; i++) {
        const struct yaml_node *node = units->items[i];
        struct machine_unit *unit = &machine->units[machine->unit_count++];
        unit->name = units->keys[i]->text;
        unit->latency = unit->interval = unit->issue = 1;
        if (!spec_keys(spec, node, "a unit", "latency interval issue"))
            continue;
        if (!yaml_get(node, "latency"))
            spec_error(spec, node, "found no `latency` for unit `%s`, expected its cycles", unit->name);
        unit->latency = spec_integer(spec, node, "latency", 0, MAX_CYCLES, 1);
        unit->interval = spec_integer(spec, node, "interval", 0, MAX_CYCLES, 1);
        unit->issue = spec_integer(spec, node, "issue", 0, 1, 1);
    }
}

static void read_branch(struct spec *spec, const struct yaml_node *root, struct machine *machine)
{
    const struct yaml_node *branch = spec_map(spec, root, "branch");
    machine->branch.predictor = PREDICTOR_PERFECT;
    if (!branch)
        return;
    spec_keys(spec, branch, "`branch`", "predictor mispredict_penalty taken_penalty table_bits history_bits");
    machine->branch.predictor =
        (enum predictor)spec_word(spec, branch, "predictor", "static bimodal gshare perfect", PREDICTOR_PERFECT);
    machine->branch.mispredict_penalty = spec_integer(spec, branch, "mispredict_penalty", 0, MAX_CYCLES, 0);
    machine->branch.taken_penalty = spec_integer(spec, branch, "taken_penalty", 0, MAX_CYCLES, 0);
    machine->branch.table_bits = spec_integer(spec, branch, "table_bits", 1, 24, 11);
    machine->branch.history_bits = spec_integer(spec, branch, "history_bits", 0, 24, 0);
    if (machine->branch.predictor == PREDICTOR_GSHARE && machine->branch.history_bits == 0)
        spec_error(spec, yaml_get(branch, "predictor"),
                   "gshare without `history_bits` is bimodal; give it 1 or more, or say bimodal");
    if (machine->branch.history_bits > machine->branch.table_bits)
        spec_error(spec, yaml_get(branch, "history_bits"), "found %d history bits, expected at most the table's %d",
                   machine->branch.history_bits, machine->branch.table_bits);
}

/* A power of two. */
static int read_power(struct spec *spec, const struct yaml_node *map, const char *key, int least, int most, int otherwise)
{
    int found = spec_integer(spec, map, key, least, most, otherwise);
    if (found & (found - 1))
        spec_error(spec, yaml_get(map, key), "found %d for `%s`, expected a power of two", found, key);
    return found;
}

static void read_data_cache(struct spec *spec, const struct yaml_node *root, struct machine_cache *cache)
{
    const struct yaml_node *all = spec_map(spec, root, "cache");
    if (!all || !spec_keys(spec, all, "`cache`", "data"))
        return;
    const struct yaml_node *data = spec_map(spec, all, "data");
    if (!data || !spec_keys(spec, data, "`data`", "bytes line ways miss new_lines"))
        return;
    if (!yaml_get(data, "bytes") || !yaml_get(data, "miss"))
        spec_error(spec, data, "found no `bytes` and `miss`, expected the cache's size and the cycles of a miss");
    cache->bytes = spec_integer(spec, data, "bytes", 0, 1 << 30, 0);
    cache->line = read_power(spec, data, "line", 8, 4096, 64);
    const struct yaml_node *ways = yaml_get(data, "ways");
    bool full = ways && ways->kind == YAML_SCALAR && strcmp(ways->text, "full") == 0;
    cache->ways = full ? 0 : spec_integer(spec, data, "ways", 1, MACHINE_MOST_WAYS, 8);
    cache->miss = spec_integer(spec, data, "miss", 0, MAX_CYCLES, 0);
    cache->fetches_new = spec_word(spec, data, "new_lines", "fetch make", 0) == 0;
    if (full && cache->bytes / cache->line > MACHINE_MOST_LINES)
        spec_error(spec, yaml_get(data, "bytes"), "found %d lines, expected at most %d in a fully associative cache",
                   cache->bytes / cache->line, MACHINE_MOST_LINES);
    int set_bytes = cache->line * (cache->ways ? cache->ways : 1), sets = cache->bytes / set_bytes;
    if (cache->bytes % set_bytes)
        spec_error(spec, yaml_get(data, "bytes"), "found %d bytes, expected a multiple of %d: %d ways of %d bytes", cache->bytes,
                   set_bytes, cache->ways ? cache->ways : 1, cache->line);
    else if (cache->ways && (sets & (sets - 1)))
        spec_error(spec, yaml_get(data, "bytes"), "found %d bytes, which are %d sets of %d ways, expected a power of two of sets",
                   cache->bytes, sets, cache->ways);
}

static void read_work(struct spec *spec, const struct yaml_node *root, struct machine *machine)
{
    const struct yaml_node *work = spec_map(spec, root, "work");
    if (!work) {
        spec_error(spec, root, "found no `work`, expected the cost of each kind of work");
        return;
    }
    for (int i = 0; i < work->count; i++) {
        int kind = 0;
        while (kind < WORK_COUNT && strcmp(work_names[kind], work->keys[i]->text) != 0)
            kind++;
        if (kind == WORK_COUNT)
            spec_error(spec, work->keys[i], "found unknown kind of work `%s`, expected one of core/work.def",
                       work->keys[i]->text);
    }
    const char *missing = NULL;
    for (int kind = 0; kind < WORK_COUNT; kind++) {
        if (!yaml_get(work, work_names[kind]))
            missing = arena_printf(spec->arena, "%s%s%s", missing ? missing : "", missing ? ", " : "",
                                   work_names[kind]);
        machine->work_milli[kind] = spec_thousandths(spec, work, work_names[kind], 0);
    }
    if (missing)
        spec_error(spec, yaml_key(root, "work"), "found no cost for work %s, expected one for each kind", missing);
}

/* Bits 1 << bytes; left out: every size. */
static unsigned read_element_bytes(struct spec *spec, const struct yaml_node *tensor)
{
    const struct yaml_node *list = yaml_get(tensor, "element_bytes");
    unsigned sizes = 0;
    if (!list)
        return UINT32_MAX;
    if (list->kind != YAML_SEQUENCE)
        spec_error(spec, list, "found %s for `element_bytes`, expected a sequence", yaml_describe(spec->arena, list));
    for (int i = 0; list->kind == YAML_SEQUENCE && i < list->count; i++) {
        const struct yaml_node *item = list->items[i];
        int size = item->kind == YAML_SCALAR ? spec_word_index("1 2 4 8 16", item->text) : -1;
        if (size < 0)
            spec_error(spec, item, "found %s for `element_bytes`, expected 1, 2, 4, 8 or 16", yaml_describe(spec->arena, item));
        else
            sizes |= 1u << (1u << size);
    }
    return sizes;
}

static void read_tensor(struct spec *spec, const struct yaml_node *root, struct machine *machine)
{
    const struct yaml_node *tensor = spec_map(spec, root, "tensor");
    if (!tensor)
        return;
    spec_keys(spec, tensor, "`tensor`",
              "rows columns dataflow startup bytes_per_cycle overlap_folds overlap_transfers min_size element_bytes");
    machine->tensor.present = true;
    if (!yaml_get(tensor, "rows") || !yaml_get(tensor, "columns"))
        spec_error(spec, tensor, "found no `rows` and `columns`, expected the size of the array");
    machine->tensor.rows = spec_integer(spec, tensor, "rows", 1, 65536, 1);
    machine->tensor.columns = spec_integer(spec, tensor, "columns", 1, 65536, 1);
    machine->tensor.dataflow = (enum dataflow)spec_word(
        spec, tensor, "dataflow", "output_stationary weight_stationary input_stationary", DATAFLOW_OUTPUT_STATIONARY);
    machine->tensor.startup = spec_integer(spec, tensor, "startup", 0, MAX_CYCLES, 0);
    machine->tensor.bytes_per_cycle = spec_integer(spec, tensor, "bytes_per_cycle", 0, MAX_CYCLES, 0);
    machine->tensor.overlap_folds = spec_boolean(spec, tensor, "overlap_folds", false);
    machine->tensor.overlap_transfers = spec_boolean(spec, tensor, "overlap_transfers", true);
    machine->tensor.min_size = spec_integer(spec, tensor, "min_size", 0, INT32_MAX, 0);
    machine->tensor.element_bytes = read_element_bytes(spec, tensor);
}

static void read_vector(struct spec *spec, const struct yaml_node *root, struct machine *machine)
{
    const struct yaml_node *vector = spec_map(spec, root, "vector");
    if (!vector || !spec_keys(spec, vector, "`vector`", "lanes startup bytes_per_cycle min_size"))
        return;
    machine->vector.present = true;
    machine->vector.lanes = spec_integer(spec, vector, "lanes", 1, 65536, 1);
    machine->vector.startup = spec_integer(spec, vector, "startup", 0, MAX_CYCLES, 0);
    machine->vector.bytes_per_cycle = spec_integer(spec, vector, "bytes_per_cycle", 0, MAX_CYCLES, 0);
    machine->vector.min_size = spec_integer(spec, vector, "min_size", 0, INT32_MAX, 0);
}

static void read_activations(struct spec *spec, const struct yaml_node *root, struct machine *machine)
{
    const struct yaml_node *all = spec_map(spec, root, "activations");
    if (!all)
        return;
    spec_keys(spec, all, "`activations`", "step relu leaky_relu sigmoid tanh softmax gelu exponential");
    machine->activations = ARENA_ARRAY(spec->arena, struct machine_activation, all->count + 1);
    for (int i = 0; i < all->count; i++) {
        struct machine_activation *activation = &machine->activations[machine->activation_count++];
        activation->name = all->keys[i]->text;
        if (!spec_keys(spec, all->items[i], "an activation", "startup per_element"))
            continue;
        activation->startup = spec_integer(spec, all->items[i], "startup", 0, MAX_CYCLES, 0);
        activation->milli_per_element = (int)spec_thousandths(spec, all->items[i], "per_element", 1000);
    }
}

/* One of {value, basis, source}. Sweeps read many machines: each key is looked at once. */
static void read_cost_key(struct spec *spec, const struct yaml_node *node, int i, struct machine_cost *cost,
                          const struct yaml_node **value)
{
    const char *key = node->keys[i]->text;
    const struct yaml_node *item = node->items[i];
    if (strcmp(key, "value") == 0)
        *value = item;
    else if (strcmp(key, "basis") == 0)
        cost->basis = (enum cost_basis)spec_word(spec, node, "basis", "published extrapolated assumption", BASIS_ASSUMPTION);
    else if (strcmp(key, "source") == 0 && item->kind == YAML_SCALAR)
        cost->source = item->text;
    else
        spec_error(spec, node->keys[i], "found `%s` in a cost, expected value, basis and a text `source`", key);
}

/* A number, or {value, basis, source}. */
static void read_cost(struct spec *spec, const struct yaml_node *node, const char *name, struct machine_cost *cost)
{
    const struct yaml_node *value = node->kind == YAML_MAP ? NULL : node;
    cost->basis = BASIS_ASSUMPTION;
    cost->source = "the machine's spec";
    for (int i = 0; node->kind == YAML_MAP && i < node->count; i++)
        read_cost_key(spec, node, i, cost, &value);
    if (!value)
        spec_error(spec, node, "found no `value` for `%s`", name);
    else if (!yaml_thousandths(value, &cost->value) || cost->value > MAX_COST)
        spec_error(spec, value, "found %s for `%s`, expected a number of at most three decimals, or {value, basis, source}",
                   yaml_describe(spec->arena, value), name);
}

/* What the section leaves out is the default of the key. Sections are mostly in the keys' order. */
static void read_costs(struct spec *spec, const struct yaml_node *root, const char *section, const struct cost_key *keys,
                       int count, struct machine_cost *costs)
{
    for (int i = 0; i < count; i++)
        costs[i] = (struct machine_cost){keys[i].value, keys[i].basis, keys[i].source};
    const struct yaml_node *map = spec_map(spec, root, section);
    for (int i = 0, next = 0; map && i < map->count; i++) {
        const char *name = map->keys[i]->text;
        int tried = 0;
        for (; tried < count && strcmp(keys[(next + tried) % count].name, name) != 0; tried++)
            continue;
        if (tried == count) {
            spec_error(spec, map->keys[i], "found unknown key `%s` in `%s`; `hybridsim isa costs` lists them", name, section);
            continue;
        }
        int found = (next + tried) % count;
        read_cost(spec, map->items[i], name, &costs[found]);
        next = found + 1;
    }
}

static void read_energy(struct spec *spec, const struct yaml_node *root, struct machine *machine)
{
    read_costs(spec, root, "energy", energy_keys, ENERGY_COUNT, machine->energy);
    read_costs(spec, root, "area", area_keys, AREA_COUNT, machine->area);
    if (machine->energy[ENERGY_float_share].value > 1000)
        spec_error(spec, yaml_key(yaml_get(root, "energy"), "float_share"), "found a share above 1 for `float_share`");
}

struct machine *machine_from_tree(struct spec *spec, const struct yaml_node *root)
{
    struct machine *machine = ARENA_NEW(spec->arena, struct machine);
    machine->file = root->file;
    machine->issue_width = 1;
    machine->clock_mhz = 1000;
    if (!spec_keys(spec, root, "a machine",
                   "machine text ideal clock_mhz issue_width units branch fetch stack operands work native cache tensor vector "
                   "activations "
                   "energy area"))
        return machine;
    machine->name = spec_text(spec, root, "machine");
    if (!machine->name) {
        if (!yaml_get(root, "machine"))
            spec_error(spec, root, "found no `machine`, expected its name");
        machine->name = "";
    }
    machine->text = spec_text(spec, root, "text");
    machine->ideal = spec_boolean(spec, root, "ideal", false);
    machine->clock_mhz = spec_integer(spec, root, "clock_mhz", 1, 100000, 1000);
    machine->issue_width = spec_integer(spec, root, "issue_width", 1, 16, 1);
    read_units(spec, root, machine);
    read_branch(spec, root, machine);
    const struct yaml_node *part;
    if ((part = spec_map(spec, root, "fetch")) && spec_keys(spec, part, "`fetch`", "bytes_per_cycle"))
        machine->fetch.bytes_per_cycle = spec_integer(spec, part, "bytes_per_cycle", 0, MAX_CYCLES, 0);
    if ((part = spec_map(spec, root, "stack")) && spec_keys(spec, part, "`stack`", "spill fill")) {
        machine->stack.spill = spec_integer(spec, part, "spill", 0, MAX_CYCLES, 0);
        machine->stack.fill = spec_integer(spec, part, "fill", 0, MAX_CYCLES, 0);
    }
    if ((part = spec_map(spec, root, "operands")) && spec_keys(spec, part, "`operands`", "const local")) {
        machine->const_operand = spec_integer(spec, part, "const", 0, MAX_CYCLES, 0);
        machine->local_operand = spec_integer(spec, part, "local", 0, MAX_CYCLES, 0);
    }
    if ((part = spec_map(spec, root, "native")) && spec_keys(spec, part, "`native`", "multiply_add"))
        machine->milli_per_native_multiply_add = (int)spec_thousandths(spec, part, "multiply_add", 0);
    read_data_cache(spec, root, &machine->data_cache);
    read_work(spec, root, machine);
    read_tensor(spec, root, machine);
    read_vector(spec, root, machine);
    read_activations(spec, root, machine);
    read_energy(spec, root, machine);
    return machine;
}
