// What the actions of a run share.
#ifndef ALTC_DEPLOY_RUN_PRIV_H
#define ALTC_DEPLOY_RUN_PRIV_H

#include "runtime/deploy/run.h"

// A failure that passes by itself is tried again so often.
enum { RUN_TRIES = 5 };

// ---- actions, by their state ----

MachineOutcome run_look(StackRun *run);
MachineOutcome run_attach(StackRun *run);
MachineOutcome run_replace(StackRun *run);
MachineOutcome run_deleting(StackRun *run);
MachineOutcome run_tidy(StackRun *run);
MachineOutcome run_rename(StackRun *run);
MachineOutcome run_refactor(StackRun *run);
MachineOutcome run_verify(StackRun *run);
MachineOutcome run_move(StackRun *run);
MachineOutcome run_moving(StackRun *run);
MachineOutcome run_prepare(StackRun *run);
MachineOutcome run_find_change_set(StackRun *run);
MachineOutcome run_await(StackRun *run);
MachineOutcome run_read(StackRun *run);
MachineOutcome run_judge(StackRun *run);
MachineOutcome run_confirm(StackRun *run);
MachineOutcome run_protect(StackRun *run);
MachineOutcome run_execute(StackRun *run);
MachineOutcome run_check(StackRun *run);
MachineOutcome run_follow(StackRun *run);
MachineOutcome run_cancel(StackRun *run);
MachineOutcome run_discard(StackRun *run);
MachineOutcome run_secure(StackRun *run);
MachineOutcome run_outputs(StackRun *run);

// ---- what they use ----

// A notice of this run; the stack, its name and region are filled in.
void run_notify(StackRun *run, Notice notice);
void run_step_note(StackRun *run, const char *text);
// The plan by the templates alone, where no change set can be made. The run is done.
void run_plan_by_templates(StackRun *run);
// The plan where AWS says that nothing changes beside the names.
void run_plan_of_names(StackRun *run);
// Tells a problem, which settles the result.
void run_problem(StackRun *run, DeployResult result, Str text, Str hint);
// The same of a reply that is not ok: "AWS refuses to …: message", with its code. Keys that are
// missing or refused make it RESULT_IDENTITY, no answer REFUSED.
void run_problem_of(StackRun *run, DeployResult result, const char *what, const AwsReply *reply);
// --allow names this guard or logical id.
bool run_is_allowed(const StackRun *run, Str name);
// "Code: message", of the transport's error or AWS's.
Str run_reason(const AwsReply *reply);
// A template's text, or its address once it is uploaded when it is too long to go along. False: it
// cannot be uploaded, which is told.
bool run_place_template(StackRun *run, const ManifestStack *stack, Str *body, Str *url);
// The newest step of this kind of a deployment that was broken off, or NULL.
const JournalEntry *run_unfinished(const StackRun *run, JournalStep step);
// Asks at the terminal, unless --yes was given: DONE, DECLINED (which is told), or WAITING when
// somebody interrupts. The answer must be `wanted`; empty: yes.
MachineOutcome run_ask(StackRun *run, Str question, Str wanted);
// "nothing was changed", as far as that is so.
const char *run_nothing_changed(const StackRun *run);
// The program moves something of this stack.
bool run_has_moved(const StackRun *run);
// For a plan, in which nothing is renamed: the stack under the names that AWS still has, so that
// its change set tells what changes beside the names; and what that says, under the new names.
const ManifestStack *run_under_old_names(StackRun *run);
void run_take_new_names(StackRun *run, CfnChangeSet *set);
// Has a change set made, as `change_set` names it.
MachineOutcome run_request_change_set(StackRun *run, const CfnChangeSetRequest *request);
// What it means for a deployment how uploads ended.
DeployResult run_assets_result(AssetsResult result);
// Writes the journal before and after a step. False: it cannot be written, which is told; then the
// step must not be taken.
bool run_begin(StackRun *run, JournalStep step, Str subject, Str token);
void run_end(StackRun *run, JournalStep step, Str subject, const AwsReply *reply);
// Tells what early validation found of the change set, of one mode ("FAIL", "WARN"). False: there
// is nothing to tell, or it cannot be read.
bool run_tell_findings(StackRun *run, const char *mode, NoticeKind kind);
// WAITING, with the time until the next look.
MachineOutcome run_wait(StackRun *run, int64_t milliseconds);
// Tries again after a while what no answer, or throttling, kept from being known: WAITING, until
// RUN_TRIES are used up; then `outcome`.
MachineOutcome run_retry(StackRun *run, MachineOutcome outcome);
// A ClientToken or ClientRequestToken for what is about to be done; the same each time it is tried.
Str run_token(StackRun *run, const char *what);
bool run_stopped(const StackRun *run);
// Follows what goes on; `token` and `since` may be empty.
void run_start_following(StackRun *run, Str token, Str since);
void run_stop_following(StackRun *run);
// The stack's own data, copied from what was described.
void run_take_stack(StackRun *run, const CfnStack *stack);
// The template's text as JSON data, or NULL.
const Datum *run_parse_template(Arena *arena, Str text);
// What was read of a change set, and the plan, is not needed any more.
void run_forget_review(StackRun *run);

#endif
