// The reader of JSON.
#include "tests/fuzz/data_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_data(data, size, data_read_json);
    return 0;
}
