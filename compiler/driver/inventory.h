// What a program holds, told for people and for other tools: links, types of builds, and an
// inventory of each stage with what the source says about it. Asked of a compilation that is fine
// and keeps its stages (no take_stage, no check_only); everything lives until compilation_free.
#ifndef ALTC_DRIVER_INVENTORY_H
#define ALTC_DRIVER_INVENTORY_H

#include "compiler/driver/altc.h"

typedef VEC(Str) StrItems;

// ---- links (`altc types`) ----

// A component's instance that functions can be linked to: its result `link` has a name, a type
// and values.
typedef struct LinkRecord {
    Str name;
    Str type;
    // A map of the values' shapes: known data as it is; what is known only when deploying is an
    // empty string, or an empty list when it is a list of strings.
    const Datum *values;
    Span span; // of the instance
} LinkRecord;

typedef struct LinkList {
    VEC(LinkRecord) items;
} LinkList;

// Of the stage at `index`, in the order of the source.
const LinkList *compilation_links(Compilation *run, size_t index);

// A component's instance whose result `vite` names a file for the types of what a build of Vite
// sees.
typedef struct ViteRecord {
    Str file;       // seen from the project root, normalised; "../x" and "/x" are not below it
    StrItems names; // of variables
} ViteRecord;

typedef struct ViteList {
    VEC(ViteRecord) items;
} ViteList;

// Of the stage at `index`, in the order of the source.
const ViteList *compilation_vite(Compilation *run, size_t index);

// ---- the inventory (`altc docs`) ----

typedef struct InventoryFamily {
    Str name; // of the file: "identity"
    Str file;
    Str doc; // the comment that the file begins with
} InventoryFamily;

typedef struct InventoryResource {
    Str stack;
    Str id;   // logical id
    Str name; // "Identity.Database"
    Str type;
    Str instance;  // outermost instance around it; empty without
    Str component; // and its component
    Str doc;       // of the declaration, or of the instance around it
    size_t family;
} InventoryResource;

typedef struct InventoryInstance {
    Str name;
    Str component;
    Str doc;
    size_t family;
} InventoryInstance;

typedef struct InventoryDomain {
    Str name;
    Str doc;
    Str host;
    StrItems aliases;
    StrItems redirects;
    Str zone; // empty: none
    Str cert;
    Str owners; // as written behind `on`: "dashboard-*, api-*"; empty: every stage
    bool owned; // by this stage
} InventoryDomain;

typedef struct InventorySetting {
    Str name; // "apiHost[dev]"
    Str doc;
    Str type;     // as written
    Str fallback; // the default as written; empty: it must be given
    Str value;    // in this stage, as the language writes it; empty for a secret
    Str source;   // "default", "--set", "environment NAME", "values file"
    StrItems env;
    StrItems checks; // the messages of `require`
    bool secret;
    bool given; // of a secret
    size_t family;
} InventorySetting;

typedef struct InventoryGuard {
    Str title;
    Str doc;
    Str allow;      // name that lifts it, empty when nothing does
    StrItems rules; // as written
    size_t family;
} InventoryGuard;

// Comments on what the template names.
typedef struct InventoryNote {
    Str id;
    Str doc;
} InventoryNote;

typedef struct StageInventory {
    Str name;
    Str doc;
    Str aliases; // comma separated
    Str attributes;
    Str hatch_of;
    VEC(InventoryFamily) families;    // files of the program, the root first
    VEC(InventoryInstance) instances; // those that stand alone, not those inside others
    VEC(InventoryResource) resources;
    VEC(InventoryDomain) domains; // every domain of the program
    VEC(InventorySetting) settings;
    VEC(InventoryGuard) guards; // those of this stage
    VEC(InventoryNote) notes;   // doc comments of outputs and parameters
} StageInventory;

const StageInventory *compilation_inventory(Compilation *run, size_t index);

#endif
