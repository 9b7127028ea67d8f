# What is generated while building. Included by the Makefile; each generator adds its sources to
# GEN_SRCS (compiled and linked like any other) and its headers to GEN_HEADERS.

GEN_OBJS = $(call object,$(GEN_SRCS))
GEN_HEADERS ?=

# Build-time tools are plain C programs of one file.
$(GEN)/tools/%: spec/tools/%.c
	$(call say,TOOL,$<)
	@mkdir -p $(@D)
	$(Q)gcc -std=c17 -D_POSIX_C_SOURCE=200809L $(WARN) -O1 -I. -o $@ $<

# ---- pages of diagnostics, the standard library and the starters as constant texts ----

GEN_SRCS += $(GEN)/embedded.c
EMBEDDED_PAGES := $(sort $(wildcard spec/diagnostics/ALT*.md))
EMBEDDED_STD := $(sort $(wildcard templates/std/*.alt))
# Files and folders in a starter: at most two folders deep.
STARTER_PATHS := $(wildcard templates/starters $(addprefix templates/starters/,* */* */*/* */*/*/*))
EMBEDDED_STARTERS := $(sort $(foreach p,$(STARTER_PATHS),$(if $(wildcard $(p)/.),,$(p))))

# The folders are named too: their time changes when a file is taken out.
$(GEN)/embedded.c: $(GEN)/tools/embed $(EMBEDDED_PAGES) $(EMBEDDED_STD) \
    $(EMBEDDED_STARTERS) $(wildcard spec/diagnostics templates/std) $(STARTER_PATHS)
	$(call say,EMBED,$@)
	$(Q)$(GEN)/tools/embed $@ --as diagnostics $(EMBEDDED_PAGES) --as std $(EMBEDDED_STD) \
	    --below templates $(EMBEDDED_STARTERS)

# ---- the database of resource types ----

GEN_SRCS += $(GEN)/schema_data.c
SCHEMA_TEXTS := $(sort $(wildcard spec/resources/*.txt))
SCHEMA_PATCHES := $(sort $(wildcard spec/patches/*.patch))
SPECC_SRCS := $(sort $(wildcard spec/tools/specc/*.c)) compiler/schema/schema.c \
    compiler/schema/type.c $(addprefix compiler/base/,arena.c buf.c map.c str.c)

$(GEN)/tools/specc: $(SPECC_SRCS) spec/tools/specc/specc.h $(wildcard compiler/schema/*.h)
	$(call say,TOOL,$@)
	@mkdir -p $(@D)
	$(Q)gcc -std=c17 -D_POSIX_C_SOURCE=200809L $(WARN) -O2 -I. -o $@ $(SPECC_SRCS) -lpcre2-8

# Writes schema.bin beside the C file that takes it in.
$(GEN)/schema_data.c: $(GEN)/tools/specc $(SCHEMA_TEXTS) $(SCHEMA_PATCHES) \
    $(wildcard spec/resources spec/patches)
	$(call say,SPECC,$@)
	$(Q)$(GEN)/tools/specc $(GEN)/schema.bin $@ $(SCHEMA_TEXTS) --patches $(SCHEMA_PATCHES) \
	    > $(GEN)/schema.log
