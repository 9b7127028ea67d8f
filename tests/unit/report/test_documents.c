// The reports for programs: json and SARIF, read back with a JSON library, and github.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "compiler/report/report.h"

typedef struct Fixture {
    Arena *arena;
    Sources *sources;
    DiagSink *sink;
    Buf out;
    json_t *document;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = base_alloc(sizeof *fixture);
    fixture->arena = arena_new();
    fixture->sources = sources_new(fixture->arena);
    fixture->sink = diag_sink_new(fixture->arena);
    fixture->document = NULL;
    buf_init(&fixture->out, 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    json_decref(fixture->document);
    arena_free(fixture->arena);
    buf_release(&fixture->out);
    free(fixture);
    return 0;
}

static const char *render(Fixture *fixture, ReportFormat format)
{
    ReportOptions options = {.version = STR("1.2.3")};
    buf_clear(&fixture->out);
    report_render(&fixture->out, format, &options, fixture->sources, fixture->sink);
    return buf_str(&fixture->out).ptr;
}

static json_t *render_json(Fixture *fixture, ReportFormat format)
{
    json_error_t error;
    json_decref(fixture->document);
    fixture->document = json_loads(render(fixture, format), JSON_REJECT_DUPLICATES, &error);
    if (!fixture->document)
        fail_msg("line %d: %s", error.line, error.text);
    return fixture->document;
}

static Diag *add(Fixture *fixture, Span span, const char *name)
{
    return diag_add(fixture->sink, DIAG_CANNOT_READ_FILE, span, str_of(name), STR("why"), DIAG_END);
}

// "runs.0.tool": a step is a key or an index. Fails when there is no such thing.
static json_t *at(json_t *value, const char *path)
{
    char step[64];
    for (const char *next = path; value && *next;) {
        size_t len = strcspn(next, ".");
        assert_true(len < sizeof step);
        memcpy(step, next, len);
        step[len] = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(step))
                                     : json_object_get(value, step);
        next += len + (next[len] == '.');
    }
    if (!value)
        fail_msg("no %s", path);
    return value;
}

static void assert_text(json_t *value, const char *path, const char *expected)
{
    assert_string_equal(json_string_value(at(value, path)), expected);
}

static void assert_number(json_t *value, const char *path, int expected)
{
    assert_true(json_is_integer(at(value, path)));
    assert_int_equal(json_integer_value(at(value, path)), expected);
}

// SARIF readers refuse empty strings.
static void assert_no_empty_text(json_t *value)
{
    const char *key;
    json_t *inner;
    size_t i;
    if (json_is_string(value))
        assert_true(json_string_length(value) > 0);
    json_object_foreach(value, key, inner)
    {
        assert_no_empty_text(inner);
    }
    json_array_foreach(value, i, inner)
    {
        assert_no_empty_text(inner);
    }
}

static void json_without_findings_is_a_document(void **state)
{
    assert_string_equal(render(*state, REPORT_JSON), "{\n"
                                                     "  \"formatVersion\": 1,\n"
                                                     "  \"tool\": \"altc\",\n"
                                                     "  \"toolVersion\": \"1.2.3\",\n"
                                                     "  \"errors\": 0,\n"
                                                     "  \"warnings\": 0,\n"
                                                     "  \"notKept\": 0,\n"
                                                     "  \"findings\": []\n"
                                                     "}\n");
}

