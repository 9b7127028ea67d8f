#include "compiler/check/check.h"

#include "compiler/check/check_priv.h"

void check_template(const CheckContext *context, const Stack *stack)
{
    if (!stack->template_ || stack->template_->kind != DATUM_MAP)
        return;
    Check check;
    check_index(&check, context, stack);
    check_limits(&check, stack);
    check_sections(&check);
    check_names(&check);
    check_cycles(&check);
}
