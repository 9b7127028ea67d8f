#include "runtime/assets/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

typedef struct GlobCase {
    const char *pattern;
    const char *path;
    bool matches;
} GlobCase;

static void test_patterns(void **state)
{
    (void)state;
    static const GlobCase CASES[] = {
        {"**", "index.html", true},
        {"**", "a/b/c.js", true},
        {"**", ".well-known/x", true},
        {"**/*.html", "index.html", true},
        {"**/*.html", "a/b/index.html", true},
        {"**/*.html", "a/b/index.htm", false},
        {"*.html", "a/index.html", false},
        {"*", "a", true},
        {"*", "", true},
        {"*", "a/b", false},
        {"a/*/c", "a/b/c", true},
        {"a/*/c", "a/b/b/c", false},
        {"a/**/c", "a/c", true},
        {"a/**/c", "a/b/b/c", true},
        {"a/**", "a/b/c", true},
        {"a/**", "b/a/c", false},
        {"**/a/*/z", "a/a/b/z", true},
        {"**/a/*/z", "a/b/z/a/c/z", true},
        {"**.js", "a/b.js", true},
        {"assets/**/*.{js,css}", "assets/x/y.css", true},
        {"assets/**/*.{js,css}", "assets/y.map", false},
        {"{a,b{c,d}}/x", "bd/x", true},
        {"{a,b{c,d}}/x", "b/x", false},
        {"{a,}x", "x", true},
        {"{a", "{a", true},
        {"?.js", "\xc3\xa4.js", true},
        {"?.js", "ab.js", false},
        {"a?b", "a/b", false},
        {"[a-c].js", "b.js", true},
        {"[!a-c].js", "b.js", false},
        {"[!a-c].js", "z.js", true},
        {"[]].js", "].js", true},
        {"[\xc3\xa0-\xc3\xa9].js", "\xc3\xa4.js", true},
        {"[a", "[a", true},
        {"a[/]b", "a/b", false},
        {"\\*.js", "*.js", true},
        {"\\*.js", "a.js", false},
        {"\\{a,b\\}", "{a,b}", true},
        {"", "", true},
        {"", "a", false},
        {"a*b*c", "axxbyybzzc", true},
        {"a*b*c", "axxbyybzz", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        if (glob_match(str_of(CASES[i].pattern), str_of(CASES[i].path)) != CASES[i].matches)
            fail_msg("'%s' and '%s'", CASES[i].pattern, CASES[i].path);
}

// Patterns that backtrack much come to an end soon.
static void test_hostile_patterns_end(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    char *text = arena_alloc(arena, 4001);
    memset(text, 'a', 4000);
    Str path = {text, 4000};
    assert_false(glob_match(STR("*a*a*a*a*a*a*a*a*a*a*a*a*a*b"), path));
    assert_false(glob_match(STR("**/*a**/*a**a*a**a*a**a*a**a*b"), path));
    assert_false(glob_match(
        STR("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}x"),
        path));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_hostile_patterns_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
