/* traceback_anchors.c - CPython 3.11 underlines `a + b` as ~~^~~ and `a[i]` as ~^^^. It parses the marked text for that; here
 * a scan over its tokens finds the outermost operator or subscript. The text is known to be a valid expression on one line. */
#include "sim/runtime/traceback.h"

#include <stdlib.h>

struct token {
    int32_t start, end;
    int8_t depth;     /* of brackets around it; brackets themselves have the outer depth */
    char kind;        /* 'n' name, number or string; '(' ')' brackets; 'o' operator; ',' */
    char text[4];
};

static bool is_word(uint32_t c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 128;
}

static size_t string_end(const uint32_t *text, size_t length, size_t at)
{
    uint32_t quote = text[at];
    bool triple = at + 2 < length && text[at + 1] == quote && text[at + 2] == quote;
    at += triple ? 3 : 1;
    for (; at < length; at++) {
        if (text[at] == '\\')
            at++;
        else if (text[at] == quote && !triple)
            return at + 1;
        else if (text[at] == quote && at + 2 < length && text[at + 1] == quote && text[at + 2] == quote)
            return at + 3;
    }
    return length;
}

static size_t number_end(const uint32_t *text, size_t length, size_t at)
{
    while (at < length && (is_word(text[at]) || text[at] == '.' ||
                           ((text[at] == '+' || text[at] == '-') && (text[at - 1] == 'e' || text[at - 1] == 'E') &&
                            text[at - 2] != 'x')))
        at++;
    return at;
}

static size_t operator_size(const uint32_t *text, size_t length, size_t at)
{
    uint32_t c = text[at], d = at + 1 < length ? text[at + 1] : 0;
    if ((c == d && (c == '*' || c == '/' || c == '<' || c == '>' || c == '=')) ||
        (d == '=' && (c == '<' || c == '>' || c == '!')) || (c == ':' && d == '='))
        return 2;
    return 1;
}

static size_t tokenize(const uint32_t *text, size_t length, struct token *tokens)
{
    size_t count = 0;
    int depth = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c = text[at];
        if (c == ' ' || c == '\t' || c == '\f') {
            at++;
            continue;
        }
        struct token *t = &tokens[count++];
        size_t start = at;
        t->kind = 'o';
        if ((c >= '0' && c <= '9') || (c == '.' && at + 1 < length && text[at + 1] >= '0' && text[at + 1] <= '9')) {
            at = number_end(text, length, at + 1);
            t->kind = 'n';
        } else if (is_word(c)) {
            while (at < length && is_word(text[at]))
                at++;
            t->kind = 'n';
            if (at < length && (text[at] == '"' || text[at] == '\'') && at - start <= 2)
                at = string_end(text, length, at);
        } else if (c == '"' || c == '\'') {
            at = string_end(text, length, at);
            t->kind = 'n';
        } else if (c == '(' || c == '[' || c == '{') {
            t->kind = '(';
            at++;
        } else if (c == ')' || c == ']' || c == '}') {
            t->kind = ')';
            depth--;
            at++;
        } else {
            at += operator_size(text, length, at);
            t->kind = c == ',' ? ',' : 'o';
        }
        t->depth = (int8_t)depth;
        if (t->kind == '(')
            depth++;
        t->start = (int32_t)start;
        t->end = (int32_t)at;
        size_t size = at - start < 3 ? at - start : 3;
        for (size_t i = 0; i < 4; i++)
            t->text[i] = i < size && text[start + i] < 128 ? (char)text[start + i] : 0;
        if (at - start > 3)
            t->text[3] = 0;
        if (depth > 100)
            return 0;
    }
    return count;
}

static bool word_is(const uint32_t *text, const struct token *t, const char *word)
{
    size_t size = strlen(word);
    if (t->kind != 'n' || (size_t)(t->end - t->start) != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (text[t->start + (int32_t)i] != (uint32_t)word[i])
            return false;
    return true;
}

/* Binding strength of a binary operator that gets marks; 0: none of them, -1: one that ends the search (no marks) */
static int strength(const uint32_t *text, const struct token *t)
{
    static const char *const loose[] = {"and", "or", "not", "in", "is", "if", "else", "lambda", "for", "async", "yield"};
    for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++)
        if (word_is(text, t, loose[i]))
            return -1;
    if (t->kind == ',')
        return -1;
    if (t->kind != 'o')
        return 0;
    char c = t->text[0], d = t->text[1];
    if (c == '=' || c == '!' || c == ':' || ((c == '<' || c == '>') && d != c))
        return -1;
    switch (c) {
    case '|': return 1;
    case '^': return 2;
    case '&': return 3;
    case '<': case '>': return 4;
    case '+': case '-': return 5;
    case '*': return d == '*' ? 8 : 6;
    case '/': case '%': case '@': return 6;
    default: return 0;
    }
}

