/* report.c - what the renderers share: see report.h. */
#include "reports/report.h"

#include "core/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void report_render(const struct report *report, enum report_format format, struct buffer *out)
{
    switch (format) {
    case FORMAT_TEXT:
        report_render_text(report, out);
        break;
    case FORMAT_JSON:
        report_render_json(report, out);
        break;
    case FORMAT_CSV:
        report_render_csv(report, out);
        break;
    case FORMAT_MARKDOWN:
        report_render_markdown(report, out);
        break;
    case FORMAT_HTML:
        break;
    }
}

bool report_format_of(const char *path, enum report_format *format, struct diag *diag)
{
    static const struct { const char *suffix; enum report_format format; } suffixes[] = {
        {".txt", FORMAT_TEXT}, {".json", FORMAT_JSON}, {".csv", FORMAT_CSV}, {".md", FORMAT_MARKDOWN},
        {".html", FORMAT_HTML}};
    *format = FORMAT_TEXT;
    if (strcmp(path, "-") == 0)
        return true;
    const char *name = strrchr(path, '/');
    const char *suffix = strrchr(name ? name : path, '.');
    for (size_t i = 0; suffix && i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcmp(suffix, suffixes[i].suffix) == 0) {
            *format = suffixes[i].format;
            return true;
        }
    return diag_error(diag, path, 0, 0, "unknown report format: expected a name ending in .txt, .json, .csv, .md or .html, or -");
}

bool report_file_open(struct report_file *file, const char *path, struct diag *diag)
{
    enum report_format format;
    *file = (struct report_file){.path = path, .fd = -1};
    if (!report_format_of(path, &format, diag) || !report_file_open_any(file, path, diag))
        return false;
    file->format = format;
    return true;
}

bool report_file_open_any(struct report_file *file, const char *path, struct diag *diag)
{
    *file = (struct report_file){.path = path, .fd = -1};
    if (strcmp(path, "-") == 0)
        return true;
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return diag_error(diag, path, 0, 0, "cannot write the report: it is a directory");
    if (exists && access(path, W_OK) != 0)
        return diag_error(diag, path, 0, 0, "cannot write the report: %s", strerror(errno));
    if (exists && !S_ISREG(status.st_mode)) { /* a device or pipe cannot be replaced: written in place */
        file->fd = open(path, O_WRONLY | O_CLOEXEC);
        return file->fd >= 0 || diag_error(diag, path, 0, 0, "cannot write the report: %s", strerror(errno));
    }
    if (asprintf(&file->temporary, "%s.XXXXXX", path) < 0)
        abort();
    file->fd = mkostemp(file->temporary, O_CLOEXEC);
    if (file->fd < 0) {
        int error = errno;
        free(file->temporary);
        file->temporary = NULL;
        return diag_error(diag, path, 0, 0, "cannot write the report: %s", strerror(error));
    }
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(file->fd, exists ? status.st_mode & 0777 : 0666 & ~mask) != 0)
        errno = 0; /* a file system without permissions: the temporary file's own will do */
    return true;
}

bool report_file_write(struct report_file *file, const struct report *report, struct diag *diag)
{
    struct buffer text = {0};
    report_render(report, file->format, &text);
    bool done = report_file_write_bytes(file, &text, diag);
    buffer_free(&text);
    return done;
}

bool report_file_write_bytes(struct report_file *file, const struct buffer *bytes, struct diag *diag)
{
    bool done = descriptor_write(file->fd >= 0 ? file->fd : STDOUT_FILENO, bytes->bytes, bytes->size);
    if (file->fd >= 0 && close(file->fd) != 0)
        done = false;
    file->fd = -1;
    if (done && file->temporary && rename(file->temporary, file->path) != 0)
        done = false;
    if (!done) {
        diag_error(diag, file->path, 0, 0, "cannot write the report: %s", strerror(errno));
    } else {
        free(file->temporary);
        file->temporary = NULL;
    }
    return done;
}

void report_file_abandon(struct report_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    if (file->temporary)
        unlink(file->temporary);
    free(file->temporary);
    file->fd = -1;
    file->temporary = NULL;
}

