/* zone.c - tzinfo, the abstract base, and timezone, a fixed offset. */
#include "sim/modules/datetime/datetime.h"

static struct timezone_object *timezone_of(value v)
{
    return (struct timezone_object *)value_object(v);
}

/* ---- calling a zone's methods ---- */

static bool offset_is_valid(value offset)
{
    int128 n = delta_microseconds(offset), day = (int128)DAY_SECONDS * MICRO;
    return n > -day && n < day;
}

value zone_call(struct vm *vm, value zone, const char *method, value argument)
{
    if (zone == NONE)
        return NONE;
    value offset = is_exact(zone, &timezone_type) ? (method[0] == 'u' ? timezone_of(zone)->offset : NONE)
                                                  : call_method(vm, zone, method, &argument, 1);
    if (offset == VALUE_NULL || offset == NONE)
        return offset;
    if (!is_kind(vm, offset, &delta_type))
        return raise_error(vm, &exc_TypeError, "tzinfo.%s() must return None or timedelta, not '%T'", method, offset);
    if (!offset_is_valid(offset))
        return raise_error(vm, &exc_ValueError, "offset must be a timedelta strictly between -timedelta(hours=24) and "
                                                "timedelta(hours=24).");
    return offset;
}

value zone_name(struct vm *vm, value zone, value argument)
{
    value name = zone == NONE ? NONE : call_method(vm, zone, "tzname", &argument, 1);
    if (name == VALUE_NULL || name == NONE || has_flag(name, TYPE_STRING))
        return name;
    return raise_error(vm, &exc_TypeError, "tzinfo.tzname() must return None or a string, not '%T'", name);
}

/* ---- tzinfo ---- */

#define ABSTRACT(name)                                                                                                 \
    DATETIME_FUNCTION(tzinfo_##name)                                                                                   \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return raise_error(vm, &exc_NotImplementedError, "a tzinfo subclass must implement " #name "()");              \
    }
ABSTRACT(tzname)
ABSTRACT(utcoffset)
ABSTRACT(dst)

DATETIME_FUNCTION(tzinfo_fromutc)
{
    (void)count, (void)keyword_names;
    value dt = arguments[0];
    if (!is_kind(vm, dt, &datetime_type))
        return raise_error(vm, &exc_TypeError, "fromutc: argument must be a datetime");
    if (datetime_of(dt)->zone != self)
        return raise_error(vm, &exc_ValueError, "fromutc: dt.tzinfo is not self");
    value offset = zone_call(vm, self, "utcoffset", dt);
    if (offset == NONE)
        return raise_error(vm, &exc_ValueError, "fromutc: non-None utcoffset() result required");
    value dst = offset == VALUE_NULL ? VALUE_NULL : zone_call(vm, self, "dst", dt);
    if (dst == NONE)
        return raise_error(vm, &exc_ValueError, "fromutc: non-None dst() result required");
    if (dst == VALUE_NULL)
        return VALUE_NULL;
    value result = datetime_add_microseconds(vm, value_type(vm, dt), dt, delta_microseconds(offset) - delta_microseconds(dst));
    if (result == VALUE_NULL)
        return VALUE_NULL;
    dst = zone_call(vm, self, "dst", result);
    if (dst == NONE)
        return raise_error(vm, &exc_ValueError, "fromutc: tz.dst() gave inconsistent results; cannot convert");
    return dst == VALUE_NULL ? VALUE_NULL : datetime_add_microseconds(vm, value_type(vm, result), result, delta_microseconds(dst));
}

DATETIME_FUNCTION(tzinfo_reduce)
{
    UNUSED;
    value method, given = vm->empty_tuple, state;
    int found = find_attribute(vm, self, intern_text(vm, "__getinitargs__"), &method);
    if (found < 0 || (found && (given = call_0(vm, method)) == VALUE_NULL))
        return VALUE_NULL;
    state = call_method(vm, self, "__getstate__", NULL, 0);
    if (state == VALUE_NULL)
        return VALUE_NULL;
    value type = object_value(value_type(vm, self));
    return tuple_pack(vm, 3, type, given, state);
}

