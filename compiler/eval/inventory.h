// What an elaborated stage is made of, for those who describe it rather than build it. Nothing
// here changes what was evaluated.
#ifndef ALTC_EVAL_INVENTORY_H
#define ALTC_EVAL_INVENTORY_H

#include "compiler/eval/evaluate.h"

typedef VEC(Instance *) InstanceList;

// Instances of components, also those inside others, as their files declare them: an instance
// stands before what is in it.
void evaluation_instances(Evaluation *ev, InstanceList *instances);
// A result of an instance; NULL when its component has none of this name, or it is null here.
Value *evaluation_result(Instance *instance, Str name);

typedef enum SettingSource {
    SETTING_DEFAULT,
    SETTING_COMMAND_LINE,
    SETTING_ENVIRONMENT, // `source_name` is the variable
    SETTING_VALUES_FILE
} SettingSource;

// A `var` of this stage, or one key of it.
typedef struct Setting {
    const Decl *decl;
    Str key; // STR_NONE without
    Value *value;
    bool secret;  // the value must not be shown, whatever it is
    VEC(Str) env; // names that are looked at, in order
    SettingSource source;
    Str source_name;
} Setting;

typedef VEC(Setting) SettingList;

// Every setting of every file, in the order of the source.
void evaluation_settings(Evaluation *ev, SettingList *settings);

#endif
