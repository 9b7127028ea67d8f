#include "compiler/base/embedded.h"

// Index of the first file whose name is not below `name`.
static size_t lower_bound(Str name)
{
    size_t low = 0, high = embedded_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(embedded_files[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const EmbeddedFile *embedded_find(Str name)
{
    size_t at = lower_bound(name);
    bool found = at < embedded_count && str_equal(embedded_files[at].name, name);
    return found ? &embedded_files[at] : NULL;
}

const EmbeddedFile *embedded_list(Str prefix, size_t *count)
{
    size_t first = lower_bound(prefix), end = first;
    while (end < embedded_count && str_starts(embedded_files[end].name, prefix))
        end++;
    *count = end - first;
    return &embedded_files[first];
}
