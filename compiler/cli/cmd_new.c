#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/base/embedded.h"
#include "compiler/cli/cli.h"
#include "compiler/cli/output.h"

// What a program is called becomes part of names that AWS limits to 63 characters.
enum { NAME_MAX_BYTES = 40 };

static const char DEFAULT_STARTER[] = "site";
static const Str ROOT = {"starters/", 9};

typedef struct Starter {
    Str name;                  // "site"
    const EmbeddedFile *files; // those of starters/site/, by name
    size_t count;
} Starter;

typedef VEC(Starter) StarterList;

static StarterList list_starters(Arena *arena)
{
    StarterList list = {0};
    size_t count;
    const EmbeddedFile *files = embedded_list(ROOT, &count);
    for (size_t i = 0; i < count;) {
        size_t end = str_find(files[i].name, STR("/"), ROOT.len);
        Starter starter = {str_slice(files[i].name, ROOT.len, end), &files[i], 0};
        Str folder = str_slice(files[i].name, 0, end + 1);
        while (i < count && str_starts(files[i].name, folder)) {
            starter.count++;
            i++;
        }
        VEC_ADD(arena, &list, starter);
    }
    return list;
}

// What the heading of a starter's README says of it: "# starter-site: a static site".
static Str summary_of(Arena *arena, const Starter *starter)
{
    Str path = str_format(arena, "%.*s%.*s/README.md", STR_FMT(ROOT), STR_FMT(starter->name));
    const EmbeddedFile *page = embedded_find(path);
    if (!page)
        return STR("");
    Str heading = str_slice(page->text, 0, str_find(page->text, STR("\n"), 0));
    size_t colon = str_find(heading, STR(": "), 0);
    return colon == SIZE_MAX ? STR("") : str_slice(heading, colon + 2, heading.len);
}

static int print_starters(Cli *cli, StarterList list)
{
    Buf out;
    buf_init(&out, 0);
    buf_add_text(&out, "Starters, for altc new NAME --from STARTER:\n");
    for (size_t i = 0; i < list.len; i++) {
        Str summary = summary_of(cli->arena, &list.items[i]);
        buf_add_format(&out, "  %-14.*s  %.*s\n", STR_FMT(list.items[i].name), STR_FMT(summary));
    }
    int status = cli_print(cli, buf_str(&out));
    buf_release(&out);
    return status;
}

// NULL: there is none of this name, and the user was told.
static const Starter *find_starter(Cli *cli, StarterList list, Str name)
{
    StrList known = {0};
    Buf names;
    buf_init(&names, 0);
    for (size_t i = 0; i < list.len; i++) {
        if (str_equal(list.items[i].name, name)) {
            buf_release(&names);
            return &list.items[i];
        }
        VEC_ADD(cli->arena, &known, list.items[i].name);
        buf_add_format(&names, "%s%.*s", i ? ", " : "", STR_FMT(list.items[i].name));
    }
    Str nearest = nearest_word(name, known.items, known.len);
    if (nearest.len)
        cli_fail(cli, "there is no starter '%.*s'; did you mean '%.*s'? There are: %.*s",
            STR_FMT(name), STR_FMT(nearest), STR_FMT(buf_str(&names)));
    else
        cli_fail(cli, "there is no starter '%.*s'; there are: %.*s", STR_FMT(name),
            STR_FMT(buf_str(&names)));
    buf_release(&names);
    return NULL;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_program_name(Str name)
{
    if (!name.len || name.len > NAME_MAX_BYTES || !is_lower(name.ptr[0]))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool dash = c == '-' && i + 1 < name.len && name.ptr[i - 1] != '-';
        if (!is_lower(c) && !(c >= '0' && c <= '9') && !dash)
            return false;
    }
    return true;
}

static Str last_part(Str path)
{
    size_t start = path.len;
    while (start && path.ptr[start - 1] != '/')
        start--;
    return str_slice(path, start, path.len);
}

// Where a file of the starter goes: the path below the starter, below `folder`.
static Str target_of(Arena *arena, const Starter *starter, const EmbeddedFile *file, Str folder)
{
    Str below = str_slice(file->name, ROOT.len + starter->name.len + 1, file->name.len);
    return str_format(arena, "%.*s/%.*s", STR_FMT(folder), STR_FMT(below));
}

// Looks at all places before anything is written, so that a refusal changes nothing.
static bool places_are_free(Cli *cli, const Starter *starter, Str folder)
{
    for (size_t i = 0; i < starter->count; i++) {
        Str path = target_of(cli->arena, starter, &starter->files[i], folder);
        struct stat info;
        if (lstat(path.ptr, &info) == 0) {
            cli_fail(cli, "'%.*s' is there already; nothing was written", STR_FMT(path));
            return false;
        }
        if (errno != ENOENT && errno != ENOTDIR) {
            cli_fail(cli, "cannot look at '%.*s': %s", STR_FMT(path), strerror(errno));
            return false;
        }
    }
    return true;
}

