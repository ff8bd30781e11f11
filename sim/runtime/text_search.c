/* text_search.c - finding, counting and copying runs of characters of any width; used by str, bytes and bytearray. */
#include "sim/runtime/text.h"

#include <wchar.h>

enum { SHORT_SEARCH = 128 }; /* memmem prepares for more */
_Static_assert(sizeof(wchar_t) == 4, "wmemchr searches 4-byte characters");

int64_t span_find_character(struct span haystack, uint32_t character, size_t start, size_t stop)
{
    if (start >= stop)
        return -1;
    if (haystack.width == 1) {
        const uint8_t *data = haystack.data;
        const uint8_t *found = character > 0xff ? NULL : memchr(data + start, (int)character, stop - start);
        return found ? found - data : -1;
    }
    if (haystack.width == 4) {
        const wchar_t *data = haystack.data;
        const wchar_t *found = wmemchr(data + start, (wchar_t)character, stop - start);
        return found ? found - data : -1;
    }
    const uint16_t *data = haystack.data;
    for (size_t i = start; i < stop; i++)
        if (data[i] == character)
            return (int64_t)i;
    return -1;
}

int64_t span_rfind_character(struct span haystack, uint32_t character, size_t start, size_t stop)
{
    if (haystack.width == 1 && start < stop) {
        const uint8_t *data = haystack.data;
        const uint8_t *found = character > 0xff ? NULL : memrchr(data + start, (int)character, stop - start);
        return found ? found - data : -1;
    }
    for (size_t i = stop; i > start; i--)
        if (span_at(haystack, i - 1) == character)
            return (int64_t)(i - 1);
    return -1;
}

static bool matches_here(struct span haystack, size_t position, struct span needle)
{
    if (haystack.width == needle.width)
        return !memcmp((const char *)haystack.data + position * haystack.width, needle.data,
                       needle.length * needle.width);
    for (size_t i = 0; i < needle.length; i++)
        if (span_at(haystack, position + i) != span_at(needle, i))
            return false;
    return true;
}

bool span_matches(struct span haystack, size_t position, struct span needle)
{
    return position <= haystack.length && needle.length <= haystack.length - position &&
           matches_here(haystack, position, needle);
}

bool span_equal(struct span a, struct span b)
{
    return a.length == b.length && matches_here(a, 0, b);
}

int64_t span_find(struct span haystack, struct span needle, size_t start, size_t stop)
{
    if (start > stop || needle.length > stop - start)
        return -1;
    if (needle.length == 0)
        return (int64_t)start;
    if (needle.length == 1)
        return span_find_character(haystack, span_at(needle, 0), start, stop);
    if (needle.width > haystack.width)
        return -1;
    if (haystack.width == 1) {
        const char *data = haystack.data;
        if (stop - start <= SHORT_SEARCH) {
            const char *last = data + stop - needle.length, *at = data + start;
            int first = *(const uint8_t *)needle.data;
            while (at <= last && (at = memchr(at, first, (size_t)(last - at) + 1))) {
                if (!memcmp(at + 1, (const char *)needle.data + 1, needle.length - 1))
                    return at - data;
                at++;
            }
            return -1;
        }
        const char *found = memmem(data + start, stop - start, needle.data, needle.length);
        return found ? found - data : -1;
    }
    uint32_t first = span_at(needle, 0);
    size_t last_start = stop - needle.length + 1;
    for (size_t at = start;; at++) {
        int64_t candidate = span_find_character(haystack, first, at, last_start);
        if (candidate < 0 || matches_here(haystack, (size_t)candidate, needle))
            return candidate;
        at = (size_t)candidate;
    }
}

int64_t span_rfind(struct span haystack, struct span needle, size_t start, size_t stop)
{
    if (start > stop || needle.length > stop - start)
        return -1;
    if (needle.length == 0)
        return (int64_t)stop;
    if (needle.width > haystack.width)
        return -1;
    uint32_t first = span_at(needle, 0);
    size_t end = stop - needle.length + 1;
    for (;;) {
        int64_t candidate = span_rfind_character(haystack, first, start, end);
        if (candidate < 0 || matches_here(haystack, (size_t)candidate, needle))
            return candidate;
        end = (size_t)candidate;
    }
}

int64_t span_count(struct span haystack, struct span needle, size_t start, size_t stop, int64_t limit)
{
    if (start > stop)
        return 0;
    if (needle.length == 0) {
        int64_t gaps = (int64_t)(stop - start) + 1;
        return limit >= 0 && limit < gaps ? limit : gaps;
    }
    int64_t count = 0;
    while (limit < 0 || count < limit) {
        int64_t found = span_find(haystack, needle, start, stop);
        if (found < 0)
            break;
        count++;
        start = (size_t)found + needle.length;
    }
    return count;
}

