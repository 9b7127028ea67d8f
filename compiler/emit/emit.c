#include "compiler/emit/emit.h"

#include "compiler/data/data.h"

void emit_template(Buf *out, const Stack *stack, EmitFormat format)
{
    if (format == EMIT_YAML)
        data_write_yaml(out, stack->template_);
    else
        data_write_json(out, stack->template_);
}
