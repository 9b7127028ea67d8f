// Values that are the same in every stage are made once, in an evaluation that is of no stage.
#include "compiler/eval/eval_priv.h"

Evaluation *evaluation_common(
    Arena *arena, Analysis *analysis, RegexCache *regexes, const EvalOptions *options)
{
    Evaluation *common = evaluation_new(arena, analysis, regexes, options);
    common->is_common = true;
    return common;
}

// ---- how a value was made ----

static bool same_step(const MakingStep *a, const MakingStep *b)
{
    return a->kind == b->kind && a->symbol == b->symbol && a->input == b->input &&
           str_equal(a->key, b->key);
}

void common_note(Evaluation *ev, MakingStep step)
{
    Cell *cell = ev->making;
    if (!cell)
        return;
    for (size_t i = 0; i < cell->steps.len; i++)
        if (same_step(&cell->steps.items[i], &step))
            return;
    VEC_ADD(ev->arena, &cell->steps, step);
}

static Cell *find_cell(Slot *slot, const Symbol *symbol, Str key)
{
    if (symbol_is_keyed(symbol))
        return key.ptr ? map_find(&slot->by_key, key) : NULL;
    return slot->cells.len ? slot->cells.items[0] : NULL;
}

// Asks for the same things in the same order, so that the stage reads what it would have read had
// it made the value itself.
static void repeat_steps(Evaluation *ev, const Cell *made)
{
    for (size_t i = 0; i < made->steps.len; i++) {
        const MakingStep *step = &made->steps.items[i];
        if (step->kind == MAKING_READS) {
            note_input(ev, &ev->options.common->inputs.items[step->input]);
            continue;
        }
        Instance *file = instance_of_file(ev, step->symbol->scope->module);
        Slot *slot = slot_listed(file, step->symbol);
        Cell *cell = step->kind == MAKING_ASKS ? find_cell(slot, step->symbol, step->key) : NULL;
        if (cell)
            cell_value(file, step->symbol, cell, step->symbol->span);
    }
}

// ---- the value ----

// The cell of the common evaluation, its value made; findings are of no stage. NULL: there is none.
static Cell *common_cell(Evaluation *ev, Symbol *symbol, Str key, Span span)
{
    Evaluation *common = ev->options.common;
    Instance *file = instance_of_file(common, symbol->scope->module);
    Slot *slot = &file->slots[symbol->slot];
    Cell *cell = slot->listed ? find_cell(slot, symbol, key) : NULL;
    if (cell && cell->state == CELL_DONE)
        return cell;
    common->depth = ev->depth;
    diag_set_stage(common->diags, STR_NONE);
    cell = find_cell(slot_listed(file, symbol), symbol, key);
    if (cell)
        cell_value(file, symbol, cell, span);
    diag_set_stage(common->diags, ev->options.stage_name);
    ev->stopped = ev->stopped || common->stopped;
    return cell;
}

bool common_value(Evaluation *ev, Symbol *symbol, Cell *cell, Span span)
{
    if (!ev->options.common || !symbol->is_common || ev->stopped || ev->depth >= LIMIT_DEPTH)
        return false;
    const Cell *made = common_cell(ev, symbol, cell->key, span);
    // What is known only when deploying may be of this stage's stacks.
    if (!made || made->state != CELL_DONE || !value_is_known(made->value))
        return false;
    cell->value = made->value;
    cell->state = CELL_DONE;
    ev->depth++;
    repeat_steps(ev, made);
    ev->depth--;
    return true;
}