static void json_holds_everything(void **state)
{
    Fixture *fixture = *state;
    sources_add(fixture->sources, STR("a.alt"), STR("one\n\xF0\x9D\x84\x9E \xC3\xA9 foo"));
    diag_set_stage(fixture->sink, STR("dev"));
    Diag *diag = add(fixture, (Span){1, 12, 15}, "\"quoted\"");
    diag->severity = SEVERITY_WARNING;
    diag_note(fixture->sink, diag, (Span){0}, "nowhere");
    diag_note(fixture->sink, diag, (Span){1, 0, 3}, "here");
    diag_fix(fixture->sink, diag, (Span){1, 0, 3}, STR(""), true);
    json_t *document = render_json(fixture, REPORT_JSON);
    assert_number(document, "errors", 0);
    assert_number(document, "warnings", 1);
    json_t *finding = at(document, "findings.0");
    assert_text(finding, "code", "ALT1001");
    assert_text(finding, "name", "cannot-read-file");
    assert_text(finding, "severity", "warning");
    assert_text(finding, "message", "cannot read '\"quoted\"': why");
    assert_text(finding, "args.0", "\"quoted\"");
    assert_text(finding, "args.1", "why");
    assert_text(finding, "stages.0", "dev");
    assert_text(finding, "place.file", "a.alt");
    assert_number(finding, "place.start.line", 2);
    assert_number(finding, "place.start.column", 5);
    assert_number(finding, "place.start.byteColumn", 9);
    assert_number(finding, "place.start.utf16Column", 6);
    assert_number(finding, "place.start.offset", 12);
    assert_number(finding, "place.end.column", 8);
    assert_text(finding, "notes.0.text", "nowhere");
    assert_null(json_object_get(at(finding, "notes.0"), "place"));
    assert_number(finding, "notes.1.place.start.line", 1);
    assert_text(finding, "fixes.0.replacement", "");
    assert_true(json_is_true(at(finding, "fixes.0.safe")));
}

static void sarif_without_findings_is_a_run(void **state)
{
    json_t *document = render_json(*state, REPORT_SARIF);
    assert_text(document, "version", "2.1.0");
    assert_text(document, "runs.0.tool.driver.name", "altc");
    assert_int_equal(json_array_size(at(document, "runs.0.results")), 0);
    assert_int_equal(json_array_size(at(document, "runs.0.tool.driver.rules")), 0);
}

static void sarif_has_the_shape_that_hosts_want(void **state)
{
    Fixture *fixture = *state;
    sources_add(fixture->sources, STR("./a b/c%.alt"), STR("x\n\xF0\x9D\x84\x9E foo"));
    Diag *diag = add(fixture, (Span){1, 7, 10}, "x");
    diag_note(fixture->sink, diag, (Span){0}, "nowhere");
    diag_note(fixture->sink, diag, (Span){1, 0, 1}, "here");
    diag_fix(fixture->sink, diag, (Span){1, 7, 10}, STR("bar"), false);
    diag_fix(fixture->sink, diag, (Span){1, 7, 10}, STR(""), false);
    json_t *document = render_json(fixture, REPORT_SARIF);
    assert_no_empty_text(document);
    json_t *run = at(document, "runs.0");
    assert_text(run, "columnKind", "utf16CodeUnits");
    json_t *rule = at(run, "tool.driver.rules.0");
    assert_text(rule, "id", "ALT1001");
    assert_text(rule, "shortDescription.text", "a file cannot be read");
    assert_true(strstr(json_string_value(at(rule, "fullDescription.text")), "altc was told"));
    assert_null(strchr(json_string_value(at(rule, "fullDescription.text")), '\n'));
    at(rule, "help.text");
    assert_text(rule, "defaultConfiguration.level", "error");
    json_t *result = at(run, "results.0");
    assert_text(result, "ruleId", "ALT1001");
    assert_number(result, "ruleIndex", 0);
    assert_text(result, "level", "error");
    assert_text(result, "message.text", "cannot read 'x': why\nnowhere");
    json_t *place = at(result, "locations.0.physicalLocation");
    assert_text(place, "artifactLocation.uri", "a%20b/c%25.alt");
    assert_number(place, "region.startLine", 2);
    assert_number(place, "region.startColumn", 4);
    assert_number(place, "region.endLine", 2);
    assert_number(place, "region.endColumn", 7);
    assert_text(result, "relatedLocations.0.message.text", "here");
    json_t *change = at(result, "fixes.0.artifactChanges.0.replacements.0");
    assert_text(change, "insertedContent.text", "bar");
    assert_number(change, "deletedRegion.startColumn", 4);
    change = at(result, "fixes.1.artifactChanges.0.replacements.0");
    assert_null(json_object_get(change, "insertedContent"));
}

