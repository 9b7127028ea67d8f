// The database that is part of the program.
#include "compiler/schema/builtin.h"

#include "compiler/schema/schema.h"

Schema schema_builtin(void)
{
    // Built with the program, checked when it was: nothing is left to do.
    return (Schema){schema_bytes, (size_t)(schema_bytes_end - schema_bytes)};
}