static value tzinfo_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct object *zone = instance_allocate(vm, type, sizeof *zone);
    return zone ? object_value(zone) : VALUE_NULL;
}

static const struct method_definition tzinfo_methods[] = {
    {"tzname", "(dt, /)", tzinfo_tzname, METHOD_INSTANCE, "datetime -> string name of time zone."},
    {"utcoffset", "(dt, /)", tzinfo_utcoffset, METHOD_INSTANCE,
     "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"},
    {"dst", "(dt, /)", tzinfo_dst, METHOD_INSTANCE, "datetime -> DST offset as timedelta positive east of UTC."},
    {"fromutc", "(dt, /)", tzinfo_fromutc, METHOD_INSTANCE, "datetime in UTC -> datetime in local time."},
    {"__reduce__", "()", tzinfo_reduce, METHOD_INSTANCE, "-> (cls, state)"},
    {0},
};

struct type tzinfo_type = {
    .name = "datetime.tzinfo",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct object),
    .doc = "Abstract base class for time zone info objects.",
    .methods = tzinfo_methods,
    .new = tzinfo_construct,
};

/* ---- timezone ---- */

value timezone_utc(struct vm *vm)
{
    return dict_get_text(vm, timezone_type.dict, "utc");
}

static value timezone_with(struct vm *vm, value offset, value name)
{
    if (name == VALUE_NULL && !delta_microseconds(offset) && timezone_utc(vm) != VALUE_NULL)
        return timezone_utc(vm);
    if (!offset_is_valid(offset))
        return raise_error(vm, &exc_ValueError, "offset must be a timedelta strictly between -timedelta(hours=24) and "
                                                "timedelta(hours=24), not %R.", offset);
    struct timezone_object *zone = GC_NEW(vm, struct timezone_object, &timezone_type);
    if (!zone)
        return VALUE_NULL;
    zone->offset = offset;
    zone->name = name;
    return object_value(zone);
}

value timezone_make(struct vm *vm, int128 offset_microseconds)
{
    value offset = delta_new(vm, &delta_type, offset_microseconds);
    return offset == VALUE_NULL ? VALUE_NULL : timezone_with(vm, offset, VALUE_NULL);
}

static value timezone_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"offset", "name"};
    static const struct parameters expected = {"timezone", names, 1, 2, 2};
    value given[2];
    (void)type;
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    if (!is_kind(vm, given[0], &delta_type))
        return raise_error(vm, &exc_TypeError, "timezone() argument 1 must be datetime.timedelta, not %T", given[0]);
    if (given[1] != VALUE_NULL && !has_flag(given[1], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "timezone() argument 2 must be str, not %T", given[1]);
    return timezone_with(vm, given[0], given[1]);
}

static value timezone_text(struct vm *vm, value self)
{
    const struct timezone_object *zone = timezone_of(self);
    if (zone->name != VALUE_NULL)
        return zone->name;
    if (!delta_microseconds(zone->offset))
        return string_from_text(vm, "UTC");
    char text[48] = "UTC";
    offset_text(text + 3, delta_of(zone->offset), ":");
    return string_from_text(vm, text);
}

static value timezone_repr(struct vm *vm, value self)
{
    const struct timezone_object *zone = timezone_of(self);
    if (self == timezone_utc(vm))
        return string_from_text(vm, "datetime.timezone.utc");
    if (zone->name == VALUE_NULL)
        return string_printf(vm, "%s(%R)", class_name(vm, self), zone->offset);
    return string_printf(vm, "%s(%R, %R)", class_name(vm, self), zone->offset, zone->name);
}

static bool check_datetime(struct vm *vm, value dt, const char *method)
{
    if (dt == NONE || is_kind(vm, dt, &datetime_type))
        return true;
    raise_error(vm, &exc_TypeError, "%s(dt) argument must be a datetime instance or None, not %T", method, dt);
    return false;
}

