/* datetime.h - module _datetime: the layouts of its objects, the calendar's arithmetic, and what its files offer each other. */
#ifndef HYBRIDSIM_SIM_MODULES_DATETIME_DATETIME_H
#define HYBRIDSIM_SIM_MODULES_DATETIME_DATETIME_H

#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"
#include "sim/runtime/text.h"

enum { YEAR_MIN = 1, YEAR_MAX = 9999, ORDINAL_MAX = 3652059, DELTA_DAYS_MAX = 999999999, DAY_SECONDS = 86400, MICRO = 1000000 };

struct delta_object {
    struct object head;
    int days, seconds, microseconds; /* normal: 0 <= seconds < DAY_SECONDS, 0 <= microseconds < MICRO */
};
struct date_object {
    struct object head;
    int year, month, day;
};
struct clock_time { int hour, minute, second, microsecond, fold; };
struct time_object {
    struct object head;
    struct clock_time clock;
    value zone; /* a tzinfo, or NONE */
};
struct datetime_object { /* a date, and more */
    struct date_object date;
    struct clock_time clock;
    value zone;
};
struct timezone_object {
    struct object head;
    value offset, name; /* a delta; a str or VALUE_NULL */
};

extern struct type delta_type, date_type, time_type, datetime_type, tzinfo_type, timezone_type;

static inline struct delta_object *delta_of(value v) { return (struct delta_object *)value_object(v); }
static inline struct date_object *date_of(value v) { return (struct date_object *)value_object(v); }
static inline struct time_object *time_of(value v) { return (struct time_object *)value_object(v); }
static inline struct datetime_object *datetime_of(value v) { return (struct datetime_object *)value_object(v); }
static inline bool is_kind(struct vm *vm, value v, const struct type *type) { return is_object(v) && is_instance(vm, v, type); }

#define DATETIME_FUNCTION(name)                                                                                        \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

/* calendar.c */
int month_days(int year, int month);
int date_ordinal(int year, int month, int day);               /* 1 January of year 1 is 1 */
void ordinal_date(int ordinal, int *year, int *month, int *day);
int date_weekday(int year, int month, int day);               /* Monday is 0 */
int iso_week_1(int year);                                     /* ordinal of the Monday of its first ISO week */
bool iso_date(struct vm *vm, int year, int week, int weekday, struct date_object *out, bool silent);
int64_t seconds_since_year_1(int year, int month, int day, const struct clock_time *clock);
enum { EPOCH_ORDINAL = 719163 };
bool local_seconds(struct vm *vm, int64_t since_year_1, int64_t *out); /* local time of a UTC time, both so counted */
bool check_date(struct vm *vm, int year, int month, int day);
bool check_clock(struct vm *vm, const struct clock_time *clock);
bool check_zone(struct vm *vm, value zone);

/* arguments.c: by position or name into out, VALUE_NULL where absent; function NULL: messages without a name */
struct parameters { const char *function; const char *const *names; int required, positional, total; };
bool bind_given(struct vm *vm, const struct parameters *expected, const value *arguments, size_t count, value keyword_names,
                value *out);
bool int_argument(struct vm *vm, value v, int *out);          /* VALUE_NULL: leaves *out */
const char *class_name(struct vm *vm, value self);            /* "datetime.date", or a subclass's own name */
bool readonly(struct vm *vm, value self, value item);

/* text.c */
enum clock_detail {
    TIMESPEC_AUTO,
    TIMESPEC_HOURS,
    TIMESPEC_MINUTES,
    TIMESPEC_SECONDS,
    TIMESPEC_MILLISECONDS,
    TIMESPEC_MICROSECONDS
};
bool parse_timespec(struct vm *vm, value v, int number, enum clock_detail *out);
size_t clock_text(char *out, const struct clock_time *clock, enum clock_detail timespec);
size_t offset_text(char *out, const struct delta_object *offset, const char *separator);
bool parse_iso_date(struct vm *vm, const char *text, size_t size, struct date_object *out);
enum { ISO_WRONG = -1, ISO_NAIVE, ISO_AWARE };
int parse_iso_time(const char *text, size_t size, struct clock_time *clock, int64_t *offset_microseconds);
int64_t find_separator(const char *text, size_t size);
value wrap_strftime(struct vm *vm, value self, value format, value time_tuple);
value raise_iso(struct vm *vm, value text);
value struct_time_of(struct vm *vm, const struct date_object *date, const struct clock_time *clock, int is_dst);

/* delta.c */
value delta_new(struct vm *vm, struct type *type, int128 microseconds); /* normalises; OverflowError */
int128 delta_microseconds(value delta);
struct delta_object delta_parts(int128 microseconds);

/* zone.c */
value zone_call(struct vm *vm, value zone, const char *method, value argument); /* utcoffset, dst: a delta or NONE */
value zone_name(struct vm *vm, value zone, value argument);
value timezone_make(struct vm *vm, int128 offset_microseconds);
value timezone_utc(struct vm *vm);
bool zones_ready(struct vm *vm, value module);

/* date.c, time.c, datetime.c */
value date_make(struct vm *vm, struct type *type, int year, int month, int day);
value time_make(struct vm *vm, struct type *type, const struct clock_time *clock, value zone);
value datetime_make(struct vm *vm, struct type *type, const struct date_object *date, const struct clock_time *clock, value zone);
value datetime_add_microseconds(struct vm *vm, struct type *type, value datetime, int128 microseconds);
bool dates_ready(struct vm *vm, value module);
bool set_class_value(struct vm *vm, struct type *type, const char *name, value v);
value state_text(struct vm *vm, value state, size_t size); /* pickled bytes (or str) of this size as bytes; VALUE_NULL: no */
value reduced_state(struct vm *vm, value self, const uint8_t *data, size_t size, value zone);
value call_class(struct vm *vm, value class, const struct date_object *date, const struct clock_time *clock, value zone);
/* seconds and microseconds of a timestamp, rounded half to even */
bool timestamp_parts(struct vm *vm, value v, int64_t *seconds, int *microseconds);
int64_t hash_delta(struct vm *vm, int128 microseconds);

#endif
