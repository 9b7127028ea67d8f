// The frame of every command on the stacks of a stage: the manifest, credentials that fit it, the
// stacks as AWS describes them, a screen, and the lock and journal of those that change something.
#ifndef ALTC_DEPLOY_CONSOLE_H
#define ALTC_DEPLOY_CONSOLE_H

#include "compiler/base/buf.h"
#include "runtime/assets/assets.h"
#include "runtime/aws/cfn.h"
#include "runtime/deploy/commands.h"
#include "runtime/deploy/identity.h"
#include "runtime/deploy/journal.h"
#include "runtime/deploy/screen.h"
#include "runtime/deploy/stack_status.h"
#include "runtime/deploy/run.h"
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
    int64_t deadline; // of --timeout, by World.steady; 0: none
    Screen screen;
    Listener listener;
    VEC(StageStack) stacks; // all, or those that --stack names
    Buf answer;             // printed at the end
    const void *about;      // of the ConsoleCommand
    AssetsSetup setup;      // of `assets`
    Assets *assets;         // by console_assets
} Console;

typedef struct ConsoleCommand {
    bool answers;     // standard output is for the answer alone, messages go to standard error
    const char *lock; // it takes the stage for its process alone, under this word; or NULL
    // What it does once all stacks have been looked at: `work`, or else `each` with every stack.
    DeployResult (*work)(Console *console);
    DeployResult (*each)(Console *console, StageStack *stack);
    const void *about; // for `work` or `each`, by Console.about
} ConsoleCommand;

// Runs a command from its beginning to its exit code. What keeps it from its work is told: files
// that do not fit, credentials of another account or partition than the program's, regions that
// contradict each other, a lock that another has, stacks that cannot be looked at.
int console_run(const CommandContext *context, const ConsoleCommand *command);
// The worst result of `each` of the stacks; RESULT_DONE when all are fine.
DeployResult console_each(
    Console *console, DeployResult (*each)(Console *console, StageStack *stack));

// Notes in the journal, if it is open, what is about to be done (no outcome) or was. False: that
// could not be written, which has been told; then it must not be done.
bool console_record(
    Console *console, const StageStack *stack, JournalStep step, Str token, Str outcome);
// The deployed template of a stack. Anything but RESULT_DONE has been told.
DeployResult console_template(Console *console, StageStack *stack, const Datum **template_);
// What uploads, and empties buckets, in the account. Made when it is needed first.
Assets *console_assets(Console *console);

// A deployment of what the console has, without runs; `id` is its name.
Deployment console_deployment(Console *console, Str id);

// A member of a JSON object, after what stands before it: "{" or ",".
void console_add_member(Buf *out, const char *before, const char *name, Str value);
// The same after a ",", unless the value is empty.
void console_add_known(Buf *out, const char *name, Str value);

// Tells of a stack; `stack`, `stack_name` and `region` are filled in. `stack` may be NULL.
void console_notify(Console *console, const StageStack *stack, Notice notice);
// Tells a problem of a stack, which may be NULL, and gives `result` back.
DeployResult console_fail(
    Console *console, const StageStack *stack, DeployResult result, Str text, Str hint);
// Tells that a stack "takes no import", or whatever, in the status that it is in.
DeployResult console_refuse_status(
    Console *console, const StageStack *stack, const char *takes_no_what);
// Tells why a call failed and gives what that means for a command that has changed nothing.
DeployResult console_refused(
    Console *console, const StageStack *stack, const char *what, const AwsReply *reply);
// Asks at the terminal unless --yes was given. The answer must be `wanted`; "y" stands for yes as
// well. Else it is told that nothing was changed.
bool console_confirm(Console *console, Str question, Str wanted);
// A token for AWS that no other operation has.
Str console_token(const Console *console, const char *what);

#endif
