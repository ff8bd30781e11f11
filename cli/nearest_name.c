/* nearest_name.c - see nearest_name.h. */
#include "cli/nearest_name.h"

#include <stdio.h>
#include <string.h>

enum { MAX_NAME = 32 };

/* Edits (insertions, deletions, replacements) that turn a into b. */
static int edit_distance(const char *a, const char *b)
{
    int row[MAX_NAME + 1];
    int length = (int)strlen(b);
    if (length > MAX_NAME || strlen(a) > MAX_NAME)
        return MAX_NAME;
    for (int j = 0; j <= length; j++)
        row[j] = j;
    for (int i = 0; a[i]; i++) {
        int diagonal = row[0];
        row[0] = i + 1;
        for (int j = 0; j < length; j++) {
            int best = diagonal + (a[i] != b[j]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j + 1] + 1 < best)
                best = row[j + 1] + 1;
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    return row[length];
}

const char *nearest_name(const char *name, const char *const *names, int count)
{
    const char *best = NULL;
    int best_distance = 4; /* farther than this, or half of the name, is no slip of the keys */
    for (int i = 0; i < count; i++) {
        int distance = edit_distance(name, names[i]);
        if (distance < best_distance && 2 * distance <= (int)strlen(name) + 1)
            best = names[i], best_distance = distance;
    }
    return best;
}

static void unknown_long_option(char *word, const struct option *names)
{
    enum { MAX_OPTIONS = 128 };
    const char *list[MAX_OPTIONS];
    int count = 0;
    size_t length = strcspn(word, "=");
    fprintf(stderr, "hybridsim: error: unknown option '%.*s'", (int)length, word);
    char name[MAX_NAME + 1] = "";
    if (length > 2 && length - 2 <= MAX_NAME)
        memcpy(name, word + 2, length - 2);
    for (; names->name && count < MAX_OPTIONS; names++)
        list[count++] = names->name;
    const char *nearest = nearest_name(name, list, count);
    if (nearest)
        fprintf(stderr, "; did you mean '--%s'?", nearest);
    fputc('\n', stderr);
}

static const struct option *option_of(int value, const struct option *names)
{
    for (; names->name; names++)
        if (names->val == value)
            return names;
    return NULL;
}

void option_error(const char *command, char **argv, const char *short_options, const struct option *names)
{
    const struct option *option = optopt ? option_of(optopt, names) : NULL;
    const char *letter = optopt > 0 && optopt < 128 ? strchr(short_options, optopt) : NULL;
    if (optopt == 0)
        unknown_long_option(argv[optind - 1], names);
    else if (option && strncmp(argv[optind - 1], "--", 2) == 0)
        fprintf(stderr, "hybridsim: error: option '--%s' %s\n", option->name,
                option->has_arg == no_argument ? "takes no value" : "needs a value");
    else if (letter)
        fprintf(stderr, "hybridsim: error: option '-%c' needs a value\n", optopt);
    else
        fprintf(stderr, "hybridsim: error: unknown option '-%c'\n", optopt);
    fprintf(stderr, "hybridsim: see '%s --help'\n", command);
}
