// Standard output as the place where a command shows what happens: a view in a terminal, lines
// elsewhere, JSON lines with --format json.
#ifndef ALTC_DEPLOY_SCREEN_H
#define ALTC_DEPLOY_SCREEN_H

#include "runtime/deploy/options.h"
#include "runtime/notice/notice.h"
#include "runtime/show/show.h"

typedef struct Screen {
    const World *world;
    Show *show;
    bool color;
    bool json;
    int failed; // errno, when the output cannot be written; EPIPE: its reader has gone
} Screen;

// Fills in `screen`, which must stay where it is until screen_close.
void screen_open(Screen *screen, const World *world, const DeployOptions *options);
// The same for a command that only gives an answer: messages go to standard error, as lines.
void screen_open_answer(Screen *screen, const World *world, const DeployOptions *options);
// Columns of the terminal; 100 when there is none.
size_t screen_width(void);
// For a RunFace whose context is a Screen: a question is asked now; time passes.
void screen_pause(void *screen);
void screen_tick(void *screen);
// The last state stays; the terminal is as it was. False, after a warning: not all could be
// written.
bool screen_close(Screen *screen);

#endif