const struct timing_counts *report_headline(const struct report *report, int run)
{
    const struct timing_result *timing = report->runs[run].timing;
    return report->scope == SCOPE_SCRIPT ? &timing->script : &timing->total;
}

const char *report_file_name(const struct report *report, const char *file, struct buffer *scratch)
{
    const struct timing_result *timing = report->runs[0].timing;
    scratch->size = 0;
    for (uint32_t i = 0; i < timing->file_count; i++) {
        const char *slash = timing->files[i].is_script ? strrchr(timing->files[i].file, '/') : NULL;
        size_t directory = slash ? (size_t)(slash - timing->files[i].file) + 1 : 0;
        if (directory && strncmp(file, timing->files[i].file, directory) == 0) {
            file += directory;
            break;
        }
    }
    buffer_add_text(scratch, file);
    return scratch->bytes;
}

struct order_context {
    const struct timing_result *timing;
    const struct timing_counts *counts; /* NULL: by name only */
};

static int compare_indices(const void *a, const void *b, void *context)
{
    const struct order_context *order = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (order->counts && order->counts->by_instruction[i] != order->counts->by_instruction[j])
        return order->counts->by_instruction[i] > order->counts->by_instruction[j] ? -1 : 1;
    return strcmp(order->timing->names[i], order->timing->names[j]);
}

static struct report_order make_order(const struct timing_result *timing, const struct timing_counts *counts,
                                      bool by_count)
{
    struct report_order order = {malloc(timing->name_count * sizeof(uint32_t) + 1), 0};
    if (!order.indices)
        abort();
    for (uint32_t i = 0; i < timing->name_count; i++)
        if (counts->by_instruction[i])
            order.indices[order.count++] = i;
    struct order_context context = {timing, by_count ? counts : NULL};
    qsort_r(order.indices, order.count, sizeof *order.indices, compare_indices, &context);
    return order;
}

struct report_order report_order_by_count(const struct timing_result *timing, const struct timing_counts *counts)
{
    return make_order(timing, counts, true);
}

struct report_order report_order_by_name(const struct timing_result *timing, const struct timing_counts *counts)
{
    return make_order(timing, counts, false);
}

void report_order_free(struct report_order *order)
{
    free(order->indices);
    order->indices = NULL;
}

void report_add_ratio(struct buffer *out, uint64_t numerator, uint64_t denominator, int digits)
{
    if (!denominator) {
        buffer_add_text(out, "-");
        return;
    }
    /* digit by digit, so that no product overflows; one more digit decides the rounding */
    uint64_t whole = numerator / denominator, rest = numerator % denominator, scale = 1, fraction = 0;
    for (int i = 0; i < digits; i++) {
        uint64_t digit = 0, sum = 0;
        for (int bit = 0; bit < 10; bit++) { /* rest * 10 / denominator without overflow */
            if (sum >= denominator - rest)
                sum -= denominator - rest, digit++;
            else
                sum += rest;
        }
        rest = sum;
        fraction = fraction * 10 + digit;
        scale *= 10;
    }
    if (rest >= denominator - rest && ++fraction == scale)
        whole++, fraction = 0;
    if (digits)
        buffer_printf(out, "%llu.%0*llu", (unsigned long long)whole, digits, (unsigned long long)fraction);
    else
        buffer_printf(out, "%llu", (unsigned long long)(whole + fraction));
}

void report_add_grouped(struct buffer *out, uint64_t number)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            buffer_add_byte(out, ',');
        buffer_add_byte(out, (uint8_t)digits[i]);
    }
}

struct report_hidden report_hidden_arithmetic(const struct timing_counts *counts)
{
    struct report_hidden hidden = {
        .arithmetic_instructions = counts->by_category[CATEGORY_ARITHMETIC],
        .multiply_adds = counts->work[WORK_multiply_adds],
        .elements = counts->work[WORK_elements],
        .math = counts->work[WORK_math],
    };
    hidden.native_operations = hidden.multiply_adds + hidden.elements + hidden.math;
    return hidden;
}
