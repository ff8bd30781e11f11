/* fuzz_marshal.c - libFuzzer target: any bytes are either a code unit or an error, never a crash. Whatever was decoded can be
 * dumped, which visits every index the decoder claims to have checked. */
#include "frontend/frontend.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct diag diag;
    diag_init(&diag);
    struct code_unit *unit = frontend_read_marshalled(bytes, size, "input", &diag);
    if (!unit && diag.count != 1)
        __builtin_trap();
    struct buffer text = {0};
    for (uint32_t i = 0; unit && i < unit->code_count; i++)
        frontend_dump(unit->codes[i], &text);
    buffer_free(&text);
    code_unit_free(unit);
    diag_free(&diag);
    return 0;
}
