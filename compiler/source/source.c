#include "compiler/source/source.h"

#include <assert.h>
#include <string.h>

#include "compiler/base/sha256.h"
#include "compiler/base/vec.h"

// Columns are counted from the last checkpoint, so that asking for many places in one very long
// line stays cheap.
enum { CHECKPOINT_BYTES = 1024, TEXT_MAX = 1 << 30 };

// What lies between the start of the line and a checkpoint.
typedef struct Checkpoint {
    uint32_t points;
    uint32_t utf16;
} Checkpoint;

typedef struct SourceFile {
    Str name;
    Str text;
    uint32_t *line_starts; // NULL until somebody asks for a position
    uint32_t line_count;
    Checkpoint *checkpoints; // at each multiple of CHECKPOINT_BYTES
    Str sha256;              // STR_NONE until somebody asks for it
} SourceFile;

struct Sources {
    Arena *arena;
    VEC(SourceFile) files;
    size_t total;
};

Sources *sources_new(Arena *arena)
{
    Sources *sources = ARENA_NEW(arena, Sources);
    sources->arena = arena;
    return sources;
}

FileId sources_add(Sources *sources, Str name, Str text)
{
    if (text.len > TEXT_MAX - sources->total || sources->files.len >= UINT32_MAX - 1)
        return 0;
    sources->total += text.len;
    SourceFile file = {.name = name, .text = text};
    VEC_ADD(sources->arena, &sources->files, file);
    return (FileId)sources->files.len;
}

size_t sources_count(const Sources *sources)
{
    return sources->files.len;
}

// NULL for no file.
static SourceFile *file_of(const Sources *sources, FileId file)
{
    assert(file <= sources->files.len);
    return file && file <= sources->files.len ? &sources->files.items[file - 1] : NULL;
}

Str source_name(const Sources *sources, FileId file)
{
    const SourceFile *found = file_of(sources, file);
    return found ? found->name : STR("");
}

Str source_text(const Sources *sources, FileId file)
{
    const SourceFile *found = file_of(sources, file);
    return found ? found->text : STR("");
}

Str source_sha256(Sources *sources, FileId file)
{
    SourceFile *found = file_of(sources, file);
    if (!found)
        return sha256_hex(sources->arena, STR(""));
    if (!found->sha256.ptr)
        found->sha256 = sha256_hex(sources->arena, found->text);
    return found->sha256;
}

Str source_slice(const Sources *sources, Span span)
{
    return str_slice(source_text(sources, span.file), span.start, span.end);
}

Span source_within_quotes(const Sources *sources, Span span, Str text)
{
    Str written = source_slice(sources, span);
    bool is_it = written.len == text.len + 2 && (written.ptr[0] == '"' || written.ptr[0] == '\'') &&
                 str_equal(str_slice(written, 1, text.len + 1), text);
    return is_it ? (Span){span.file, span.start + 1, span.end - 1} : (Span){0};
}

static uint32_t count_lines(Str text)
{
    uint32_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

// Every byte that does not go on a UTF-8 sequence counts as a code point, whatever follows it:
// broken text has columns too.
static void count_byte(Checkpoint *count, char byte)
{
    unsigned char c = (unsigned char)byte;
    if ((c & 0xC0) == 0x80)
        return;
    count->points++;
    count->utf16 += c >= 0xF0 ? 2 : 1;
}

// Counts what comes before each checkpoint within the line from..end; lines without one need none.
static void mark_line(SourceFile *file, size_t from, size_t end)
{
    Checkpoint count = {0};
    size_t at = from;
    for (size_t mark = from / CHECKPOINT_BYTES + 1; mark * CHECKPOINT_BYTES <= end; mark++) {
        for (; at < mark * CHECKPOINT_BYTES; at++)
            count_byte(&count, file->text.ptr[at]);
        file->checkpoints[mark] = count;
    }
}

static void build_lines(Sources *sources, SourceFile *file)
{
    Str text = file->text;
    file->line_count = count_lines(text);
    file->line_starts = ARENA_ARRAY(sources->arena, uint32_t, file->line_count);
    file->checkpoints = ARENA_ARRAY(sources->arena, Checkpoint, text.len / CHECKPOINT_BYTES + 1);
    size_t line = 0;
    for (size_t from = 0;;) {
        const char *found = from < text.len ? memchr(text.ptr + from, '\n', text.len - from) : NULL;
        size_t end = found ? (size_t)(found - text.ptr) : text.len;
        file->line_starts[line++] = (uint32_t)from;
        mark_line(file, from, end);
        if (!found)
            return;
        from = end + 1;
    }
}

// Index of the line that holds `offset`.
static uint32_t line_index(const SourceFile *file, uint32_t offset)
{
    uint32_t low = 0, high = file->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (file->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

Position source_position(Sources *sources, FileId file, uint32_t offset)
{
    SourceFile *found = file_of(sources, file);
    if (!found)
        return (Position){1, 1, 1, 1};
    if (!found->line_starts)
        build_lines(sources, found);
    if (offset > found->text.len)
        offset = (uint32_t)found->text.len;
    uint32_t line = line_index(found, offset);
    uint32_t from = found->line_starts[line];
    uint32_t mark = offset / CHECKPOINT_BYTES;
    Checkpoint count = {0};
    uint32_t at = from;
    if (mark * CHECKPOINT_BYTES > from) {
        at = mark * CHECKPOINT_BYTES;
        count = found->checkpoints[mark];
    }
    for (; at < offset; at++)
        count_byte(&count, found->text.ptr[at]);
    return (Position){line + 1, count.points + 1, offset - from + 1, count.utf16 + 1};
}

Str source_line(Sources *sources, FileId file, uint32_t line)
{
    SourceFile *found = file_of(sources, file);
    if (!found)
        return STR("");
    if (!found->line_starts)
        build_lines(sources, found);
    if (line < 1 || line > found->line_count)
        return STR("");
    size_t start = found->line_starts[line - 1];
    size_t end = line < found->line_count ? found->line_starts[line] - 1 : found->text.len;
    if (end > start && found->text.ptr[end - 1] == '\r')
        end--;
    return str_slice(found->text, start, end);
}

Span span_join(Span a, Span b)
{
    if (!a.file)
        return b;
    if (!b.file)
        return a;
    assert(a.file == b.file);
    return (Span){a.file, a.start, b.end};
}
