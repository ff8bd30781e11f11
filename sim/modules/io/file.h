/* file.h - what the files of module _io share. Its classes are heap types with native methods, so that Python classes derive
 * from them in every combination; what an object needs beyond its attributes is a native object in its first slot. */
#ifndef HYBRIDSIM_SIM_MODULES_IO_FILE_H
#define HYBRIDSIM_SIM_MODULES_IO_FILE_H

#include "sim/modules/io/io.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

enum { IO_BUFFER_SIZE = 8192, IO_TEXT_CHUNK = 8192 };

enum io_class {
    IO_BASE, IO_RAW_BASE, IO_BUFFERED_BASE, IO_TEXT_BASE, IO_FILE, IO_READER, IO_WRITER, IO_RANDOM, IO_PAIR, IO_TEXT,
    IO_BYTES, IO_STRING, IO_NEWLINE_DECODER, IO_BYTES_BUFFER, IO_CLASS_COUNT
};

struct buffered_state;
struct text_state;

enum { OWN_PIPES_KNOWN = 64 };
struct io_state {
    value classes[IO_CLASS_COUNT];
    value standard[3];
    value unsupported_operation;     /* io.UnsupportedOperation */
    value stdout_name;               /* "stdout", interned */
    struct buffered_state *pending_buffers; /* with bytes not yet written */
    struct text_state *pending_texts;
    uint64_t own_pipes[OWN_PIPES_KNOWN]; /* inodes of the pipes that the program made last: nobody else holds their ends */
    uint32_t own_pipe_count;         /* ever made */
};

struct io_class_definition {
    const char *name, *doc;
    enum io_class base;              /* itself: object */
    bool has_state;
    const struct method_definition *methods;
    const struct property_definition *properties;
};
extern const struct io_class_definition io_base_class, io_raw_base_class, io_buffered_base_class, io_text_base_class,
    io_file_class, io_reader_class, io_writer_class, io_random_class, io_pair_class, io_text_class, io_bytes_class,
    io_string_class, io_newline_decoder_class, io_bytes_buffer_class;

struct io_state *io_state_of(struct vm *vm); /* NULL: no memory */

/* ---- the native part of an object ---- */
static inline struct object *io_native(value self) /* NULL: __init__ has not run */
{
    value state = ((struct instance *)value_object(self))->slots[0];
    return is_object(state) ? value_object(state) : NULL;
}
static inline void io_set_native(value self, const void *state)
{
    ((struct instance *)value_object(self))->slots[0] = object_value(state);
}
/* An instance of exactly that class: nothing of it is overridden. */
static inline bool io_is_exact(struct vm *vm, value v, enum io_class class)
{
    return is_object(v) && vm->io && object_value(object_type(value_object(v))) == vm->io->classes[class];
}
value io_new(struct vm *vm, enum io_class class); /* an instance without its native part */

/* ---- raising ---- */
value io_raise_unsupported(struct vm *vm, const char *message);       /* io.UnsupportedOperation */
value io_raise_blocking(struct vm *vm, const char *message, size_t written);
value io_raise_closed(struct vm *vm);                                 /* ValueError */
value io_raise_uninitialized(struct vm *vm);

/* ---- calls of methods that Python may have overridden ---- */
int io_test(struct vm *vm, value file, const char *method);           /* file.method() as a truth: -1, 0, 1 */
int io_is_closed(struct vm *vm, value file);                          /* file.closed */
bool io_check_closed(struct vm *vm, value file);                      /* ValueError when it is */
bool io_index(struct vm *vm, value v, int64_t *out);                  /* an integer of 64 bits */
bool io_optional_size(struct vm *vm, value v, int64_t *size);         /* absent or None: -1 */
/* The memory of a writable bytes-like argument. */
bool io_writable(struct vm *vm, value target, const char *function, uint8_t **data, size_t *size);
bool io_interrupted(struct vm *vm);                                   /* what a signal's handler raised is pending */

/* close() of two things, the second even when the first failed; the first exception is the second's context. */
bool io_close_after(struct vm *vm, bool flushed, value inner);

/* ---- base.c: shared methods ---- */
#define IO_FUNCTION(name) value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
IO_FUNCTION(io_base_iter);
IO_FUNCTION(io_base_finalize);
IO_FUNCTION(io_refuse_pickle);
#define IO_UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* ---- raw.c: FileIO ---- */
struct raw_state {
    struct object head;
    int descriptor;                  /* -1: closed */
    bool readable, writable, created, appending, closes, wrapped;
    int8_t seekable;                 /* -1: not known yet */
};
static inline struct raw_state *raw_of(value self) { return (struct raw_state *)io_native(self); }
value raw_open(struct vm *vm, value path, const char *mode, bool closes, value opener);
int64_t raw_read_into(struct vm *vm, struct raw_state *raw, void *data, size_t size);        /* -1 error, -2 would block */
int64_t raw_write_from(struct vm *vm, struct raw_state *raw, const void *data, size_t size); /* likewise */