/* The end of the operand in tokens [first, last]: without its closing bracket when brackets around all of it only group. */
static bool is_group(const uint32_t *text, const struct token *tokens, size_t first, size_t last)
{
    if (tokens[first].text[0] != '(' || tokens[last].text[0] != ')' || first + 1 >= last)
        return false;
    for (size_t i = first + 1; i < last; i++) {
        if (tokens[i].depth <= tokens[first].depth)
            return false; /* (a)(b) */
        if (tokens[i].depth == tokens[first].depth + 1 && (tokens[i].kind == ',' || word_is(text, &tokens[i], "for")))
            return false; /* a tuple or generator: the brackets are its own */
    }
    return true;
}

static int32_t operand_end(const uint32_t *text, const struct token *tokens, size_t first, size_t last)
{
    while (is_group(text, tokens, first, last))
        first++, last--;
    return tokens[last].end;
}

static int32_t operand_start(const uint32_t *text, const struct token *tokens, size_t first, size_t last)
{
    while (is_group(text, tokens, first, last))
        first++, last--;
    return tokens[first].start;
}

static bool is_space(uint32_t c) { return c == ' ' || c == '\t' || c == '\f'; }

static void operator_anchors(const uint32_t *text, const struct token *tokens, size_t count, size_t at, struct anchors *out)
{
    int32_t end = operand_end(text, tokens, 0, at - 1), right = operand_start(text, tokens, at + 1, count - 1);
    while (end < right && is_space(text[end]))
        end++;
    out->left = end;
    out->right = end + 1;
    if (end + 1 < right && !is_space(text[end + 1]))
        out->right++;
}

/* the text is one primary: a subscript when it ends in [...] */
static bool subscript_anchors(const uint32_t *text, const struct token *tokens, size_t count, struct anchors *out)
{
    if (count < 4 || tokens[count - 1].text[0] != ']')
        return false;
    size_t open = count - 1;
    while (open > 0 && !(tokens[open].kind == '(' && tokens[open].depth == tokens[count - 1].depth))
        open--;
    if (open == 0)
        return false;
    out->left = operand_end(text, tokens, 0, open - 1);
    out->right = operand_end(text, tokens, open + 1, count - 2) + 1;
    return true;
}

static bool find_anchors(const uint32_t *text, const struct token *tokens, size_t count, struct anchors *out)
{
    int weakest = 100;
    size_t at = 0;
    bool operand = false; /* an operand stands just before: an operator here is binary */
    bool unary = false;   /* the text starts with - + ~ */
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].depth > 0)
            continue;
        int s = strength(text, &tokens[i]);
        if (s < 0)
            return false;
        if (tokens[i].text[0] == '~' || (s == 5 && !operand)) {
            unary |= i == 0;
            operand = false;
            continue;
        }
        if (s == 0) {
            operand = tokens[i].kind != 'o';
            continue;
        }
        if (s < weakest || (s == weakest && s != 8)) {
            weakest = s;
            at = i;
        }
        operand = false;
    }
    if (weakest < 100 && at > 0 && at + 1 < count && !(unary && weakest == 8)) {
        operator_anchors(text, tokens, count, at, out);
        return true;
    }
    if (unary || weakest < 100 || word_is(text, &tokens[0], "await"))
        return false;
    return subscript_anchors(text, tokens, count, out);
}

bool expression_anchors(const uint32_t *text, size_t length, struct anchors *out)
{
    struct token *tokens = calloc(length + 1, sizeof *tokens);
    if (!tokens)
        return false;
    size_t count = tokenize(text, length, tokens), first = 0;
    while (count > 2 && is_group(text, tokens, 0, count - 1)) { /* the whole text in brackets: what is inside counts */
        memmove(tokens, tokens + 1, (count - 2) * sizeof *tokens);
        count -= 2;
        for (size_t i = 0; i < count; i++)
            tokens[i].depth--;
    }
    bool found = count > first && find_anchors(text, tokens, count, out);
    free(tokens);
    return found;
}
