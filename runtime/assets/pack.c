#include "runtime/assets/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/base/buf.h"
#include "runtime/assets/zip_priv.h"

enum { BLOCK = 256 * 1024 };

// ---- reading ----

bool pack_digest(
    Arena *arena, const TreeEntry *entry, unsigned char digest[SHA256_BYTES], Str *error)
{
    int descriptor = open(entry->path.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        *error = str_copy(arena, str_of(strerror(errno)));
        return false;
    }
    Arena *scratch = arena_new();
    // One byte more, so that a file that grew is seen.
    size_t room = entry->size < BLOCK ? (size_t)entry->size + 1 : BLOCK;
    char *block = arena_alloc(scratch, room);
    Sha256 *sha256 = sha256_new(scratch);
    uint64_t size = 0;
    ssize_t got;
    do {
        got = read(descriptor, block, room);
        sha256_add(sha256, (Str){block, got > 0 ? (size_t)got : 0});
        size += got > 0 ? (uint64_t)got : 0;
    } while (got == (ssize_t)room || (got < 0 && errno == EINTR));
    if (got < 0)
        *error = str_copy(arena, str_of(strerror(errno)));
    else if (size != entry->size)
        *error = STR("it changed while it was read");
    bool fine = got >= 0 && size == entry->size;
    sha256_take(sha256, digest);
    arena_free(scratch);
    close(descriptor);
    return fine;
}

// What a pack is, as text: a line an entry, in which lengths stand before what may hold anything.
static void describe(Buf *out, const TreeEntry *entry, Str digest)
{
    static const char *const KINDS[] = {"file", "link", "folder"};
    buf_add_format(out, "%s %s %.*s %zu:%.*s %zu:%.*s\n", KINDS[entry->kind],
        entry->executable ? "0755" : "0644", STR_FMT(digest), entry->name.len, STR_FMT(entry->name),
        entry->target.len, STR_FMT(entry->target));
}

static bool ends_with(Arena *arena, Str name, const char *ending)
{
    return str_ends(str_lower(arena, name), str_of(ending));
}

static bool is_ready(Arena *arena, const Tree *tree, Str path)
{
    if (tree->entries.len != 1 || tree->entries.items[0].kind != TREE_FILE)
        return false;
    Str name = tree->entries.items[0].name;
    return str_ends(path, name) &&
           (ends_with(arena, name, ".zip") || ends_with(arena, name, ".jar"));
}

bool pack_read(Arena *arena, const Host *host, Str root, Str path, Pack *pack, TreeProblem *problem)
{
    *pack = (Pack){.path = path};
    *problem = (TreeProblem){.path = path};
    if (!tree_read(arena, root, path, false, &pack->tree, problem))
        return false;
    const Tree *tree = &pack->tree;
    if (tree->size > PACK_LARGEST) {
        *problem = (TreeProblem){.path = path, .text = STR("it holds more than 5 GiB")};
        return false;
    }
    pack->ready = is_ready(arena, tree, path);
    pack->digests = arena_alloc(arena, (tree->entries.len + 1) * SHA256_BYTES);
    Buf text;
    buf_init(&text, 0);
    buf_add_text(&text, pack->ready ? "ready 1\n" : "zip 1\n");
    bool fine = true;
    for (size_t i = 0; fine && i < tree->entries.len; i++) {
        const TreeEntry *entry = &tree->entries.items[i];
        problem->path = entry->path;
        fine = !(host->cancelled && host->cancelled(host->context)) &&
               (entry->kind != TREE_FILE ||
                   pack_digest(arena, entry, pack->digests[i], &problem->text));
        describe(&text, entry, sha256_digits(arena, pack->digests[i]));
    }
    pack->key = sha256_hex(arena, buf_str(&text));
    buf_release(&text);
    return fine;
}

// ---- writing ----

static int open_nameless(Arena *arena, Str folder)
{
    Str name = str_format(arena, "%.*s/packed-XXXXXX", STR_FMT(folder));
    char *path = arena_copy(arena, name.ptr, name.len);
    int descriptor = mkstemp(path);
    if (descriptor >= 0) {
        unlink(path);
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
    return descriptor;
}

static bool open_ready(Arena *arena, const Pack *pack, PackedFile *packed, TreeProblem *problem)
{
    const TreeEntry *entry = &pack->tree.entries.items[0];
    packed->descriptor = open(entry->path.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    packed->size = entry->size;
    memcpy(packed->hash, pack->digests[0], SHA256_BYTES);
    *problem = (TreeProblem){.path = entry->path};
    if (packed->descriptor < 0)
        problem->text = str_copy(arena, str_of(strerror(errno)));
    return packed->descriptor >= 0;
}

bool pack_write(Arena *arena, const Host *host, Str folder, const Pack *pack, PackedFile *packed,
    TreeProblem *problem)
{
    if (pack->ready)
        return open_ready(arena, pack, packed, problem);
    *packed = (PackedFile){.descriptor = open_nameless(arena, folder)};
    if (packed->descriptor < 0) {
        *problem = (TreeProblem){.path = folder, .text = str_copy(arena, str_of(strerror(errno)))};
        return false;
    }
    if (zip_write(arena, host, pack, packed, problem))
        return true;
    close(packed->descriptor);
    packed->descriptor = -1;
    return false;
}
