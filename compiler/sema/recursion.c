// Functions, types and components that contain themselves.
#include "compiler/sema/sema_priv.h"

static UseNode *node_of(const Sema *sema, const Decl *decl)
{
    ModuleState *state = sema_state_at(sema, decl->span);
    return state ? &state->nodes[decl->id] : NULL;
}

void use_add(const Walk *walk, const Decl *user, const Decl *used, Span span)
{
    // A component may use functions; only what is of one kind can recur.
    if (user->kind != used->kind)
        return;
    UseNode *node = node_of(walk->sema, user);
    Use use = {.used = used, .span = span};
    if (node)
        VEC_ADD(walk->sema->arena, &node->uses, use);
}

// A step of the search; an explicit stack, as chains may be long.
typedef struct Step {
    const Decl *decl;
    UseNode *node;
    size_t next;
} Step;

typedef VEC(Step) StepList;

static DiagCode code_of(DeclKind kind)
{
    return kind == DECL_FN     ? DIAG_FUNCTION_RECURS
           : kind == DECL_TYPE ? DIAG_TYPE_RECURS
                               : DIAG_COMPONENT_RECURS;
}

// The path from where `decl` stands on the stack back to it.
static void report_cycle(Sema *sema, const StepList *stack, const Decl *decl)
{
    enum { MOST_SHOWN = 8 };
    UseNode *node = node_of(sema, decl);
    if (node->reported)
        return;
    node->reported = true;
    sema->analysis->recurs = true;
    size_t start = stack->len;
    while (start > 0 && stack->items[start - 1].decl != decl)
        start--;
    Diag *diag =
        diag_add(sema->diags, code_of(decl->kind), decl->name.span, decl->name.text, DIAG_END);
    for (size_t i = start - 1; i < stack->len && i < start + MOST_SHOWN; i++) {
        const Step *step = &stack->items[i];
        const Use *use = &step->node->uses.items[step->next - 1];
        diag_note(sema->diags, diag, use->span, "'%.*s' uses '%.*s' here",
            STR_FMT(step->decl->name.text), STR_FMT(use->used->name.text));
    }
}

static void push(Sema *sema, StepList *stack, const Decl *decl, UseNode *node)
{
    Step step = {.decl = decl, .node = node};
    node->state = 1;
    VEC_ADD(sema->arena, stack, step);
}

static void search_from(Sema *sema, const Decl *start)
{
    StepList stack = {0};
    push(sema, &stack, start, node_of(sema, start));
    while (stack.len) {
        Step *step = &stack.items[stack.len - 1];
        if (step->next == step->node->uses.len) {
            step->node->state = 2;
            stack.len--;
            continue;
        }
        const Decl *used = step->node->uses.items[step->next++].used;
        UseNode *node = node_of(sema, used);
        if (node && node->state == 1)
            report_cycle(sema, &stack, used);
        else if (node && node->state == 0)
            push(sema, &stack, used, node);
    }
}

void check_recursion(Sema *sema)
{
    for (size_t i = 0; i < sema->program->modules.len; i++) {
        const DeclList *decls = &sema->program->modules.items[i]->tree->decls;
        for (size_t j = 0; j < decls->len; j++) {
            const Decl *decl = decls->items[j];
            bool may_recur =
                decl->kind == DECL_FN || decl->kind == DECL_TYPE || decl->kind == DECL_COMPONENT;
            if (may_recur && node_of(sema, decl)->state == 0)
                search_from(sema, decl);
        }
    }
}
