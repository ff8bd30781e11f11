/* cache.c - see cache.h. An entry of our own cache: "HSC3", the sizes of its three parts, a hash of them, the parts. */
#include "frontend/cache.h"

#include "core/cache_folder.h"
#include "core/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENTRY_HEADER_SIZE = 4 + 3 * 4 + 16, PYC_HASH_BASED = 1, PYC_CHECK_SOURCE = 2 };

static uint32_t load_u32(const void *bytes)
{
    const uint8_t *b = bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t load_u64(const void *bytes)
{
    return load_u32(bytes) | (uint64_t)load_u32((const char *)bytes + 4) << 32;
}

static void add_u32(struct buffer *buffer, uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8)
        buffer_add_byte(buffer, (uint8_t)(value >> shift));
}

static bool buffer_grow(struct buffer *buffer)
{
    buffer->capacity *= 2;
    buffer->bytes = realloc(buffer->bytes, buffer->capacity);
    if (!buffer->bytes)
        abort();
    return true;
}

bool file_read(const char *path, struct buffer *contents, struct stat *status)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    bool done = fstat(file, status) == 0;
    if (done && S_ISDIR(status->st_mode)) {
        errno = EISDIR;
        done = false;
    }
    if (done && !contents->size) { /* room for all of it, and for seeing that there is no more */
        free(contents->bytes);
        contents->capacity = (size_t)status->st_size + 4096;
        contents->bytes = malloc(contents->capacity);
        if (!contents->bytes)
            abort();
    }
    while (done) {
        if (contents->capacity - contents->size < 4096)
            done = buffer_grow(contents);
        ssize_t count = read(file, contents->bytes + contents->size, contents->capacity - contents->size - 1);
        if (count < 0 && errno == EINTR)
            continue;
        done = count >= 0;
        if (count <= 0)
            break;
        contents->size += (size_t)count;
    }
    if (contents->bytes)
        contents->bytes[contents->size] = 0;
    int error = errno;
    close(file);
    errno = error;
    return done;
}

bool pyc_header_check(const struct source_version *version, const struct buffer *pyc, const char *path, struct diag *diag)
{
    if (pyc->size < 4)
        return diag_error(diag, NULL, 0, 0, "truncated .pyc file '%s': %zu bytes, expected a header of %d", path, pyc->size,
                          PYC_HEADER_SIZE);
    uint32_t magic = load_u32(pyc->bytes);
    const char *writer = magic >> 16 == 0x0a0d ? source_version_of_magic((uint16_t)magic) : NULL;
    if (magic != (version->magic | 0x0a0d0000u) && writer)
        return diag_error(diag, NULL, 0, 0, "bad magic number in '%s': written by CPython %s, expected CPython %s", path,
                          writer, version->name);
    if (magic != (version->magic | 0x0a0d0000u))
        return diag_error(diag, NULL, 0, 0, "bad magic number in '%s': found %" PRIu32 ", expected %u (CPython %s)", path,
                          magic & 0xffff, version->magic, version->name);
    if (pyc->size < PYC_HEADER_SIZE)
        return diag_error(diag, NULL, 0, 0, "truncated .pyc file '%s': %zu bytes, expected a header of %d", path, pyc->size,
                          PYC_HEADER_SIZE);
    if (load_u32(pyc->bytes + 4) & ~3u)
        return diag_error(diag, NULL, 0, 0, "unknown flags 0x%" PRIx32 " in '%s'", load_u32(pyc->bytes + 4), path);
    return true;
}

/* SipHash-1-3 (Aumasson and Bernstein) with key (k0, 0): what CPython 3.11 puts into hash-based .pyc files. */
#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))

static void sip_round(uint64_t v[4])
{
    v[0] += v[1]; v[1] = ROTATE(v[1], 13) ^ v[0]; v[0] = ROTATE(v[0], 32);
    v[2] += v[3]; v[3] = ROTATE(v[3], 16) ^ v[2];
    v[0] += v[3]; v[3] = ROTATE(v[3], 21) ^ v[0];
    v[2] += v[1]; v[1] = ROTATE(v[1], 17) ^ v[2]; v[2] = ROTATE(v[2], 32);
}

static uint64_t source_hash(uint64_t k0, const char *bytes, size_t size)
{
    uint64_t v[4] = {0x736f6d6570736575u ^ k0, 0x646f72616e646f6du, 0x6c7967656e657261u ^ k0, 0x7465646279746573u};
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t word = load_u64(bytes + i);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)size << 56;
    for (int shift = 0; i < size; i++, shift += 8)
        last |= (uint64_t)(uint8_t)bytes[i] << shift;
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int round = 0; round < 3; round++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static bool pyc_up_to_date(const struct buffer *pyc, const struct stat *source_status, const char *source_path)
{
    uint32_t flags = load_u32(pyc->bytes + 4);
    if (!(flags & PYC_HASH_BASED))
        return load_u32(pyc->bytes + 8) == (uint32_t)source_status->st_mtim.tv_sec &&
               load_u32(pyc->bytes + 12) == (uint32_t)source_status->st_size;
    if (!(flags & PYC_CHECK_SOURCE))
        return true;
    struct buffer source = {0};
    struct stat status;
    bool same = file_read(source_path, &source, &status) &&
                load_u64(pyc->bytes + 8) == source_hash(load_u32(pyc->bytes), source.bytes, source.size);
    buffer_free(&source);
    return same;
}

