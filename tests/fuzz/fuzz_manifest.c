// Any bytes are read as a manifest, and its places looked up.
#include <stdint.h>
#include <stdlib.h>

#include "runtime/manifest/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Str text = {arena_copy(arena, data, size), size};
    Str error = STR_NONE;
    const Manifest *manifest = manifest_parse(arena, STR("fuzz"), text, &error);
    if (!manifest == !error.len)
        abort(); // either a manifest or a reason
    for (size_t i = 0; manifest && i < manifest->stacks.len; i++) {
        Str stack = manifest->stacks.items[i].id;
        manifest_place(manifest, stack, STR("/Resources/A/Properties/B"));
        manifest_resource_instance(manifest, arena, stack, STR("A"));
    }
    arena_free(arena);
    return 0;
}
