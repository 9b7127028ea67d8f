// What an unquoted YAML 1.1 scalar means to CloudFormation.
#ifndef ALTC_DATA_SCALAR_H
#define ALTC_DATA_SCALAR_H

#include "compiler/base/str.h"

typedef enum ScalarForm {
    SCALAR_STRING,
    SCALAR_NULL,              // ~ null, nothing at all
    SCALAR_TRUE,              // true yes on
    SCALAR_FALSE,             // false no off
    SCALAR_DECIMAL,           // 80 1_000
    SCALAR_RADIX,             // 0b101 017 0x1F
    SCALAR_SEXAGESIMAL,       // 1:30, an int to the base 60
    SCALAR_FLOAT,             // 1.0 .5 1e3 089
    SCALAR_SEXAGESIMAL_FLOAT, // 1:30.5
    SCALAR_NOT_FINITE,        // .inf .nan
    SCALAR_COUNT
} ScalarForm;

// A date is a string, and so is a number to another base than ten of more than 400 bytes.
ScalarForm scalar_form(Str text);
bool scalar_is_number(ScalarForm form);
// The same number as a JSON literal: `0x1F` gives 31, `+1_000.` gives 1000.0. For a text whose
// form is a number.
Str scalar_json_digits(Arena *arena, Str text);

#endif
