#include "runtime/cred/profile.h"

#include "compiler/base/map.h"

enum { MAX_FILE = 1024 * 1024 };

struct Profiles {
    Arena *arena;
    Map sections; // of name to itself
    Map values;   // of "section\nkey" to Value *
};

typedef struct Value {
    Str text;
    bool shared; // of the credentials file
} Value;

typedef struct Reading {
    Profiles *profiles;
    Str file;
    bool is_config;  // sections of profiles are called "profile NAME"
    Str section;     // STR_NONE: in none that counts
    bool is_foreign; // the section is another program's: its lines may be anything
    Str parent;      // the key whose nested lines may follow
    size_t line;
} Reading;

static Str value_key(Arena *arena, Str section, Str key)
{
    return str_format(arena, "%.*s\n%.*s", STR_FMT(section), STR_FMT(key));
}

static Str unquoted(Str name)
{
    name = str_trim(name);
    bool quoted = name.len >= 2 && (name.ptr[0] == '"' || name.ptr[0] == '\'') &&
                  name.ptr[name.len - 1] == name.ptr[0];
    return quoted ? str_slice(name, 1, name.len - 1) : name;
}

// What follows the word in the title of a section ("profile NAME"), or STR_NONE.
static Str name_after(Str title, Str word)
{
    bool follows = str_starts(title, word) && title.len > word.len &&
                   (title.ptr[word.len] == ' ' || title.ptr[word.len] == '\t');
    return follows ? unquoted(str_slice(title, word.len, title.len)) : STR_NONE;
}

static bool begin_section(Reading *reading, Str line)
{
    static const Str KINDS[] = {{"sso-session", 11}, {"services", 8}};
    size_t end = str_find(line, STR("]"), 0);
    if (end == SIZE_MAX)
        return false;
    Str title = str_trim(str_slice(line, 1, end));
    Arena *arena = reading->profiles->arena;
    reading->parent = STR_NONE;
    Str name = title;
    if (reading->is_config && !str_is(title, "default"))
        name = name_after(title, STR("profile"));
    for (size_t i = 0; reading->is_config && i < sizeof KINDS / sizeof *KINDS; i++)
        if (name_after(title, KINDS[i]).ptr)
            name = str_format(
                arena, "%.*s %.*s", STR_FMT(KINDS[i]), STR_FMT(name_after(title, KINDS[i])));
    reading->is_foreign = !name.ptr;
    reading->section = name.ptr ? str_copy(arena, unquoted(name)) : STR_NONE;
    if (name.ptr)
        map_set(&reading->profiles->sections, arena, reading->section, reading->profiles);
    return true;
}

static bool add_line(Reading *reading, Str line)
{
    bool indented = line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
    Str text = str_trim(line);
    if (text.len == 0 || text.ptr[0] == '#' || text.ptr[0] == ';')
        return true;
    if (text.ptr[0] == '[' && !indented)
        return begin_section(reading, text);
    size_t equals = 0;
    while (equals < text.len && text.ptr[equals] != '=' && text.ptr[equals] != ':')
        equals++;
    if (reading->is_foreign)
        return true;
    if (equals == text.len || equals == 0)
        return indented && reading->parent.ptr; // the rest of a value nobody here reads
    if (!reading->section.ptr)
        return false;
    Arena *arena = reading->profiles->arena;
    Str key = str_lower(arena, str_trim(str_slice(text, 0, equals)));
    Str value = str_trim(str_slice(text, equals + 1, text.len));
    size_t comment = str_find(value, STR(" #"), 0);
    if (comment != SIZE_MAX)
        value = str_trim(str_slice(value, 0, comment));
    if (indented && reading->parent.ptr)
        key = str_format(arena, "%.*s.%.*s", STR_FMT(reading->parent), STR_FMT(key));
    else
        reading->parent = key;
    Value *kept = ARENA_NEW(arena, Value);
    *kept = (Value){str_copy(arena, value), !reading->is_config};
    Str place = value_key(arena, reading->section, key);
    if (!map_find(&reading->profiles->values, place))
        map_set(&reading->profiles->values, arena, place, kept);
    return true;
}

static bool read_file(Profiles *profiles, const World *world, Str path, bool is_config, Str *error)
{
    FileResult file = world->host->read_file(world->host->context, profiles->arena, path, MAX_FILE);
    // The device is how scripts say that there is none.
    if (file.status == FILE_MISSING || str_is(path, "/dev/null"))
        return true;
    if (file.status != FILE_OK) {
        *error = str_format(
            profiles->arena, "cannot read '%.*s': %.*s", STR_FMT(path), STR_FMT(file.error));
        return false;
    }
    Reading reading = {.profiles = profiles, .file = path, .is_config = is_config};
    const Str mark = STR("\xef\xbb\xbf"); // of UTF-8, as some editors begin files
    for (size_t start = str_starts(file.text, mark) ? mark.len : 0; start < file.text.len;) {
        size_t end = str_find(file.text, STR("\n"), start);
        end = end == SIZE_MAX ? file.text.len : end;
        reading.line++;
        // The line itself is not shown: it may be a secret.
        if (!add_line(&reading, str_slice(file.text, start, end))) {
            *error = str_format(profiles->arena,
                "'%.*s' line %zu: expected 'key = value' or '[section]'", STR_FMT(path),
                reading.line);
            return false;
        }
        start = end + 1;
    }
    return true;
}

static Str place_of(Arena *arena, const World *world, const char *variable, const char *name)
{
    Str given = world_env(world, variable);
    Str home = world_env(world, "HOME");
    return given.len ? given : str_format(arena, "%.*s/.aws/%s", STR_FMT(home), name);
}

Profiles *profiles_read(Arena *arena, const World *world, Str *error)
{
    Profiles *profiles = ARENA_NEW(arena, Profiles);
    profiles->arena = arena;
    Str credentials = place_of(arena, world, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
    Str config = place_of(arena, world, "AWS_CONFIG_FILE", "config");
    if (!read_file(profiles, world, credentials, false, error) ||
        !read_file(profiles, world, config, true, error))
        return NULL;
    return profiles;
}

static const Value *find(const Profiles *profiles, Str section, const char *key)
{
    return map_find(&profiles->values, value_key(profiles->arena, section, str_of(key)));
}

Str profile_get(const Profiles *profiles, Str section, const char *key)
{
    const Value *value = find(profiles, section, key);
    return value && value->text.len ? value->text : STR_NONE;
}

bool profile_is_shared(const Profiles *profiles, Str section, const char *key)
{
    const Value *value = find(profiles, section, key);
    return value && value->shared;
}

bool profile_exists(const Profiles *profiles, Str section)
{
    return map_find(&profiles->sections, section) != NULL;
}
