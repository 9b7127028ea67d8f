// A site that is brought up to date: its files and what they are served with (site_files.c), what
// the bucket is known to hold (site_state.c), and the steps in their order (site.c).
#ifndef ALTC_ASSETS_SITE_PRIV_H
#define ALTC_ASSETS_SITE_PRIV_H

#include "compiler/base/buf.h"
#include "compiler/base/map.h"
#include "runtime/assets/assets_priv.h"

typedef struct SiteFile {
    const TreeEntry *entry;
    Str key;      // of its object
    Str key_hash; // SHA-256 in hex
    Str content_type;
    Str cache_control;
    Str record; // SHA-256 of content and headers, in hex; empty until the content is known
    unsigned char digest[SHA256_BYTES]; // of the content
    Str etag;                           // as S3 has it; empty when not known
    bool is_entry;                      // people come to it by its name: it leads to the others
    bool upload;
} SiteFile;

// What an object was when this site wrote it.
typedef struct SiteRecord {
    Str key;    // SHA-256 of the object's key, in hex: the list tells nobody which files there are
    Str record; // of its SiteFile; "-" while it is not sure
    Str etag;   // or "-"
} SiteRecord;

typedef struct SiteState {
    bool running; // it was begun and not ended
    Str id;       // of that change
    Str content;  // SHA-256 of all records it leads to; "-": not known
    VEC(SiteRecord) records;
    Map by_key; // to SiteRecord
} SiteState;

typedef struct Site {
    Assets *assets;
    const ManifestTask *task;
    const AssetsResolver *resolver;
    Arena *arena;
    S3Bucket bucket;
    Str source;  // folder that is built in
    Str folder;  // where the files are
    Str prefix;  // of keys: empty, or with a slash at its end
    Str charset; // of texts; "none": none
    Tree tree;
    VEC(SiteFile) files;
    SiteState state; // found in the bucket
    Str state_key;
    S3Objects objects; // in the bucket
    S3Objects old;     // to be removed
    Str id;
    Str content; // as in SiteState
    Sha256 *sha256;
    bool purge;
} Site;

// The text that a value is; `fallback` when there is none.
AssetsResult site_text(
    const Site *site, const Datum *map, const char *key, Str fallback, Str *text);
// Lists the files, and settles their headers. None is read yet, but each can be.
AssetsResult site_list_files(Site *site);
// Reads the file for its digest and record, unless they are known.
AssetsResult site_hash_file(Site *site, SiteFile *file);
// Makes the record of a file whose digest is known.
void site_make_record(Site *site, SiteFile *file);
Str site_content_type(Arena *arena, Str name, Str charset);

// Reads the state's text; one that is none counts as empty.
void site_parse_state(Arena *arena, Str text, SiteState *state);
Str site_write_state(Arena *arena, const SiteState *state);
const SiteRecord *site_find_record(const SiteState *state, Str key_hash);
AssetsResult site_load_state(Site *site);
// What is meant to be there: before (`done` false) and after the change.
AssetsResult site_save_state(Site *site, bool done);

// Settles `source` and `folder`.
AssetsResult site_find_folders(Site *site);
// Runs the build command. With `early` only if all values of its environment can be told now.
AssetsResult site_build(Site *site, bool early);
// Has CloudFront forget what changed.
AssetsResult site_invalidate(Site *site);

#endif
