/* layout_size.c - the sizes and offsets that CPython 3.11 has on 64-bit machines, which __sizeof__, sys.getsizeof and the
 * attributes __basicsize__, __itemsize__, __dictoffset__ and __weakrefoffset__ tell. Ours are others. */
#include "sim/runtime/layout_size.h"
#include "sim/runtime/structures.h"
#include "sim/runtime/vm.h"

/* As the interpreter itself reports them; a type that is not here has its base's. */
static const struct layout_row {
    const char *name;
    int16_t basic, item, dict, weak;
    bool collected;
} rows[] = {
    {"AST", 24, 0, 16, 0, true}, {"AttributeError", 88, 0, 16, 0, true}, {"BaseException", 72, 0, 16, 0, true},
    {"BaseExceptionGroup", 88, 0, 16, 0, true}, {"BufferedRWPair", 48, 0, 32, 40, true},
    {"BufferedRandom", 152, 0, 136, 144, true}, {"BufferedReader", 152, 0, 136, 144, true},
    {"BufferedWriter", 152, 0, 136, 144, true}, {"BytesIO", 64, 0, 40, 48, true},
    {"CallableProxyType", 64, 0, 0, 0, true}, {"CArgObject", 64, 0, 0, 0, false}, {"CField", 72, 0, 0, 0, true},
    {"CFuncPtr", 160, 0, 0, 0, true}, {"Certificate", 32, 0, 0, 0, false}, {"Compress", 168, 0, 0, 0, false},
    {"Context", 48, 0, 0, 32, true}, {"ContextManager", 32, 0, 0, 0, false}, {"ContextVar", 64, 0, 0, 0, true},
    {"Decimal", 104, 0, 0, 0, false}, {"Decompress", 168, 0, 0, 0, false}, {"Dialect", 48, 0, 0, 0, true},
    {"DirEntry", 72, 0, 0, 0, false}, {"Element", 56, 0, 0, 48, true}, {"TreeBuilder", 160, 0, 0, 0, true},
    {"Encoder", 80, 0, 0, 0, true}, {"EncodingMap", 64, 0, 0, 0, false},
    {"ExceptionGroup", 96, 0, 16, 88, true}, {"FileIO", 48, 0, 40, 32, true}, {"Future", 128, 0, 104, 112, true},
    {"FutureIter", 24, 0, 0, 0, true}, {"GenericAlias", 64, 0, 0, 40, true}, {"HASH", 32, 0, 0, 0, false},
    {"HMAC", 32, 0, 0, 0, false}, {"ImportError", 96, 0, 16, 0, true},
    {"IncrementalNewlineDecoder", 40, 0, 0, 0, false}, {"InterpreterID", 24, 0, 0, 0, false},
    {"IsoCalendarDate", 32, 8, 0, 0, true}, {"KeyWrapper", 32, 0, 0, 0, true}, {"Match", 88, 8, 0, 0, true},
    {"MemoryBIO", 32, 0, 0, 0, true}, {"NameError", 80, 0, 16, 0, true}, {"OSError", 112, 0, 16, 0, true},
    {"OrderedDict", 112, 0, 96, 104, true}, {"Pattern", 96, 4, 0, 64, true}, {"PickleBuffer", 104, 0, 0, 96, true},
    {"Pickler", 152, 0, 0, 0, true}, {"PicklerMemoProxy", 24, 0, 0, 0, true},
    {"ProxyType", 64, 0, 0, 0, true}, {"PyCapsule", 48, 0, 0, 0, false}, {"RLock", 48, 0, 0, 40, true},
    {"Random", 2520, 0, 0, 0, false}, {"ReferenceType", 64, 0, 0, 0, true}, {"SRE_Scanner", 232, 0, 0, 0, true},
    {"SSLSession", 32, 0, 0, 0, true}, {"ScandirIterator", 104, 0, 0, 0, false}, {"Scanner", 72, 0, 0, 0, true},
    {"SignalDictMixin", 24, 0, 0, 0, false}, {"SimpleNamespace", 24, 0, 16, 0, true},
    {"SimpleQueue", 56, 0, 0, 48, true}, {"StopIteration", 80, 0, 16, 0, true}, {"StringIO", 120, 0, 104, 112, true},
    {"Struct", 56, 0, 0, 48, true}, {"SyntaxError", 136, 0, 16, 0, true}, {"SystemExit", 80, 0, 16, 0, true},
    {"Task", 176, 0, 104, 112, true}, {"TaskStepMethWrapper", 32, 0, 0, 0, true},
    {"TextIOWrapper", 192, 0, 184, 176, true}, {"Token", 48, 0, 0, 0, true},
    {"UnicodeDecodeError", 112, 0, 16, 0, true}, {"UnicodeEncodeError", 112, 0, 16, 0, true},
    {"UnicodeTranslateError", 112, 0, 16, 0, true}, {"Unpickler", 272, 0, 0, 0, true}, {"UnpicklerMemoProxy", 24, 0, 0, 0, true},
    {"XMLParser", 120, 0, 0, 0, true},
    {"UnionType", 32, 0, 0, 0, true},
    {"_BytesIOBuffer", 24, 0, 0, 0, true}, {"_CData", 96, 0, 0, 0, true}, {"_IOBase", 32, 0, 16, 24, true},
    {"_RunningLoopHolder", 32, 0, 0, 0, false}, {"_SSLContext", 96, 0, 0, 0, true}, {"_SSLSocket", 96, 0, 0, 0, true},
    {"_abc_data", 48, 0, 0, 0, true}, {"_deque_iterator", 56, 0, 0, 0, true},
    {"_deque_reverse_iterator", 56, 0, 0, 0, true}, {"_element_iterator", 64, 0, 0, 0, true},
    {"_grouper", 32, 0, 0, 0, true}, {"_local", 64, 0, 0, 40, true},
    {"_localdummy", 32, 0, 0, 24, false}, {"_lru_cache_wrapper", 152, 0, 136, 144, true},
    {"_lru_list_elem", 56, 0, 0, 0, false}, {"_tee", 40, 0, 0, 32, true}, {"_tee_dataobject", 496, 0, 0, 0, true},
    {"_tuplegetter", 32, 0, 0, 0, true}, {"abstractclassmethod", 40, 0, 24, 32, true},
    {"abstractstaticmethod", 40, 0, 24, 32, true}, {"accumulate", 48, 0, 0, 0, true}, {"alias", 32, 0, 16, 24, true},
    {"anext_awaitable", 32, 0, 0, 0, true}, {"arg", 32, 0, 16, 24, true}, {"arguments", 32, 0, 16, 24, true},
    {"array", 64, 0, 0, 48, true}, {"arrayiterator", 40, 0, 0, 0, true}, {"async_generator", 152, 8, 0, 24, true},
    {"async_generator_asend", 40, 0, 0, 0, true}, {"async_generator_athrow", 40, 0, 0, 0, true},
    {"async_generator_wrapped_value", 24, 0, 0, 0, true}, {"attrgetter", 40, 0, 0, 0, true},
    {"blake2b", 448, 0, 0, 0, false}, {"blake2s", 240, 0, 0, 0, false}, {"bool", 32, 4, 0, 0, false},
    {"boolop", 32, 0, 16, 24, true}, {"builtin_function_or_method", 56, 0, 0, 40, true},
    {"builtin_method", 64, 0, 0, 40, true}, {"bytearray", 56, 0, 0, 0, false},
    {"bytearray_iterator", 32, 0, 0, 0, true}, {"bytes", 33, 1, 0, 0, false}, {"bytes_iterator", 32, 0, 0, 0, true},
    {"callable_iterator", 32, 0, 0, 0, true}, {"cell", 24, 0, 0, 0, true}, {"chain", 32, 0, 0, 0, true},
    {"classmethod", 32, 0, 24, 0, true}, {"classmethod_descriptor", 56, 0, 0, 0, true},
    {"cmpop", 32, 0, 16, 24, true}, {"code", 184, 2, 0, 144, false}, {"combinations", 56, 0, 0, 0, true},
    {"combinations_with_replacement", 56, 0, 0, 0, true}, {"complex", 32, 0, 0, 0, false},
    {"comprehension", 32, 0, 16, 24, true}, {"compress", 32, 0, 0, 0, true}, {"coroutine", 152, 8, 0, 24, true},
    {"coroutine_wrapper", 24, 0, 0, 0, true}, {"count", 40, 0, 0, 0, true}, {"cycle", 48, 0, 0, 0, true},
    {"date", 32, 0, 0, 0, false}, {"datetime", 48, 0, 0, 0, false}, {"defaultdict", 56, 0, 0, 0, true},
    {"deque", 216, 0, 0, 208, true}, {"dict", 48, 0, 0, 0, true}, {"dict_itemiterator", 56, 0, 0, 0, true},
    {"dict_items", 24, 0, 0, 0, true}, {"dict_keyiterator", 56, 0, 0, 0, true}, {"dict_keys", 24, 0, 0, 0, true},
    {"dict_reverseitemiterator", 56, 0, 0, 0, true}, {"dict_reversekeyiterator", 56, 0, 0, 0, true},
    {"dict_reversevalueiterator", 56, 0, 0, 0, true}, {"dict_valueiterator", 56, 0, 0, 0, true},
    {"dict_values", 24, 0, 0, 0, true}, {"dropwhile", 40, 0, 0, 0, true}, {"enumerate", 56, 0, 0, 0, true},
    {"epoll", 24, 0, 0, 0, false}, {"excepthandler", 32, 0, 16, 24, true}, {"expr", 32, 0, 16, 24, true},
    {"expr_context", 32, 0, 16, 24, true}, {"fieldnameiterator", 56, 0, 0, 0, false}, {"filter", 32, 0, 0, 0, true},
    {"filterfalse", 32, 0, 0, 0, true}, {"float", 24, 0, 0, 0, false}, {"formatteriterator", 48, 0, 0, 0, false},
    {"frame", 120, 8, 0, 0, true}, {"frozenset", 200, 0, 0, 192, true}, {"function", 136, 0, 88, 96, true},
    {"generator", 152, 8, 0, 24, true}, {"generic_alias_iterator", 24, 0, 0, 0, true},
    {"getset_descriptor", 48, 0, 0, 0, true}, {"groupby", 64, 0, 0, 0, true}, {"hamt", 40, 0, 0, 24, true},
    {"hamt_array_node", 280, 0, 0, 0, true}, {"hamt_bitmap_node", 32, 8, 0, 0, true},
    {"hamt_collision_node", 32, 8, 0, 0, true}, {"instancemethod", 24, 0, 0, 0, true}, {"int", 24, 4, 0, 0, false},
    {"islice", 56, 0, 0, 0, true}, {"itemgetter", 48, 0, 0, 0, true}, {"items", 168, 0, 0, 0, true},
    {"iterator", 32, 0, 0, 0, true}, {"keys", 168, 0, 0, 0, true}, {"keyword", 32, 0, 16, 24, true},
    {"list", 40, 0, 0, 0, true}, {"list_iterator", 32, 0, 0, 0, true}, {"list_reverseiterator", 32, 0, 0, 0, true},
    {"lock", 40, 0, 0, 24, true}, {"longrange_iterator", 48, 0, 0, 0, false}, {"managedbuffer", 112, 0, 0, 0, true},
    {"map", 32, 0, 0, 0, true}, {"mappingproxy", 24, 0, 0, 0, true}, {"match_case", 32, 0, 16, 24, true},
    {"member_descriptor", 48, 0, 0, 0, true}, {"memory_iterator", 48, 0, 0, 0, true},
    {"memoryview", 144, 8, 0, 136, true}, {"method", 48, 0, 0, 32, true}, {"method-wrapper", 32, 0, 0, 0, true},
    {"method_descriptor", 56, 0, 0, 0, true}, {"methodcaller", 40, 0, 0, 0, true}, {"mmap", 80, 0, 0, 64, true},
    {"mod", 32, 0, 16, 24, true}, {"module", 56, 0, 16, 40, true}, {"moduledef", 104, 0, 0, 0, false},
    {"ndarray", 96, 0, 0, 72, false},
    {"object", 16, 0, 0, 0, false}, {"odict_iterator", 64, 0, 0, 0, true}, {"operator", 32, 0, 16, 24, true},
    {"pairwise", 32, 0, 0, 0, true}, {"partial", 64, 0, 40, 48, true}, {"pattern", 32, 0, 16, 24, true},
    {"permutations", 64, 0, 0, 0, true}, {"poll", 48, 0, 0, 0, false}, {"product", 48, 0, 0, 0, true},
    {"property", 64, 0, 0, 0, true}, {"range", 48, 0, 0, 0, false}, {"range_iterator", 48, 0, 0, 0, false},
    {"reader", 88, 0, 0, 0, true}, {"repeat", 32, 0, 0, 0, true}, {"reversed", 32, 0, 0, 0, true},
    {"set", 200, 0, 0, 192, true}, {"set_iterator", 48, 0, 0, 0, true}, {"sha384", 224, 0, 0, 0, true},
    {"sha512", 224, 0, 0, 0, true}, {"slice", 40, 0, 0, 0, true}, {"socket", 48, 0, 0, 0, false},
    {"starmap", 32, 0, 0, 0, true}, {"staticmethod", 32, 0, 24, 0, true}, {"stderrprinter", 24, 0, 0, 0, false},
    {"stmt", 32, 0, 16, 24, true}, {"str", 80, 0, 0, 0, false}, {"str_ascii_iterator", 32, 0, 0, 0, true},
    {"str_iterator", 32, 0, 0, 0, true}, {"super", 40, 0, 0, 0, true}, {"symtable entry", 120, 0, 0, 0, false},
    {"takewhile", 40, 0, 0, 0, true}, {"time", 40, 0, 0, 0, false}, {"timedelta", 40, 0, 0, 0, false},
    {"timezone", 32, 0, 0, 0, false}, {"traceback", 40, 0, 0, 0, true}, {"tuple", 24, 8, 0, 0, true},
    {"tuple_iterator", 32, 0, 0, 0, true}, {"type", 904, 40, 264, 368, true}, {"type_ignore", 32, 0, 16, 24, true},
    {"unaryop", 32, 0, 16, 24, true}, {"unpack_iterator", 112, 0, 0, 0, true}, {"values", 168, 0, 0, 0, true},
    {"withitem", 32, 0, 16, 24, true}, {"wrapper_descriptor", 56, 0, 0, 0, true}, {"writer", 72, 0, 0, 0, true},
    {"zip", 48, 0, 0, 0, true}, {"zip_longest", 56, 0, 0, 0, true},
};