// The texts call the program "starter-site"; in the copy it has its own name.
static Str renamed(Arena *arena, Str text, Str old_name, Str name)
{
    Buf out;
    buf_init(&out, 0);
    size_t at = 0;
    for (size_t hit = str_find(text, old_name, 0); hit != SIZE_MAX;
         hit = str_find(text, old_name, at)) {
        buf_add(&out, str_slice(text, at, hit));
        buf_add(&out, name);
        at = hit + old_name.len;
    }
    buf_add(&out, str_slice(text, at, text.len));
    Str copy = str_copy(arena, buf_str(&out));
    buf_release(&out);
    return copy;
}

// Takes back the first files of the starter, so that a second try finds free places.
static void remove_files(Cli *cli, const Starter *starter, Str folder, size_t count)
{
    for (size_t i = 0; i < count; i++)
        unlink(target_of(cli->arena, starter, &starter->files[i], folder).ptr);
}

static bool write_files(Cli *cli, const Starter *starter, Str folder)
{
    Str name = last_part(folder);
    Str old_name = str_format(cli->arena, "starter-%.*s", STR_FMT(starter->name));
    for (size_t i = 0; i < starter->count; i++) {
        Str path = target_of(cli->arena, starter, &starter->files[i], folder);
        Str parent = str_slice(path, 0, path.len - last_part(path).len - 1);
        Str text = renamed(cli->arena, starter->files[i].text, old_name, name);
        Str why;
        if (!output_make_folder(cli->arena, parent, &why) ||
            !output_create(cli->arena, path, text, &why)) {
            cli_fail(cli, "cannot write '%.*s': %.*s", STR_FMT(path), STR_FMT(why));
            remove_files(cli, starter, folder, i);
            return false;
        }
    }
    return true;
}

// As a word of a shell: in quotes when it has characters that mean something there.
static void add_shell_word(Buf *out, Str word)
{
    static const char PLAIN[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    if (strspn(word.ptr, PLAIN) >= word.len && word.ptr[0] != '-') {
        buf_add(out, word);
        return;
    }
    buf_add_text(out, word.ptr[0] == '-' ? "'./" : "'");
    for (size_t i = 0; i < word.len; i++)
        buf_add(out, word.ptr[i] == '\'' ? STR("'\\''") : str_slice(word, i, i + 1));
    buf_add_text(out, "'");
}

static int print_next(Cli *cli, const Starter *starter, Str folder)
{
    if (cli->args->given[OPTION_QUIET])
        return EXIT_FINE;
    Buf out;
    buf_init(&out, 0);
    buf_add_text(&out, "Written:\n");
    for (size_t i = 0; i < starter->count; i++) {
        Str path = target_of(cli->arena, starter, &starter->files[i], folder);
        buf_add_format(&out, "  %.*s\n", STR_FMT(path));
    }
    buf_add_text(&out, "\nNext:\n  cd ");
    add_shell_word(&out, folder);
    buf_add_text(&out, "\n"
                       "  altc check                 look for mistakes in every stage\n"
                       "  altc test                  run the tests\n"
                       "  altc stages                see what each stage holds\n"
                       "  altc -o template.json      write the template of stage dev\n"
                       "  altc deploy                bring stage dev to AWS\n");
    int status = cli_print(cli, buf_str(&out));
    buf_release(&out);
    return status;
}

int command_new(Cli *cli)
{
    StarterList list = list_starters(cli->arena);
    if (!cli->args->operands.len && !cli->args->given[OPTION_FROM])
        return print_starters(cli, list);
    if (!cli_operands(cli, 1, 1))
        return EXIT_TROUBLE;
    Str wanted = args_value(cli->args, OPTION_FROM);
    const Starter *starter =
        find_starter(cli, list, cli->args->given[OPTION_FROM] ? wanted : str_of(DEFAULT_STARTER));
    if (!starter)
        return EXIT_TROUBLE;
    Str folder = cli->args->operands.items[0];
    while (folder.len > 1 && folder.ptr[folder.len - 1] == '/')
        folder.len--;
    folder = str_copy(cli->arena, folder);
    Str name = last_part(folder);
    if (!is_program_name(name))
        return cli_fail(cli,
            "'%.*s' cannot name a program: it takes up to %d lower-case letters, digits and "
            "single dashes, a letter first",
            STR_FMT(name), NAME_MAX_BYTES);
    if (!places_are_free(cli, starter, folder) || !write_files(cli, starter, folder))
        return EXIT_TROUBLE;
    return print_next(cli, starter, folder);
}
