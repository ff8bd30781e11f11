/* browser.c - see browser.h. */
#include "cli/browser.h"

#include "core/buffer.h"

#include <ctype.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_WORDS = 32 };

/* file:///home/..., with what an address cannot have as %XX. */
static char *address_of(const char *path)
{
    static const char plain[] = "/-_.~";
    struct buffer text = {0};
    char *whole = realpath(path, NULL);
    buffer_add_text(&text, "file://");
    for (const char *c = whole ? whole : path; *c; c++)
        if (isalnum((unsigned char)*c) || strchr(plain, *c))
            buffer_add_byte(&text, (uint8_t)*c);
        else
            buffer_printf(&text, "%%%02X", (unsigned)(uint8_t)*c);
    free(whole);
    return text.bytes;
}

/* Adds the next word to the text, without its quotes. Returns what is behind it. */
static const char *take_word(const char *command, const char *address, bool *has_address, struct buffer *word)
{
    char quote = 0;
    for (; *command && (quote || !isspace((unsigned char)*command)); command++) {
        if (!quote && (*command == '"' || *command == '\'')) {
            quote = *command;
        } else if (*command == quote) {
            quote = 0;
        } else if (strncmp(command, "%s", 2) == 0) {
            buffer_add_text(word, address);
            *has_address = true;
            command++;
        } else {
            buffer_add_byte(word, (uint8_t)*command);
        }
    }
    return command;
}

/* 0, or the error that kept the command from being started. */
static int start(const char *command, const char *address)
{
    char *words[MOST_WORDS + 2];
    struct buffer texts[MOST_WORDS] = {{0}};
    int count = 0, error = ENOENT;
    bool has_address = false;
    pid_t process;
    while (*command && count < MOST_WORDS) {
        while (isspace((unsigned char)*command))
            command++;
        if (!*command)
            break;
        buffer_add_text(&texts[count], "");
        command = take_word(command, address, &has_address, &texts[count]);
        words[count] = texts[count].bytes;
        count++;
    }
    if (count > 1 && strcmp(words[count - 1], "&") == 0) /* "in the background": all of them are */
        count--;
    int given = count;
    if (!has_address)
        words[given++] = (char *)(uintptr_t)address;
    words[given] = NULL;
    if (count)
        error = posix_spawnp(&process, words[0], NULL, NULL, words, environ);
    for (int i = 0; i < MOST_WORDS; i++)
        buffer_free(&texts[i]);
    return error;
}

bool browser_open(const char *path, struct diag *diag)
{
    char *address = address_of(path), *wishes = getenv("BROWSER") ? strdup(getenv("BROWSER")) : NULL;
    int error = ENOENT;
    for (char *rest = wishes, *wish; error && rest && (wish = strsep(&rest, ":"));)
        error = *wish ? start(wish, address) : ENOENT;
    if (error)
        error = start("xdg-open", address);
    free(wishes);
    free(address);
    return error == 0 || diag_error(diag, path, 0, 0, "it is written, but no browser can be started: install xdg-utils, or set the "
                                                      "environment variable BROWSER (%s)", strerror(error));
}
