// What every command on the stacks of a stage needs first: the manifest, credentials that fit it,
// the stacks as AWS describes them, and a screen.
#ifndef ALTC_DEPLOY_CONSOLE_H
#define ALTC_DEPLOY_CONSOLE_H

#include "runtime/aws/cfn.h"
#include "runtime/deploy/commands.h"
#include "runtime/deploy/identity.h"
#include "runtime/deploy/journal.h"
#include "runtime/deploy/screen.h"
#include "runtime/deploy/stack_status.h"
#include "runtime/manifest/manifest.h"

typedef struct StageStack {
    const ManifestStack *stack;
    AwsClient client; // of its region
    CfnStack now;     // as it was described last; without an id: it is not there
} StageStack;

typedef struct Console {
    const CommandContext *context;
    Arena *arena;
    const World *world;
    DeployOptions options; // --root made whole, --region settled
    const Manifest *manifest;
    Cred *cred;
    Identity identity;
    Str folder;       // of the stage, for journal and lock
    Journal *journal; // of commands that lock the stage
    Screen screen;
    Listener listener;
    VEC(StageStack) stacks; // all, or those that --stack names
} Console;

// Fills in `console`, which must stay where it is until console_close, whatever comes back.
// Anything but RESULT_DONE has been told. Refuses credentials of another account or partition than
// the program's, and regions that contradict each other.
DeployResult console_open(Console *console, const CommandContext *context);
// The same for a command that only gives an answer.
DeployResult console_open_answer(Console *console, const CommandContext *context);
void console_close(Console *console);
// Takes the stage for this process alone and opens its journal.
DeployResult console_lock(Console *console, const char *what);
// Notes in the journal, if it is open, what is about to be done (no outcome) or was. False: that
// could not be written, which has been told; then it must not be done.
bool console_record(
    Console *console, const StageStack *stack, JournalStep step, Str token, Str outcome);
// Describes each stack.
DeployResult console_look(Console *console);

// Tells of a stack; `stack`, `stack_name` and `region` are filled in. `stack` may be NULL.
void console_notify(Console *console, const StageStack *stack, Notice notice);
// Tells why a call failed and gives what that means for a command that has changed nothing.
DeployResult console_refused(
    Console *console, const StageStack *stack, const char *what, const AwsReply *reply);
// Asks at the terminal unless --yes was given. The answer must be `wanted`; "y" stands for yes as
// well. Else it is told that nothing was changed.
bool console_confirm(Console *console, Str question, Str wanted);
// A token for AWS that no other operation has.
Str console_token(const Console *console, const char *what);

#endif
