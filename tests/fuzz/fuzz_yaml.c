// The reader of YAML.
#include "tests/fuzz/data_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_data(data, size, data_read_yaml);
    return 0;
}
