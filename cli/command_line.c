/* command_line.c - see command_line.h. */
#include "cli/command_line.h"

#include <string.h>

void command_line_add_word(struct buffer *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (*word && strspn(word, plain) == strlen(word)) {
        buffer_add_text(text, word);
        return;
    }
    buffer_add_byte(text, '\'');
    for (; *word; word++)
        if (*word == '\'')
            buffer_add_text(text, "'\\''");
        else
            buffer_add_byte(text, (uint8_t)*word);
    buffer_add_byte(text, '\'');
}

char *command_line_text(int argc, char *const *argv)
{
    struct buffer text = {0};
    buffer_add_text(&text, "hybridsim");
    for (int i = 0; i < argc; i++) {
        buffer_add_byte(&text, ' ');
        command_line_add_word(&text, argv[i]);
    }
    return text.bytes;
}
