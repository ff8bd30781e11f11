/* encoding.c - machine instructions as bytes, and back. The layout is isa_layout.c's.
 *
 * ENCODING_FIELDS: most significant bit first: opcode, choice, then each operand's selector and field; padded to bytes. A
 * prefix is the prefix opcode, the number of the operand it extends and PREFIX_PAYLOAD_BITS that go before the bits of its
 * field; of several for one operand the first holds the highest bits. Prefixes stand before the instruction.
 * ENCODING_ARGUMENT: as CPython: opcode byte and argument byte, prefixes with 8 higher bits each, zero caches after it. */
#include "core/program.h"

#include <string.h>

enum { MAX_FIELD_PREFIXES = 3, MAX_ARGUMENT_PREFIXES = 3 };

/* ---- fields ---- */

static bool kind_is_signed(uint8_t kind)
{
    return kind == OPERAND_IMM || kind == OPERAND_TARGET;
}

/* What the operand's field holds. */
static uint64_t field_value(const struct machine_operand *operand)
{
    if (operand->kind == OPERAND_BACKWARD)
        return (uint64_t)-(int64_t)operand->value;
    return (uint64_t)(int64_t)operand->value;
}

static bool value_fits(const struct machine_operand *operand, int bits)
{
    if (bits >= 63)
        return true;
    int64_t value = operand->kind == OPERAND_BACKWARD ? -(int64_t)operand->value : operand->value;
    if (kind_is_signed(operand->kind))
        return bits > 0 && value >= -((int64_t)1 << (bits - 1)) && value < (int64_t)1 << (bits - 1);
    return value >= 0 && value < (int64_t)1 << bits;
}

static bool is_explicit(const struct isa_operand *declared, const struct machine_operand *operand)
{
    return declared->field_bits && !operand_kind_is_implicit((enum operand_kind)operand->kind);
}

/* The operand that takes prefixes nobody needs: the jump's target, else the first with a field; -1: none. */
static int operand_to_widen(const struct isa_instruction *declared, const struct machine_instruction *instruction)
{
    const uint32_t targets = 1u << OPERAND_TARGET | 1u << OPERAND_FORWARD | 1u << OPERAND_BACKWARD;
    int first = -1;
    for (int i = declared->operand_count - 1; i >= 0; i--) {
        if (!is_explicit(&declared->operands[i], &instruction->operands[i]))
            continue;
        if (declared->operands[i].kinds & targets)
            return i;
        first = i;
    }
    return first;
}

/* Prefixes each operand needs; -1 when one cannot be held. */
static int count_field_prefixes(const struct isa_instruction *declared, const struct machine_instruction *instruction,
                                uint8_t counts[ISA_MAX_OPERANDS])
{
    int total = 0;
    for (int i = 0; i < declared->operand_count; i++) {
        const struct machine_operand *operand = &instruction->operands[i];
        counts[i] = 0;
        if (!is_explicit(&declared->operands[i], operand))
            continue;
        int bits = declared->operands[i].field_bits;
        while (!value_fits(operand, bits)) {
            if (counts[i] == MAX_FIELD_PREFIXES)
                return -1;
            counts[i]++;
            bits += PREFIX_PAYLOAD_BITS;
        }
        total += counts[i];
    }
    int widened = total < instruction->prefixes ? operand_to_widen(declared, instruction) : -1;
    if (widened >= 0) {
        counts[widened] = (uint8_t)(counts[widened] + instruction->prefixes - total);
        total = instruction->prefixes;
    }
    return total;
}

struct bit_writer {
    uint8_t bytes[64];
    int bits;
};

/* A byte at a time. */
static void put_bits(struct bit_writer *writer, uint64_t value, int count)
{
    while (count > 0) {
        int room = 8 - writer->bits % 8, part = count < room ? count : room;
        unsigned bits = (unsigned)(value >> (count - part)) & ((1u << part) - 1);
        writer->bytes[writer->bits / 8] |= (uint8_t)(bits << (room - part));
        writer->bits += part;
        count -= part;
    }
}

struct bit_reader {
    const uint8_t *next;
    uint64_t bits; /* those fetched and not yet taken, the next one highest */
    int held;      /* how many */
};