DATETIME_FUNCTION(timezone_tzname)
{
    (void)count, (void)keyword_names;
    return check_datetime(vm, arguments[0], "tzname") ? timezone_text(vm, self) : VALUE_NULL;
}

DATETIME_FUNCTION(timezone_utcoffset)
{
    (void)count, (void)keyword_names;
    return check_datetime(vm, arguments[0], "utcoffset") ? timezone_of(self)->offset : VALUE_NULL;
}

DATETIME_FUNCTION(timezone_dst)
{
    UNUSED;
    return check_datetime(vm, arguments[0], "dst") ? NONE : VALUE_NULL;
}

DATETIME_FUNCTION(timezone_fromutc)
{
    (void)count, (void)keyword_names;
    if (!is_kind(vm, arguments[0], &datetime_type))
        return raise_error(vm, &exc_TypeError, "fromutc() argument must be a datetime instance");
    if (datetime_of(arguments[0])->zone != self)
        return raise_error(vm, &exc_ValueError, "fromutc: dt.tzinfo is not self");
    return datetime_add_microseconds(vm, value_type(vm, arguments[0]), arguments[0], delta_microseconds(timezone_of(self)->offset));
}

DATETIME_FUNCTION(timezone_getinitargs)
{
    UNUSED;
    const struct timezone_object *zone = timezone_of(self);
    return zone->name == VALUE_NULL ? tuple_pack(vm, 1, zone->offset) : tuple_pack(vm, 2, zone->offset, zone->name);
}

static bool timezone_hash(struct vm *vm, value self, int64_t *hash)
{
    return value_hash(vm, timezone_of(self)->offset, hash);
}

static value timezone_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(b, &timezone_type) || !is_exact(a, &timezone_type))
        return vm->not_implemented;
    bool equal = delta_microseconds(timezone_of(a)->offset) == delta_microseconds(timezone_of(b)->offset);
    return bool_value(equal == (kind == COMPARE_EQ));
}

static void timezone_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct timezone_object *)object)->offset);
    gc_mark(vm, ((struct timezone_object *)object)->name);
}

static const struct method_definition timezone_methods[] = {
    {"tzname", "(dt, /)", timezone_tzname, METHOD_INSTANCE, "If name is specified when timezone is created, returns the name."},
    {"utcoffset", "(dt, /)", timezone_utcoffset, METHOD_INSTANCE, "Return fixed offset."},
    {"dst", "(dt, /)", timezone_dst, METHOD_INSTANCE, "Return None."},
    {"fromutc", "(dt, /)", timezone_fromutc, METHOD_INSTANCE, "datetime in UTC -> datetime in local time."},
    {"__getinitargs__", "()", timezone_getinitargs, METHOD_INSTANCE, "pickle support"},
    {0},
};

struct type timezone_type = {
    .name = "datetime.timezone",
    .flags = TYPE_GETATTR_PLAIN,
    .base = &tzinfo_type,
    .instance_size = sizeof(struct timezone_object),
    .doc = "Fixed offset from UTC implementation of tzinfo.",
    .methods = timezone_methods,
    .trace = timezone_trace,
    .new = timezone_construct,
    .repr = timezone_repr,
    .string = timezone_text,
    .hash = timezone_hash,
    .compare = timezone_compare,
};

bool zones_ready(struct vm *vm, value module)
{
    type_ready(vm, &tzinfo_type);
    type_ready(vm, &timezone_type);
    int128 limit = ((int128)DAY_SECONDS - 60) * MICRO;
    value utc = timezone_make(vm, 0);
    return set_class_value(vm, &timezone_type, "utc", utc) &&
           set_class_value(vm, &timezone_type, "min", timezone_make(vm, -limit)) &&
           set_class_value(vm, &timezone_type, "max", timezone_make(vm, limit)) &&
           dict_set_text(vm, support_dict(module), "UTC", utc) &&
           dict_set_text(vm, support_dict(module), "tzinfo", type_object_value(&tzinfo_type)) &&
           dict_set_text(vm, support_dict(module), "timezone", type_object_value(&timezone_type));
}
