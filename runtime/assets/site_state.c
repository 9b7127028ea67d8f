// What the bucket is known to hold stands in an object of the bucket. It is written before the
// change, so that what a run leaves half done is known to the next, and after it.
//
//     altc site 1 done ID CONTENT
//     SHA256-OF-KEY SHA256-OF-CONTENT-AND-HEADERS ETAG
#include <string.h>

#include "runtime/assets/site_priv.h"

static Str next_word(Str *line)
{
    size_t space = str_find(*line, STR(" "), 0);
    size_t end = space == SIZE_MAX ? line->len : space;
    Str word = str_slice(*line, 0, end);
    *line = str_slice(*line, end + 1, line->len);
    return word;
}

static Str next_line(Str *text)
{
    size_t newline = str_find(*text, STR("\n"), 0);
    size_t end = newline == SIZE_MAX ? text->len : newline;
    Str line = str_slice(*text, 0, end);
    *text = str_slice(*text, end + 1, text->len);
    return line;
}

void site_parse_state(Arena *arena, Str text, SiteState *state)
{
    *state = (SiteState){0};
    if (!str_starts(text, STR("altc site 1 ")))
        return;
    Str head = next_line(&text);
    head = str_slice(head, strlen("altc site 1 "), head.len);
    state->running = str_is(next_word(&head), "running");
    state->id = next_word(&head);
    state->content = next_word(&head);
    while (text.len) {
        Str line = next_line(&text);
        SiteRecord record = {next_word(&line), next_word(&line), next_word(&line)};
        if (record.key.len == SHA256_HEX_DIGITS)
            VEC_ADD(arena, &state->records, record);
    }
    for (size_t i = 0; i < state->records.len; i++)
        map_set(&state->by_key, arena, state->records.items[i].key, &state->records.items[i]);
}

Str site_write_state(Arena *arena, const SiteState *state)
{
    Buf text;
    buf_init(&text, 0);
    buf_add_format(&text, "altc site 1 %s %.*s %.*s\n", state->running ? "running" : "done",
        STR_FMT(state->id), STR_FMT(state->content));
    for (size_t i = 0; i < state->records.len; i++) {
        const SiteRecord *record = &state->records.items[i];
        buf_add(&text, record->key);
        buf_add_char(&text, ' ');
        buf_add(&text, record->record);
        buf_add_char(&text, ' ');
        buf_add(&text, record->etag.len ? record->etag : STR("-"));
        buf_add_char(&text, '\n');
    }
    Str result = buf_copy(&text, arena);
    buf_release(&text);
    return result;
}

const SiteRecord *site_find_record(const SiteState *state, Str key_hash)
{
    return map_find(&state->by_key, key_hash);
}

AssetsResult site_load_state(Site *site)
{
    Str text = STR("");
    AwsReply reply = s3_get(&site->bucket, site->arena, site->state_key, &text);
    if (!reply.ok && reply.status != 404)
        return tell_refused(site->assets, site->task->place, &reply, "s3:GetObject",
            str_format(site->arena, "read '%.*s' in the bucket '%.*s'", STR_FMT(site->state_key),
                STR_FMT(site->bucket.name)));
    site_parse_state(site->arena, text, &site->state);
    return ASSETS_DONE;
}

static void add_record(Arena *arena, SiteState *state, Str key_hash, Str record, Str etag)
{
    SiteRecord row = {key_hash, record, etag};
    VEC_ADD(arena, &state->records, row);
    // The pointer only marks that it is there: rows move while the list grows.
    map_set(&state->by_key, arena, row.key, state);
}

static AssetsResult save_state(Site *site, Arena *arena, bool done)
{
    SiteState state = {.running = !done, .id = site->id, .content = site->content};
    for (size_t i = 0; i < site->files.len; i++) {
        const SiteFile *file = &site->files.items[i];
        bool sure = done || !file->upload;
        add_record(arena, &state, file->key_hash, sure ? file->record : STR("-"), file->etag);
    }
    // What was there before stays on the list until it is removed.
    for (size_t i = 0; i < site->state.records.len && (!done || !site->purge); i++) {
        SiteRecord *record = &site->state.records.items[i];
        if (!map_find(&state.by_key, record->key))
            VEC_ADD(arena, &state.records, *record);
    }
    S3Upload upload = {.key = site->state_key,
        .descriptor = -1,
        .body = site_write_state(arena, &state),
        .content_type = STR("text/plain;charset=utf-8"),
        .cache_control = STR("no-store")};
    upload.size = upload.body.len;
    sha256_digest(upload.body, upload.hash);
    return upload_batch(site->assets, &site->bucket, &upload, 1, STR(""), site->task->place, arena);
}

AssetsResult site_save_state(Site *site, bool done)
{
    Arena *arena = arena_new();
    AssetsResult result = save_state(site, arena, done);
    arena_free(arena);
    return result;
}
