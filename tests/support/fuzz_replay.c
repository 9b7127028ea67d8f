// Runs a fuzz target over files without libFuzzer, so that any compiler and sanitizer can.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        Arena *arena = arena_new();
        Str input = case_read(arena, argv[i]);
        if (!input.ptr) {
            fprintf(stderr, "cannot read %s\n", argv[i]);
            return 2;
        }
        // Named before it runs: after a crash it is the last line.
        printf("%s\n", argv[i]);
        fflush(stdout);
        // A copy of its own, so that reading beyond its end is seen.
        uint8_t *data = malloc(input.len ? input.len : 1);
        for (size_t j = 0; data && j < input.len; j++)
            data[j] = (uint8_t)input.ptr[j];
        if (data)
            LLVMFuzzerTestOneInput(data, input.len);
        free(data);
        arena_free(arena);
    }
    return 0;
}
