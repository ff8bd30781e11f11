/* magic.c - which CPython wrote a .pyc: the magic numbers of final releases (Lib/importlib/_bootstrap_external.py). */
#include "frontend/source_version.h"

const char *source_version_of_magic(uint16_t magic)
{
    static const struct {
        uint16_t magic;
        const char *name;
    } releases[] = {{3379, "3.6"},  {3394, "3.7"},  {3413, "3.8"},  {3425, "3.9"}, {3439, "3.10"},
                    {3495, "3.11"}, {3531, "3.12"}, {3571, "3.13"}, {3627, "3.14"}};
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
        if (releases[i].magic == magic)
            return releases[i].name;
    return NULL;
}