/* The next bits, 32 at most. */
static inline uint64_t take_bits(struct bit_reader *reader, int count)
{
    for (; reader->held < count; reader->held += 8)
        reader->bits |= (uint64_t)*reader->next++ << (56 - reader->held);
    uint64_t value = reader->bits >> 1 >> (63 - count);
    reader->bits <<= count;
    reader->held -= count;
    return value;
}

static uint64_t low_bits(uint64_t value, int count)
{
    return count >= 64 ? value : value & (((uint64_t)1 << count) - 1);
}

static int prefix_bytes(const struct isa *isa)
{
    if (isa->encoding == ENCODING_ARGUMENT)
        return 2;
    return (isa->opcode_bits + PREFIX_OPERAND_BITS + PREFIX_PAYLOAD_BITS + 7) / 8;
}

static int selector_of(const struct isa_operand *declared, uint8_t kind)
{
    for (int i = 0; i < declared->alternative_count; i++)
        if (declared->alternatives[i] == kind)
            return i;
    return 0;
}

static void put_prefixes(const struct isa *isa, int operand, uint64_t value, int field_bits, int count,
                         struct buffer *bytes)
{
    for (int i = count - 1; i >= 0; i--) {
        struct bit_writer writer = {0};
        int shift = field_bits + i * PREFIX_PAYLOAD_BITS;
        /* beyond 64 bits only copies of the sign are left */
        uint64_t payload = shift >= 64 ? (value >> 63 ? ~(uint64_t)0 : 0) : (uint64_t)((int64_t)value >> shift);
        put_bits(&writer, isa->prefix_opcode, isa->opcode_bits);
        put_bits(&writer, (uint64_t)operand, PREFIX_OPERAND_BITS);
        put_bits(&writer, low_bits(payload, PREFIX_PAYLOAD_BITS), PREFIX_PAYLOAD_BITS);
        buffer_add(bytes, writer.bytes, (size_t)prefix_bytes(isa));
    }
}

static bool encode_fields(const struct isa *isa, struct machine_instruction *instruction, struct buffer *bytes)
{
    const struct isa_instruction *declared = &isa->instructions[instruction->instruction];
    uint8_t counts[ISA_MAX_OPERANDS];
    int prefixes = count_field_prefixes(declared, instruction, counts);
    if (prefixes < 0 || prefixes > 255)
        return false;
    struct bit_writer writer = {0};
    put_bits(&writer, declared->opcode, isa->opcode_bits);
    put_bits(&writer, instruction->pattern, declared->choice_bits);
    for (int i = 0; i < declared->operand_count; i++) {
        const struct isa_operand *operand = &declared->operands[i];
        const struct machine_operand *given = &instruction->operands[i];
        uint64_t value = is_explicit(operand, given) ? field_value(given) : 0;
        put_prefixes(isa, i, value, operand->field_bits, counts[i], bytes);
        put_bits(&writer, (uint64_t)selector_of(operand, given->kind), operand->select_bits);
        put_bits(&writer, low_bits(value, operand->field_bits), operand->field_bits);
    }
    buffer_add(bytes, writer.bytes, declared->size_bytes);
    instruction->prefixes = (uint8_t)prefixes;
    instruction->size_bytes = (uint16_t)(prefixes * prefix_bytes(isa) + declared->size_bytes);
    return true;
}

static const struct isa_instruction *instruction_of_opcode(const struct isa *isa, uint32_t opcode)
{
    unsigned index = isa->by_opcode[opcode];
    return index ? &isa->instructions[index - 1] : NULL;
}

static bool decode_operand(const struct isa_operand *declared, uint64_t high, int high_bits, struct bit_reader *reader,
                           struct machine_operand *operand)
{
    unsigned selector = (unsigned)take_bits(reader, declared->select_bits);
    if (selector >= declared->alternative_count)
        return false;
    operand->kind = declared->alternatives[selector];
    uint64_t value = high << declared->field_bits | take_bits(reader, declared->field_bits);
    int bits = declared->field_bits + high_bits;
    if (kind_is_signed(operand->kind) && bits < 64 && value >> (bits - 1) & 1)
        value |= ~(uint64_t)0 << bits;
    int64_t number = operand->kind == OPERAND_BACKWARD ? -(int64_t)value : (int64_t)value;
    if (operand->kind == OPERAND_TOP)
        number = declared->top_depth;
    operand->value = (int32_t)number;
    return number >= INT32_MIN && number <= INT32_MAX;
}

