# What is generated while building. Included by the Makefile; each generator adds its sources to
# GEN_SRCS (compiled and linked like any other) and its headers to GEN_HEADERS.

GEN_OBJS = $(call object,$(GEN_SRCS))
GEN_HEADERS ?=

# Build-time tools are plain C programs of one file.
$(GEN)/tools/%: spec/tools/%.c
	$(call say,TOOL,$<)
	@mkdir -p $(@D)
	$(Q)gcc -std=c17 -D_POSIX_C_SOURCE=200809L $(WARN) -O1 -I. -o $@ $<

# ---- pages of diagnostics and the standard library as constant texts ----

GEN_SRCS += $(GEN)/embedded.c
EMBEDDED_PAGES := $(sort $(wildcard spec/diagnostics/ALT*.md))
EMBEDDED_STD := $(sort $(wildcard templates/std/*.alt))

# The folders are named too: their time changes when a file is taken out.
$(GEN)/embedded.c: $(GEN)/tools/embed $(EMBEDDED_PAGES) $(EMBEDDED_STD) \
    $(wildcard spec/diagnostics templates/std)
	$(call say,EMBED,$@)
	$(Q)$(GEN)/tools/embed $@ --as diagnostics $(EMBEDDED_PAGES) --as std $(EMBEDDED_STD)
