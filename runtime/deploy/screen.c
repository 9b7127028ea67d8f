#include "runtime/deploy/screen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void write_all(Screen *screen, int descriptor, Str text)
{
    for (size_t done = 0; done < text.len && !screen->failed;) {
        ssize_t wrote = write(descriptor, text.ptr + done, text.len - done);
        if (wrote < 0 && errno != EINTR)
            screen->failed = errno;
        if (wrote > 0)
            done += (size_t)wrote;
    }
}

// A deployment goes on when nobody reads what it says any more.
static void write_out(void *context, Str text)
{
    write_all(context, STDOUT_FILENO, text);
}

static void write_remark(void *context, Str text)
{
    write_all(context, STDERR_FILENO, text);
}

static bool size_of(void *context, size_t *columns, size_t *rows)
{
    (void)context;
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col || !size.ws_row)
        return false;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return true;
}

size_t screen_width(void)
{
    size_t columns = 100;
    size_t rows;
    size_of(NULL, &columns, &rows);
    return columns;
}

static int64_t steady(void *context)
{
    const World *world = ((Screen *)context)->world;
    return world->steady(world->context);
}

void screen_open(Screen *screen, const World *world, const DeployOptions *options)
{
    bool terminal = isatty(STDOUT_FILENO);
    Str term = world_env(world, "TERM");
    *screen = (Screen){.world = world, .json = options->json};
    screen->color = !options->json &&
                    show_wants_color(options->color, terminal, world_env(world, "NO_COLOR"), term);
    bool view = terminal && !options->quiet && term.len && !str_is(term, "dumb");
    ShowOutput output = {screen, write_out, size_of, steady, NULL};
    ShowStyle style = {.color = screen->color, .quiet = options->quiet};
    screen->show = show_new(options->json ? SHOW_JSON
                            : view        ? SHOW_VIEW
                                          : SHOW_LINES,
        &output, &style);
}

void screen_open_answer(Screen *screen, const World *world, const DeployOptions *options)
{
    *screen = (Screen){.world = world, .json = options->json};
    screen->color = !options->json && show_wants_color(options->color, isatty(STDERR_FILENO),
                                          world_env(world, "NO_COLOR"), world_env(world, "TERM"));
    ShowOutput output = {screen, write_out, size_of, steady, write_remark};
    ShowStyle style = {.color = screen->color, .quiet = options->quiet};
    screen->show = show_new(SHOW_REMARKS, &output, &style);
}

bool screen_close(Screen *screen)
{
    show_end(screen->show);
    // A reader that has gone wants to know no more; a full disk is a surprise.
    bool told = !screen->failed || screen->failed == EPIPE;
    if (!told)
        fprintf(stderr, "altc: warning: not all could be written: %s\n", strerror(screen->failed));
    show_free(screen->show);
    screen->show = NULL;
    return told;
}

void screen_pause(void *screen)
{
    show_pause(((Screen *)screen)->show);
}

void screen_tick(void *screen)
{
    show_tick(((Screen *)screen)->show);
}