static int decode_fields(const struct isa *isa, const uint8_t *bytes, size_t size,
                         struct machine_instruction *instruction)
{
    uint64_t high[1 << PREFIX_OPERAND_BITS];
    int high_bits[1 << PREFIX_OPERAND_BITS];
    int extended = 0; /* operands up to here were given prefixes, or none */
    struct bit_reader reader;
    uint32_t opcode;
    size_t at = 0;
    for (;;) {
        if ((size - at) * 8 < (size_t)isa->opcode_bits)
            return 0;
        reader = (struct bit_reader){.next = bytes + at};
        opcode = (uint32_t)take_bits(&reader, isa->opcode_bits);
        if (opcode != isa->prefix_opcode)
            break;
        if (size - at < (size_t)prefix_bytes(isa) || instruction->prefixes == 255)
            return 0;
        int operand = (int)take_bits(&reader, PREFIX_OPERAND_BITS);
        while (extended <= operand)
            high[extended] = 0, high_bits[extended++] = 0;
        high[operand] = high[operand] << PREFIX_PAYLOAD_BITS | take_bits(&reader, PREFIX_PAYLOAD_BITS);
        high_bits[operand] += PREFIX_PAYLOAD_BITS;
        at += (size_t)prefix_bytes(isa);
        instruction->prefixes++;
    }
    const struct isa_instruction *declared = instruction_of_opcode(isa, opcode);
    if (!declared || size - at < declared->size_bytes || extended > declared->operand_count)
        return 0;
    instruction->instruction = (uint16_t)(declared - isa->instructions);
    instruction->pattern = (uint8_t)take_bits(&reader, declared->choice_bits);
    if (instruction->pattern >= declared->pattern_count)
        return 0;
    for (int i = 0; i < declared->operand_count; i++)
        if (!decode_operand(&declared->operands[i], i < extended ? high[i] : 0, i < extended ? high_bits[i] : 0, &reader,
                            &instruction->operands[i]))
            return 0;
    instruction->size_bytes = (uint16_t)(at + declared->size_bytes);
    return instruction->size_bytes;
}

/* ---- argument ---- */

static int explicit_operand(const struct isa_instruction *declared)
{
    for (int i = 0; i < declared->operand_count; i++)
        if (declared->operands[i].field_bits)
            return i;
    return -1;
}

/* The whole argument; false when it is negative or needs more than 32 bits. */
static bool argument_of(const struct isa_instruction *declared, const struct machine_instruction *instruction,
                        uint64_t *argument)
{
    int at = explicit_operand(declared);
    int64_t value = 0;
    if (at >= 0)
        value = instruction->operands[at].kind == OPERAND_BACKWARD ? -(int64_t)instruction->operands[at].value
                                                                   : instruction->operands[at].value;
    if (declared->choice == CHOICE_ARGUMENT)
        value = value * declared->pattern_count + instruction->pattern;
    else if (declared->choice == CHOICE_FIXED && instruction->pattern < declared->fixed_count)
        value = declared->fixed_arguments[instruction->pattern];
    *argument = (uint64_t)value;
    return value >= 0 && value <= UINT32_MAX;
}

static int argument_prefixes(uint64_t argument, int least)
{
    int count = 0;
    while (count < MAX_ARGUMENT_PREFIXES && argument >> (8 * (count + 1)))
        count++;
    return count < least ? least : count;
}

static bool encode_argument(const struct isa *isa, struct machine_instruction *instruction, struct buffer *bytes)
{
    const struct isa_instruction *declared = &isa->instructions[instruction->instruction];
    uint64_t argument;
    if (!argument_of(declared, instruction, &argument) || instruction->prefixes > MAX_ARGUMENT_PREFIXES)
        return false;
    int prefixes = argument_prefixes(argument, instruction->prefixes);
    for (int i = prefixes; i > 0; i--) {
        buffer_add_byte(bytes, (uint8_t)isa->prefix_opcode);
        buffer_add_byte(bytes, (uint8_t)(argument >> (8 * i)));
    }
    buffer_add_byte(bytes, (uint8_t)declared->opcode);
    buffer_add_byte(bytes, (uint8_t)argument);
    for (int i = 0; i < 2 * declared->cache_units; i++)
        buffer_add_byte(bytes, 0);
    instruction->prefixes = (uint8_t)prefixes;
    instruction->size_bytes = (uint16_t)(2 * (prefixes + 1 + declared->cache_units));
    return true;
}

