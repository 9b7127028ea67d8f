// The bytes that are written: templates, and the manifest beside them.
#ifndef ALTC_EMIT_EMIT_H
#define ALTC_EMIT_EMIT_H

#include "compiler/base/buf.h"
#include "compiler/model/model.h"

typedef enum EmitFormat { EMIT_JSON, EMIT_YAML } EmitFormat;

// Adds the template of one stack, ended by a newline.
void emit_template(Buf *out, const Stack *stack, EmitFormat format);
// Adds the manifest of a stage as JSON, ended by a newline: app, stage, stacks, assets,
// protections, inputs, and the source map of every emitted value. spec/manifest.md has the format.
// `hashes` holds the SHA-256 in hex of each stack's template file, in the order of the stacks;
// NULL: there are no files.
void emit_manifest(Buf *out, const StageModel *model, const Str *hashes, Sources *sources);

#endif
