/* lzma_filters.c - module _lzma: what Python says about filters, as liblzma wants it. */
#include "sim/modules/compression/lzma.h"
#include "sim/runtime/number.h"

bool lzma_uint64(struct vm *vm, value v, uint64_t *out)
{
    v = number_index(vm, v);
    if (v == VALUE_NULL)
        return false;
    if (int_sign(v) < 0) {
        raise_error(vm, &exc_OverflowError, "can't convert negative int to unsigned");
        return false;
    }
    mpz_t number;
    mpz_init(number);
    int_to_mpz(v, number);
    bool fits = mpz_sizeinbase(number, 2) <= 64;
    *out = mpz_get_ui(number);
    mpz_clear(number);
    if (!fits)
        raise_error(vm, &exc_OverflowError, "int too big to convert");
    return fits;
}

bool lzma_uint32(struct vm *vm, value v, uint32_t *out)
{
    uint64_t number;
    if (!lzma_uint64(vm, v, &number))
        return false;
    *out = (uint32_t)number;
    if (number > UINT32_MAX)
        raise_error(vm, &exc_OverflowError, "Value too large for uint32_t type");
    return number <= UINT32_MAX;
}

/* specification[name]: 1 found, 0 not there, -1 error */
static int entry(struct vm *vm, value specification, const char *name, value *out)
{
    *out = get_item(vm, specification, intern_text(vm, name));
    if (*out != VALUE_NULL)
        return 1;
    if (!exception_matches(vm, &exc_KeyError))
        return -1;
    exception_clear(vm);
    return 0;
}

/* The optional entries, and no others. False: ValueError pending. */
static bool read_options(struct vm *vm, value specification, const char *const *names, uint32_t *const *targets, const char *what)
{
    int64_t known = 0, length = value_length(vm, specification);
    bool good = length >= 0;
    for (size_t i = 0; names[i] && good; i++) {
        value item;
        int found = entry(vm, specification, names[i], &item);
        uint32_t ignored;
        known += found > 0;
        good = found >= 0;
        if (found > 0 && strcmp(names[i], "id") != 0)
            good = lzma_uint32(vm, item, targets[i] ? targets[i] : &ignored);
    }
    if (good && known == length)
        return true;
    exception_clear(vm);
    raise_error(vm, &exc_ValueError, "Invalid filter specifier for %s filter", what);
    return false;
}

static void *parse_lzma(struct vm *vm, value specification)
{
    static const char *const names[] = {"id", "preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth", NULL};
    uint32_t preset = LZMA_PRESET_DEFAULT, mode, finder;
    value item;
    int found = entry(vm, specification, "preset", &item);
    if (found < 0 || (found > 0 && !lzma_uint32(vm, item, &preset)))
        return NULL;
    lzma_options_lzma *options = calloc(1, sizeof *options);
    if (!options) {
        raise_no_memory(vm);
        return NULL;
    }
    if (lzma_lzma_preset(options, preset)) {
        free(options);
        raise_error(vm, native_error(vm->lzma_error), "Invalid compression preset: %u", (unsigned)preset);
        return NULL;
    }
    mode = options->mode;
    finder = options->mf;
    uint32_t *const targets[] = {NULL, NULL, &options->dict_size, &options->lc, &options->lp, &options->pb, &mode,
                                 &options->nice_len, &finder, &options->depth};
    if (!read_options(vm, specification, names, targets, "LZMA")) {
        free(options);
        return NULL;
    }
    options->mode = (lzma_mode)mode;
    options->mf = (lzma_match_finder)finder;
    return options;
}

static void *parse_delta(struct vm *vm, value specification)
{
    static const char *const names[] = {"id", "dist", NULL};
    uint32_t distance = 1;
    uint32_t *const targets[] = {NULL, &distance};
    if (!read_options(vm, specification, names, targets, "delta"))
        return NULL;
    lzma_options_delta *options = calloc(1, sizeof *options);
    if (!options) {
        raise_no_memory(vm);
        return NULL;
    }
    options->type = LZMA_DELTA_TYPE_BYTE;
    options->dist = distance;
    return options;
}