/* ---- buffered.c ---- */
struct buffered_state {
    struct object head;
    value raw;                       /* VALUE_NULL: detached */
    struct stream *stream;           /* a standard stream: its buffer is used, raw only describes it; else NULL */
    bool reads, writes, wrapped, ready;
    size_t capacity;
    uint8_t *input, *output;         /* malloc'd when first used */
    size_t position, end;            /* input[position .. end) is read ahead */
    size_t used;                     /* output[0 .. used) is to be written */
    int64_t file_position;           /* of raw, as far as known; -1 */
    struct buffered_state *next, *previous; /* in io_state.pending_buffers while used > 0 */
};
static inline struct buffered_state *buffered_of(value self) { return (struct buffered_state *)io_native(self); }
/* All of these work on exact instances of BufferedReader, BufferedWriter, BufferedRandom. */
bool buffered_is_native(struct vm *vm, value file);
bool buffered_write(struct vm *vm, value self, const void *data, size_t size);
value buffered_read1(struct vm *vm, value self, int64_t size);
value buffered_read(struct vm *vm, value self, int64_t size);
bool buffered_flush(struct vm *vm, value self);
bool buffered_open(struct vm *vm, value self, value raw, size_t capacity, enum io_class class);
void buffered_flush_quietly(struct vm *vm, struct buffered_state *state); /* to an exact FileIO, ignoring errors */

/* ---- newline.c: decoding with universal newlines ---- */
enum decoder_kind { DECODER_UTF8, DECODER_ASCII, DECODER_LATIN1, DECODER_OBJECT, DECODER_NONE };
enum { NEWLINE_CR = 1, NEWLINE_LF = 2, NEWLINE_CRLF = 4 };
struct text_decoder {
    enum decoder_kind kind;
    value object;                    /* DECODER_OBJECT: an incremental decoder */
    const char *errors;              /* kept alive by its owner */
    uint8_t held[4], held_count;     /* the start of a character whose rest has not come yet */
    bool universal, translate, pending_cr;
    uint8_t seen;                    /* NEWLINE_... */
};
struct decoder_snapshot { value bytes; value flags; };
value decoder_decode(struct vm *vm, struct text_decoder *decoder, value bytes, bool final);
bool decoder_get_state(struct vm *vm, struct text_decoder *decoder, struct decoder_snapshot *out);
bool decoder_set_state(struct vm *vm, struct text_decoder *decoder, const struct decoder_snapshot *state);
bool decoder_reset(struct vm *vm, struct text_decoder *decoder);
value newlines_value(struct vm *vm, unsigned seen);
value newlines_translate(struct vm *vm, value text); /* \r\n and \r become \n */

/* ---- text.c, text_read.c, text_position.c ---- */
struct text_state {
    struct object head;
    value buffer;                    /* VALUE_NULL: detached */
    struct stream *stream;           /* a standard stream that is read or written directly; else NULL */
    value encoding, errors;
    value encoder;                   /* an incremental encoder; VALUE_NULL: native */
    enum decoder_kind native;        /* of the encoding */
    struct text_decoder decoder;
    bool ready, has_decoder, reads, writes, wrapped, line_buffering, write_through, seekable, telling, has_read1;
    bool read_universal, read_translate, write_translate;
    bool at_start;                   /* the encoder has to write a byte order mark next */
    char read_newline[3], write_newline[3];
    int64_t chunk_size;
    uint8_t *output;                 /* malloc'd: encoded, not yet given to buffer */
    size_t used, capacity;
    value decoded;                   /* str; read from decoded_used on; VALUE_NULL: none */
    size_t decoded_used;
    struct decoder_snapshot snapshot; /* where the current chunk began; bytes VALUE_NULL: none */
    double bytes_per_character;
    struct text_state *next, *previous; /* in io_state.pending_texts while used > 0 */
};
static inline struct text_state *text_of(value self) { return (struct text_state *)io_native(self); }
struct text_options { value encoding, errors, newline; bool line_buffering, write_through; };
bool text_open(struct vm *vm, value self, value buffer, const struct text_options *options);
bool text_ready(struct vm *vm, value self);      /* initialised and not detached */
bool text_check_closed(struct vm *vm, value self);
bool text_write_out(struct vm *vm, value self);  /* what is encoded goes to the buffer */
void text_set_decoded(struct text_state *text, value decoded);
bool text_read_chunk(struct vm *vm, value self, int64_t hint, bool *end);
bool text_make_decoder(struct vm *vm, struct text_state *text);
void text_flush_quietly(struct vm *vm, struct text_state *text);
IO_FUNCTION(text_read);
IO_FUNCTION(text_readline);
IO_FUNCTION(text_next);
IO_FUNCTION(text_tell);
IO_FUNCTION(text_seek);
enum decoder_kind encoding_kind(const char *name);
bool check_newline(struct vm *vm, value newline);

/* standard.c */
value standard_read_line(struct vm *vm, struct text_state *text, int64_t limit);
value standard_read(struct vm *vm, struct text_state *text, int64_t size);

#endif