/* Which pattern the argument means, and the explicit operand's value. */
static bool split_argument(const struct isa_instruction *declared, uint64_t argument,
                           struct machine_instruction *instruction)
{
    uint64_t value = argument;
    if (declared->choice == CHOICE_ARGUMENT) {
        instruction->pattern = (uint8_t)(argument % (uint64_t)declared->pattern_count);
        value = argument / (uint64_t)declared->pattern_count;
    } else if (declared->choice == CHOICE_FIXED) {
        instruction->pattern = (uint8_t)(declared->pattern_count - 1);
        for (int i = 0; i < declared->fixed_count; i++)
            if (declared->fixed_arguments[i] == argument)
                instruction->pattern = (uint8_t)i;
    }
    int at = explicit_operand(declared);
    for (int i = 0; i < declared->operand_count; i++) {
        struct machine_operand *operand = &instruction->operands[i];
        operand->kind = declared->operands[i].alternatives[0];
        operand->value = operand->kind == OPERAND_TOP ? declared->operands[i].top_depth : 0;
    }
    if (at < 0)
        return declared->choice != CHOICE_ARGUMENT || value == 0;
    if (value > INT32_MAX)
        return false;
    struct machine_operand *operand = &instruction->operands[at];
    operand->value = operand->kind == OPERAND_BACKWARD ? -(int32_t)value : (int32_t)value;
    return true;
}

static int decode_argument(const struct isa *isa, const uint8_t *bytes, size_t size,
                           struct machine_instruction *instruction)
{
    uint64_t argument = 0;
    size_t at = 0;
    while (size - at >= 2 && bytes[at] == isa->prefix_opcode && instruction->prefixes <= MAX_ARGUMENT_PREFIXES) {
        argument = (argument | bytes[at + 1]) << 8;
        instruction->prefixes++;
        at += 2;
    }
    if (size - at < 2 || instruction->prefixes > MAX_ARGUMENT_PREFIXES)
        return 0;
    const struct isa_instruction *declared = instruction_of_opcode(isa, bytes[at]);
    argument |= bytes[at + 1];
    if (!declared || size - at < 2 + 2 * (size_t)declared->cache_units)
        return 0;
    instruction->instruction = (uint16_t)(declared - isa->instructions);
    if (!split_argument(declared, argument, instruction))
        return 0;
    instruction->size_bytes = (uint16_t)(at + 2 + 2 * (size_t)declared->cache_units);
    return instruction->size_bytes;
}

/* ---- both ---- */

bool encoding_encode(const struct isa *isa, struct machine_instruction *instruction, struct buffer *bytes)
{
    if (isa->encoding == ENCODING_ARGUMENT)
        return encode_argument(isa, instruction, bytes);
    return encode_fields(isa, instruction, bytes);
}

int encoding_size(const struct isa *isa, const struct machine_instruction *instruction)
{
    const struct isa_instruction *declared = &isa->instructions[instruction->instruction];
    if (isa->encoding == ENCODING_ARGUMENT) {
        uint64_t argument;
        if (!argument_of(declared, instruction, &argument))
            argument = UINT32_MAX;
        return 2 * (argument_prefixes(argument, instruction->prefixes) + 1 + declared->cache_units);
    }
    uint8_t counts[ISA_MAX_OPERANDS];
    int prefixes = count_field_prefixes(declared, instruction, counts);
    return (prefixes < 0 ? 0 : prefixes) * prefix_bytes(isa) + declared->size_bytes;
}

int encoding_decode(const struct isa *isa, const uint8_t *bytes, size_t size, struct machine_instruction *instruction)
{
    memset(instruction, 0, sizeof *instruction);
    if (isa->encoding == ENCODING_ARGUMENT)
        return decode_argument(isa, bytes, size, instruction);
    return decode_fields(isa, bytes, size, instruction);
}