static void *parse_branch(struct vm *vm, value specification)
{
    static const char *const names[] = {"id", "start_offset", NULL};
    uint32_t offset = 0;
    uint32_t *const targets[] = {NULL, &offset};
    if (!read_options(vm, specification, names, targets, "BCJ"))
        return NULL;
    lzma_options_bcj *options = calloc(1, sizeof *options);
    if (!options) {
        raise_no_memory(vm);
        return NULL;
    }
    options->start_offset = offset;
    return options;
}

bool lzma_filter_parse(struct vm *vm, value specification, lzma_filter *out)
{
    value id;
    if (type_lookup(vm, value_type(vm, specification), NAMED(vm, __getitem__)) == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "Filter specifier must be a dict or dict-like object");
        return false;
    }
    int found = entry(vm, specification, "id", &id);
    if (found == 0)
        raise_error(vm, &exc_ValueError, "Filter specifier must have an \"id\" entry");
    if (found <= 0 || !lzma_uint64(vm, id, &out->id))
        return false;
    switch (out->id) {
    case LZMA_FILTER_LZMA1: case LZMA_FILTER_LZMA2: out->options = parse_lzma(vm, specification); break;
    case LZMA_FILTER_DELTA: out->options = parse_delta(vm, specification); break;
    case LZMA_FILTER_X86: case LZMA_FILTER_POWERPC: case LZMA_FILTER_IA64: case LZMA_FILTER_ARM: case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC: out->options = parse_branch(vm, specification); break;
    default:
        raise_error(vm, &exc_ValueError, "Invalid filter ID: %llu", (unsigned long long)out->id);
        return false;
    }
    return out->options != NULL;
}

void lzma_chain_free(lzma_filter *chain)
{
    for (; chain->id != LZMA_VLI_UNKNOWN; chain++)
        free(chain->options);
}

bool lzma_chain_parse(struct vm *vm, value specifications, lzma_filter chain[LZMA_FILTERS_MAX + 1])
{
    if (has_flag(specifications, TYPE_DICT)) {
        raise_error(vm, &exc_TypeError, "%T is not a sequence", specifications);
        return false;
    }
    int64_t length = value_length(vm, specifications);
    if (length < 0)
        return false;
    if (length > LZMA_FILTERS_MAX) {
        raise_error(vm, &exc_ValueError, "Too many filters - liblzma supports a maximum of %d", LZMA_FILTERS_MAX);
        return false;
    }
    for (int64_t i = 0; i < length; i++) {
        value one = get_item(vm, specifications, small_int(i));
        chain[i].id = LZMA_VLI_UNKNOWN;
        if (one == VALUE_NULL || !lzma_filter_parse(vm, one, &chain[i])) {
            chain[i].id = LZMA_VLI_UNKNOWN;
            lzma_chain_free(chain);
            return false;
        }
    }
    chain[length].id = LZMA_VLI_UNKNOWN;
    chain[length].options = NULL;
    return true;
}

static bool describe(struct vm *vm, value dict, const char *name, uint64_t number)
{
    return dict_set_text(vm, dict_of(dict), name, int_from_uint64(vm, number));
}

value lzma_filter_describe(struct vm *vm, const lzma_filter *filter)
{
    value dict = dict_new(vm);
    if (dict == VALUE_NULL || !describe(vm, dict, "id", filter->id))
        return VALUE_NULL;
    const lzma_options_lzma *options = filter->options;
    bool done = true;
    switch (filter->id) {
    case LZMA_FILTER_LZMA1:
        done = describe(vm, dict, "lc", options->lc) && describe(vm, dict, "lp", options->lp) &&
               describe(vm, dict, "pb", options->pb) && describe(vm, dict, "dict_size", options->dict_size);
        break;
    case LZMA_FILTER_LZMA2: done = describe(vm, dict, "dict_size", options->dict_size); break;
    case LZMA_FILTER_DELTA: done = describe(vm, dict, "dist", ((const lzma_options_delta *)filter->options)->dist); break;
    case LZMA_FILTER_X86: case LZMA_FILTER_POWERPC: case LZMA_FILTER_IA64: case LZMA_FILTER_ARM: case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC:
        done = !filter->options ||
               describe(vm, dict, "start_offset", ((const lzma_options_bcj *)filter->options)->start_offset);
        break;
    default: return raise_error(vm, &exc_ValueError, "Invalid filter ID: %llu", (unsigned long long)filter->id);
    }
    return done ? dict : VALUE_NULL;
}
