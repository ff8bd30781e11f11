/* uuid_module.c - module _uuid: time-based identifiers (RFC 4122, version 1). The time is the program's clock; the node is made of
 * entropy, as the RFC allows, so that nothing of the host shows. */
#include "sim/modules/support.h"
#include "sim/runtime/clock.h"
#include "sim/runtime/replay.h"

/* 100 nanoseconds from 15 October 1582 to 1970 */
#define EPOCH_DISTANCE 0x01b21dd213814000u

static value uuid_generate_time_safe(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)arguments, (void)count, (void)keyword_names;
    uint8_t *node = vm->uuid_node; /* the clock sequence and the node */
    if (!(node[0] & 0x80)) {
        replay_entropy(vm->replay, node, 8);
        node[0] = (uint8_t)((node[0] & 0x3f) | 0x80);
        node[2] |= 1; /* no address of a network card */
    }
    uint64_t now = (uint64_t)(clock_real(vm) / 100) + EPOCH_DISTANCE;
    if (now <= vm->uuid_time)
        now = vm->uuid_time + 1;
    vm->uuid_time = now;
    uint8_t bytes[16] = {(uint8_t)(now >> 24), (uint8_t)(now >> 16), (uint8_t)(now >> 8),  (uint8_t)now,
                         (uint8_t)(now >> 40), (uint8_t)(now >> 32), (uint8_t)(now >> 56 & 0x0f) | 0x10, (uint8_t)(now >> 48)};
    memcpy(bytes + 8, node, 8);
    value result = bytes_from(vm, bytes, sizeof bytes);
    return result == VALUE_NULL ? result : tuple_pack(vm, 2, result, small_int(-1)); /* nobody else guards against the same one */
}

static bool uuid_initialize(struct vm *vm, value module)
{
    return dict_set_text(vm, support_dict(module), "has_uuid_generate_time_safe", small_int(1));
}

static const struct method_definition functions[] = {{"generate_time_safe", "()", uuid_generate_time_safe, 0, NULL}, {0}};

const struct native_module uuid_module = {"_uuid", uuid_initialize, functions};
