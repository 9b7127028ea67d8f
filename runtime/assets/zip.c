#include "runtime/assets/zip_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

enum { BLOCK = 256 * 1024 };

typedef struct Zip {
    struct archive *archive;
    const Host *host;
    Arena *scratch;
    Sha256 *hash; // of what is written
    PackedFile *packed;
    int error; // errno of a failed write
    bool over; // what comes now is of no use
} Zip;

static la_ssize_t write_out(struct archive *archive, void *context, const void *bytes, size_t size)
{
    Zip *zip = context;
    if (zip->over)
        return (la_ssize_t)size;
    ssize_t put = write(zip->packed->descriptor, bytes, size);
    while (put < 0 && errno == EINTR)
        put = write(zip->packed->descriptor, bytes, size);
    if (put < 0) {
        zip->error = errno;
        archive_set_error(archive, errno, "%s", strerror(errno));
        return -1;
    }
    sha256_add(zip->hash, (Str){bytes, (size_t)put});
    zip->packed->size += (uint64_t)put;
    return put;
}

static bool refuse(Zip *zip, Arena *arena, Str path, const char *why, TreeProblem *problem)
{
    if (zip->error)
        why = strerror(zip->error);
    *problem = (TreeProblem){.path = path, .text = str_copy(arena, str_of(why))};
    return false;
}

static const char CHANGED[] = "it changed while it was packed";

// Copies a file's content into the archive; it must be what it was when it was hashed.
static bool add_content(Zip *zip, Arena *arena, const TreeEntry *file, const unsigned char *digest,
    TreeProblem *problem)
{
    int descriptor = open(file->path.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return refuse(zip, arena, file->path, strerror(errno), problem);
    char *block = arena_alloc(zip->scratch, BLOCK);
    Sha256 *sha256 = sha256_new(zip->scratch);
    uint64_t size = 0;
    const char *why = NULL;
    while (!why) {
        ssize_t got = read(descriptor, block, BLOCK);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        sha256_add(sha256, (Str){block, got > 0 ? (size_t)got : 0});
        size += got > 0 ? (uint64_t)got : 0;
        if (got < 0)
            why = strerror(errno);
        else if (size > file->size)
            why = CHANGED;
        else if (archive_write_data(zip->archive, block, (size_t)got) != got)
            why = archive_error_string(zip->archive);
    }
    close(descriptor);
    unsigned char now[SHA256_BYTES];
    sha256_take(sha256, now);
    if (!why && memcmp(now, digest, sizeof now) != 0)
        why = CHANGED;
    return !why || refuse(zip, arena, file->path, why, problem);
}

static bool add_entry(Zip *zip, Arena *arena, const TreeEntry *item, const unsigned char *digest,
    TreeProblem *problem)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry)
        base_out_of_memory();
    archive_entry_set_pathname(entry, item->name.ptr);
    // libarchive writes local times into a zip; with none it is 1980 wherever it is packed.
    archive_entry_unset_mtime(entry);
    archive_entry_set_perm(entry,
        item->kind == TREE_FOLDER || item->executable || item->kind == TREE_LINK ? 0755 : 0644);
    archive_entry_set_size(entry, item->kind == TREE_FILE ? (la_int64_t)item->size : 0);
    if (item->kind == TREE_LINK) {
        archive_entry_set_filetype(entry, AE_IFLNK);
        archive_entry_set_symlink(entry, item->target.ptr);
    } else {
        archive_entry_set_filetype(entry, item->kind == TREE_FOLDER ? AE_IFDIR : AE_IFREG);
    }
    bool fine = archive_write_header(zip->archive, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    if (!fine)
        return refuse(zip, arena, item->path, archive_error_string(zip->archive), problem);
    arena_reset(zip->scratch);
    return item->kind != TREE_FILE || add_content(zip, arena, item, digest, problem);
}

static bool add_all(Zip *zip, Arena *arena, const Pack *pack, TreeProblem *problem)
{
    const Tree *tree = &pack->tree;
    for (size_t i = 0; i < tree->entries.len; i++) {
        if (zip->host->cancelled && zip->host->cancelled(zip->host->context)) {
            *problem = (TreeProblem){.path = pack->path};
            return false;
        }
        if (!add_entry(zip, arena, &tree->entries.items[i], pack->digests[i], problem))
            return false;
    }
    return true;
}

bool zip_write(
    Arena *arena, const Host *host, const Pack *pack, PackedFile *packed, TreeProblem *problem)
{
    Zip zip = {.archive = archive_write_new(),
        .host = host,
        .scratch = arena_new(),
        .hash = sha256_new(arena),
        .packed = packed};
    if (!zip.archive)
        base_out_of_memory();
    // libarchive marks names as UTF-8 only in such a locale, whatever the user's is.
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t former = utf8 ? uselocale(utf8) : (locale_t)0;
    bool fine = archive_write_set_format_zip(zip.archive) == ARCHIVE_OK &&
                archive_write_set_options(zip.archive, "zip:compression=deflate") == ARCHIVE_OK &&
                archive_write_set_bytes_in_last_block(zip.archive, 1) == ARCHIVE_OK &&
                archive_write_open(zip.archive, &zip, NULL, write_out, NULL) == ARCHIVE_OK;
    if (!fine)
        refuse(&zip, arena, pack->path, archive_error_string(zip.archive), problem);
    fine = fine && add_all(&zip, arena, pack, problem);
    if (fine && archive_write_close(zip.archive) != ARCHIVE_OK)
        fine = refuse(&zip, arena, pack->path, archive_error_string(zip.archive), problem);
    // Closed all the same: archive_write_fail would leave the compressor's memory behind.
    zip.over = true;
    archive_write_free(zip.archive);
    if (utf8) {
        uselocale(former);
        freelocale(utf8);
    }
    sha256_take(zip.hash, packed->hash);
    arena_free(zip.scratch);
    return fine;
}
