// Declarations of the variables that a build of Vite sees.
#include "compiler/base/map.h"
#include "compiler/data/data.h"
#include "compiler/types/types.h"

// A variable, and how many of the sites that name the file give it.
typedef struct Variable {
    Str name;
    size_t sites;
} Variable;

typedef struct Wanted {
    Str path;
    size_t sites;
    VEC(Variable *) variables;
    Map by_name;
} Wanted;

typedef VEC(Wanted *) WantedList;

static void count_site(Arena *arena, Wanted *wanted, const StrItems *names)
{
    wanted->sites++;
    for (size_t i = 0; i < names->len; i++) {
        Variable *variable = map_find(&wanted->by_name, names->items[i]);
        if (!variable) {
            variable = ARENA_NEW(arena, Variable);
            variable->name = names->items[i];
            map_set(&wanted->by_name, arena, variable->name, variable);
            VEC_ADD(arena, &wanted->variables, variable);
        }
        variable->sites++;
    }
}

static Str text_of(Arena *arena, const Wanted *wanted)
{
    Buf out;
    buf_init(&out, 0);
    buf_add_text(&out, "// Written by altc types: run it again instead of editing.\n"
                       "/// <reference types=\"vite/client\" />\n\ninterface ImportMetaEnv {\n");
    for (size_t i = 0; i < wanted->variables.len; i++) {
        const Variable *variable = wanted->variables.items[i];
        buf_add_text(&out, "  readonly ");
        data_write_json_string(&out, variable->name);
        buf_add_text(&out, variable->sites < wanted->sites ? "?: string\n" : ": string\n");
    }
    buf_add_text(&out, "}\ninterface ImportMeta {\n  readonly env: ImportMetaEnv\n}\n");
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text;
}

static Wanted *wanted_at(Arena *arena, WantedList *list, Map *by_path, Str path)
{
    Wanted *wanted = map_find(by_path, path);
    if (!wanted) {
        wanted = ARENA_NEW(arena, Wanted);
        wanted->path = path;
        map_set(by_path, arena, path, wanted);
        VEC_ADD(arena, list, wanted);
    }
    return wanted;
}

ViteFiles types_vite(Arena *arena, const ViteList *const *stages, size_t count)
{
    WantedList list = {0};
    Map by_path = {0};
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < stages[s]->items.len; i++) {
            const ViteRecord *site = &stages[s]->items.items[i];
            count_site(arena, wanted_at(arena, &list, &by_path, site->file), &site->names);
        }
    ViteFiles files = {0};
    for (size_t i = 0; i < list.len; i++) {
        ViteFile file = {list.items[i]->path, text_of(arena, list.items[i])};
        VEC_ADD(arena, &files.items, file);
    }
    return files;
}
