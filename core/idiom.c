/* idiom.c - see idiom.h. */
#include "core/idiom.h"

#include <string.h>

const char *const idiom_names[IDIOM_COUNT] = {
    "",
#define LOOP(name, text) #name,
#define CHOICE(name, text) #name,
#include "core/idiom.def"
};

enum idiom idiom_by_name(const char *name, size_t length)
{
    for (int i = 1; i < IDIOM_COUNT; i++)
        if (strlen(idiom_names[i]) == length && memcmp(idiom_names[i], name, length) == 0)
            return (enum idiom)i;
    return IDIOM_NONE;
}

bool idiom_is_loop(enum idiom idiom)
{
    switch (idiom) {
#define LOOP(name, text) case IDIOM_##name:
#include "core/idiom.def"
        return true;
#define CHOICE(name, text) case IDIOM_##name:
#include "core/idiom.def"
    case IDIOM_NONE:
    case IDIOM_COUNT:
        return false;
    }
    return false;
}