int pycache_read(const struct source_version *version, const char *source_path, const struct stat *source_status,
                 struct buffer *pyc)
{
    const char *slash = strrchr(source_path, '/'), *name = slash ? slash + 1 : source_path;
    const char *dot = strrchr(name, '.');
    struct buffer path = {0};
    struct stat status;
    buffer_printf(&path, "%.*s__pycache__/%.*s.%s.pyc", (int)(name - source_path), source_path,
                  dot ? (int)(dot - name) : (int)strlen(name), name, version->cache_tag);
    struct diag ignored;
    diag_init(&ignored);
    int found = file_read(path.bytes, pyc, &status) && pyc_header_check(version, pyc, path.bytes, &ignored) &&
                pyc_up_to_date(pyc, source_status, source_path);
    diag_free(&ignored);
    buffer_free(&path);
    return found;
}

struct content_key cache_key_of(const struct source_version *version, const char *python,
                              const struct compile_request *request)
{
    struct content_key key = CONTENT_KEY_START;
    uint32_t numbers[7] = {version->magic,
                           (uint32_t)request->mode,
                           request->flags,
                           request->optimize < 0 ? 0 : (uint32_t)request->optimize,
                           (uint32_t)request->kind,
                           (uint32_t)request->feature_version,
                           (uint32_t)request->int_digits};
    content_key_add(&key, numbers, sizeof numbers);
    content_key_add(&key, python ? python : "", python ? strlen(python) : 0);
    content_key_add(&key, request->filename, strlen(request->filename));
    content_key_add(&key, request->source, request->size);
    return key;
}

static void entry_path(struct buffer *path, const char *directory, struct content_key key)
{
    buffer_printf(path, "%s/%016" PRIx64 "%016" PRIx64 ".code", directory, key.words[0], key.words[1]);
}

static struct content_key entry_check(const char *parts, size_t size)
{
    struct content_key check = CONTENT_KEY_START;
    content_key_add(&check, parts, size);
    return check;
}

bool cache_read(const char *directory, struct content_key key, struct compile_answer *answer)
{
    struct buffer path = {0}, entry = {0};
    struct stat status;
    memset(answer, 0, sizeof *answer);
    entry_path(&path, directory, key);
    bool found = file_read(path.bytes, &entry, &status) && entry.size >= ENTRY_HEADER_SIZE &&
                 memcmp(entry.bytes, "HSC3", 4) == 0;
    buffer_free(&path);
    if (found) {
        struct buffer *parts[3] = {&answer->warnings, &answer->orders, &answer->code};
        uint64_t sizes[3] = {load_u32(entry.bytes + 4), load_u32(entry.bytes + 8), load_u32(entry.bytes + 12)};
        const char *next = entry.bytes + ENTRY_HEADER_SIZE;
        size_t size = entry.size - ENTRY_HEADER_SIZE;
        struct content_key check = entry_check(next, size);
        found = sizes[0] + sizes[1] + sizes[2] == size && load_u64(entry.bytes + 16) == check.words[0] &&
                load_u64(entry.bytes + 24) == check.words[1];
        for (int i = 0; found && i < 3; next += sizes[i++])
            buffer_add(parts[i], next, sizes[i]);
    }
    answer->compiled = found;
    buffer_free(&entry);
    return found;
}

/* mkdir -p; whether it worked shows when the file is opened. */
static void make_directories(const char *directory)
{
    char *path = strdup(directory);
    for (char *next = path; next && *next; next++)
        if (*next == '/' && next > path) {
            *next = 0;
            mkdir(path, 0777);
            *next = '/';
        }
    if (path)
        mkdir(path, 0777);
    free(path);
}

static bool write_file(const char *path, const struct buffer *contents)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return false;
    bool written = descriptor_write(file, contents->bytes, contents->size);
    return close(file) == 0 && written;
}

void cache_write(const char *directory, struct content_key key, const struct compile_answer *answer)
{
    const struct buffer *parts[3] = {&answer->warnings, &answer->orders, &answer->code};
    struct buffer path = {0}, temporary = {0}, entry = {0}, payload = {0};
    for (int i = 0; i < 3; i++)
        buffer_add(&payload, parts[i]->bytes, parts[i]->size);
    struct content_key check = entry_check(payload.bytes, payload.size);
    buffer_add(&entry, "HSC3", 4);
    for (int i = 0; i < 3; i++)
        add_u32(&entry, (uint32_t)parts[i]->size);
    for (int i = 0; i < 4; i++)
        add_u32(&entry, (uint32_t)(check.words[i / 2] >> (i % 2 * 32)));
    buffer_add(&entry, payload.bytes, payload.size);
    entry_path(&path, directory, key);
    buffer_printf(&temporary, "%s.%ld.tmp", path.bytes, (long)getpid());
    make_directories(directory);
    if (!write_file(temporary.bytes, &entry) || rename(temporary.bytes, path.bytes) != 0)
        unlink(temporary.bytes);
    cache_folder_written(directory, key.words[0], CACHE_FOLDER_LIMIT);
    buffer_free(&path);
    buffer_free(&temporary);
    buffer_free(&entry);
    buffer_free(&payload);
}