static const char *short_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static struct layout row_of(const struct type *type)
{
    for (; type; type = type->base) {
        const char *name = short_name(type->name);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            if (rows[i].name[0] == name[0] && !strcmp(rows[i].name, name))
                return (struct layout){rows[i].basic, rows[i].item, rows[i].dict, rows[i].weak, rows[i].collected, false};
    }
    return (struct layout){.basic = 16};
}

enum { POINTER = 8 };

/* What a class statement makes of its base's layout. */
struct layout layout_of(const struct type *type)
{
    if (!(type->flags & TYPE_HEAP) || !type->base)
        return row_of(type);
    const struct layout base = layout_of(type->base);
    struct layout layout = base;
    bool own_dict = (type->flags & TYPE_HAS_INSTANCE_DICT) && base.dict == 0;
    bool own_weak = (type->flags & TYPE_HAS_WEAKREFS) && base.weak == 0;
    layout.basic += POINTER * (int64_t)(type->shape.count - type->base->shape.count);
    if (own_dict && base.item) {
        layout.dict = -POINTER;
        layout.basic += POINTER;
    }
    if (own_weak) {
        layout.weak = layout.basic;
        layout.basic += POINTER;
    }
    if (own_dict && !base.item) {
        layout.managed_dict = true;
        layout.dict = -layout.basic - 3 * POINTER;
    }
    else if (base.managed_dict)
        layout.dict = -layout.basic - 3 * POINTER;
    layout.collected = true; /* an instance may be stored in one of its classes */
    return layout;
}

bool layout_has_weak(const struct type *type)
{
    return type->flags & TYPE_HEAP ? (type->flags & TYPE_HAS_WEAKREFS) != 0 : row_of(type).weak != 0;
}

int64_t layout_prefix(struct vm *vm, value v)
{
    const struct layout layout = layout_of(value_type(vm, v));
    if (!layout.collected || (has_flag(v, TYPE_TYPE) && !(((struct type *)value_object(v))->flags & TYPE_HEAP)))
        return 0;
    return 2 * POINTER + (layout.managed_dict ? 2 * POINTER : 0);
}