uint32_t span_maximum(struct span s)
{
    if (s.width == 1) {
        const uint8_t *data = s.data;
        size_t i = 0;
        for (; i + 8 <= s.length; i += 8) {
            uint64_t word;
            memcpy(&word, data + i, 8);
            if (word & 0x8080808080808080ull)
                return 0xff;
        }
        for (; i < s.length; i++)
            if (data[i] & 0x80)
                return 0xff;
        return 0x7f;
    }
    uint32_t bits = 0;
    if (s.width == 2) {
        const uint16_t *data = s.data;
        for (size_t i = 0; i < s.length; i++)
            bits |= data[i];
    } else {
        const uint32_t *data = s.data;
        uint64_t pairs = 0, pair;
        size_t i = 0;
        for (; i + 2 <= s.length; i += 2) {
            memcpy(&pair, data + i, sizeof pair);
            pairs |= pair;
        }
        bits = (uint32_t)pairs | (uint32_t)(pairs >> 32);
        for (; i < s.length; i++)
            bits |= data[i];
    }
    return bits < 0x80 ? 0x7f : bits < 0x100 ? 0xff : bits < 0x10000 ? 0xffff : 0x10ffff;
}

#define CONVERT(TO, FROM)                                                                                              \
    do {                                                                                                               \
        TO *to = (TO *)target + target_offset;                                                                         \
        const FROM *from = source.data;                                                                                \
        for (size_t i = 0; i < source.length; i++)                                                                     \
            to[i] = (TO)from[i];                                                                                       \
    } while (0)

/* Most strings are this short: a call of memcpy costs more than the copying. */
static void short_copy(uint8_t *to, const uint8_t *from, size_t length)
{
    uint64_t words[4];
    if (length >= 16) {
        memcpy(words, from, 16);
        memcpy(words + 2, from + length - 16, 16);
        memcpy(to, words, 16);
        memcpy(to + length - 16, words + 2, 16);
    } else if (length >= 8) {
        memcpy(words, from, 8);
        memcpy(words + 1, from + length - 8, 8);
        memcpy(to, words, 8);
        memcpy(to + length - 8, words + 1, 8);
    } else {
        for (size_t i = 0; i < length; i++) {
            uint8_t c = from[i];
            __asm__("" : "+r"(c)); /* compilers would make it that call */
            to[i] = c;
        }
    }
}

void span_copy(void *target, uint8_t target_width, size_t target_offset, struct span source)
{
    if (target_width == 1 && source.width == 1 && source.length <= 32)
        short_copy((uint8_t *)target + target_offset, source.data, source.length);
    else if (target_width == source.width)
        memcpy((char *)target + target_offset * target_width, source.data, source.length * source.width);
    else if (target_width == 1 && source.width == 2)
        CONVERT(uint8_t, uint16_t);
    else if (target_width == 1)
        CONVERT(uint8_t, uint32_t);
    else if (target_width == 2 && source.width == 1)
        CONVERT(uint16_t, uint8_t);
    else if (target_width == 2)
        CONVERT(uint16_t, uint32_t);
    else if (source.width == 1)
        CONVERT(uint32_t, uint8_t);
    else
        CONVERT(uint32_t, uint16_t);
}
#undef CONVERT

bool slice_bound(struct vm *vm, value v, int64_t *result)
{
    if (is_small_int(v)) {
        *result = small_int_value(v);
        return true;
    }
    if (!is_int(v)) {
        struct type *type = value_type(vm, v);
        if (!type->index) {
            raise_error(vm, &exc_TypeError, "slice indices must be integers or None or have an __index__ method");
            return false;
        }
        v = type->index(vm, v);
        if (v == VALUE_NULL)
            return false;
    }
    if (is_small_int(v))
        *result = small_int_value(v);
    else if (v == TRUE || v == FALSE)
        *result = v == TRUE;
    else
        *result = int_sign(v) < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
    return true;
}

bool search_range(struct vm *vm, value start, value end, size_t length, int64_t *from, int64_t *to)
{
    int64_t size = (int64_t)length;
    *from = 0;
    *to = size;
    if (start != VALUE_NULL && start != NONE && !slice_bound(vm, start, from))
        return false;
    if (end != VALUE_NULL && end != NONE && !slice_bound(vm, end, to))
        return false;
    if (*to > size)
        *to = size;
    else if (*to < 0)
        *to = *to + size < 0 ? 0 : *to + size;
    if (*from < 0)
        *from = *from + size < 0 ? 0 : *from + size;
    return true;
}