static void sarif_gives_a_place_to_what_is_nowhere(void **state)
{
    Fixture *fixture = *state;
    sources_add(fixture->sources, STR("/root.alt"), STR("x"));
    add(fixture, (Span){0}, "x");
    json_t *place =
        at(render_json(fixture, REPORT_SARIF), "runs.0.results.0.locations.0.physicalLocation");
    assert_text(place, "artifactLocation.uri", "file:///root.alt");
    assert_number(place, "region.startLine", 1);
}

static const char *fingerprint(json_t *document, size_t index)
{
    json_t *result = json_array_get(at(document, "runs.0.results"), index);
    return json_string_value(at(result, "partialFingerprints.primaryLocationLineHash"));
}

static void fingerprints_survive_moved_lines(void **state)
{
    Fixture *fixture = *state;
    sources_add(fixture->sources, STR("a"), STR("foo\nbar\n\n\n    foo\nfoo"));
    add(fixture, (Span){1, 0, 3}, "x");
    add(fixture, (Span){1, 4, 7}, "x");
    add(fixture, (Span){1, 14, 17}, "x");
    json_t *document = render_json(fixture, REPORT_SARIF);
    const char *first = fingerprint(document, 0), *third = fingerprint(document, 2);
    assert_int_equal(strlen(first), 18);
    assert_string_equal(first + 16, ":1");
    assert_string_equal(third + 16, ":2");
    assert_memory_equal(first, third, 16);
    assert_memory_not_equal(first, fingerprint(document, 1), 16);
}

static void github_escapes_what_would_end_a_command(void **state)
{
    Fixture *fixture = *state;
    sources_add(fixture->sources, STR("a,b:c%.alt"), STR("x foo\ny\n"));
    Diag *diag = add(fixture, (Span){1, 2, 5}, "100%\r\n::error::,");
    diag_note(fixture->sink, diag, (Span){1, 0, 1}, "here");
    assert_string_equal(render(fixture, REPORT_GITHUB),
        "::error file=a%2Cb%3Ac%25.alt,line=1,endLine=1,col=3,endColumn=6,title=ALT1001::"
        "cannot read '100%25%0D%0A::error::,': why%0Anote: here (a,b:c%25.alt:1:1)\n");
}

static void github_knows_three_levels_and_nowhere(void **state)
{
    Fixture *fixture = *state;
    sources_add(fixture->sources, STR("a"), STR("x foo\ny\n"));
    add(fixture, (Span){0}, "x");
    add(fixture, (Span){1, 2, 7}, "x")->severity = SEVERITY_WARNING;
    add(fixture, (Span){1, 6, 7}, "x")->severity = SEVERITY_NOTE;
    assert_string_equal(render(fixture, REPORT_GITHUB),
        "::error title=ALT1001::cannot read 'x': why\n"
        "::warning file=a,line=1,endLine=2,col=3,title=ALT1001::cannot read 'x': why\n"
        "::notice file=a,line=2,endLine=2,col=1,endColumn=2,title=ALT1001::"
        "cannot read 'x': why\n");
}

// Thousands of findings in one line of megabytes: every renderer must look at places only.
static void floods_in_one_line_are_rendered(void **state)
{
    Fixture *fixture = *state;
    Buf text;
    buf_init(&text, 0);
    buf_add_repeat(&text, 'a', 8u << 20);
    sources_add(fixture->sources, STR("a"), buf_copy(&text, fixture->arena));
    buf_release(&text);
    for (uint32_t i = 0; i < 9000; i++)
        add(fixture, (Span){1, i * 900, (8u << 20) - i}, "x");
    for (int format = REPORT_NONE + 1; format < REPORT_COUNT; format++)
        assert_true(strlen(render(fixture, (ReportFormat)format)) > 9000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json_without_findings_is_a_document, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_holds_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sarif_without_findings_is_a_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sarif_has_the_shape_that_hosts_want, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sarif_gives_a_place_to_what_is_nowhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fingerprints_survive_moved_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(github_escapes_what_would_end_a_command, set_up, tear_down),
        cmocka_unit_test_setup_teardown(github_knows_three_levels_and_nowhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(floods_in_one_line_are_rendered, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
