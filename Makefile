# altc: everything is built into build/, nothing else is written. `make help` lists the targets.
#
#   make                     build/altc, the release program
#   make check               all that must hold before a change lands
#   make VARIANT=asan unit   the unit tests under AddressSanitizer and UBSan
#
# All paths are relative, so the tree may lie anywhere, also below a path with spaces.

VARIANT ?= release
PREFIX ?= /usr/local
DESTDIR ?=
# 1 shows the commands.
V ?=
# Rewrites the expectations of cases (all that `CASE` matches): 1, or `diag` for findings too.
UPDATE ?=
CASE ?=

VERSION := $(shell cat spec/VERSION 2>/dev/null || echo 0.0.0)

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
SHELL := /bin/sh

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

# ---- variants ----

OUT := build/$(VARIANT)
GEN := build/gen

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
    -Wvla -Wwrite-strings -Wundef -Wformat=2 $(if $(CI),-Werror)
CPPFLAGS := -D_XOPEN_SOURCE=700 -DALTC_VERSION='"$(VERSION)"' -I. -I$(GEN)
CFLAGS_COMMON := -std=c17 $(WARN)

# Editors and hooks start altc for each file. The least of 1,000 runs of `altc --version`: static
# 0.42 ms, only libyaml, PCRE2 and libcrypto static 0.57 ms, dynamic 1.20 ms (/bin/true: 0.71 ms).
CC_release := gcc
CFLAGS_release := -O2 -DNDEBUG -ffunction-sections -fdata-sections -fno-pie
LDFLAGS_release := -static -no-pie -Wl,--gc-sections -s

CC_debug := gcc
CFLAGS_debug := -O0 -g
LDFLAGS_debug :=

CC_asan := gcc
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
    -fno-sanitize-recover=undefined
LDFLAGS_asan := -fsanitize=address,undefined

CC_fuzz := clang
CFLAGS_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
    -fno-sanitize-recover=undefined
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined

CC_cov := gcc
CFLAGS_cov := -O0 -g --coverage
LDFLAGS_cov := --coverage

VARIANTS := release debug asan fuzz cov
$(if $(filter $(VARIANT),$(VARIANTS)),,$(error VARIANT must be one of: $(VARIANTS)))

CC := $(CC_$(VARIANT))
CFLAGS := $(CFLAGS_COMMON) $(CFLAGS_$(VARIANT)) $(EXTRA_CFLAGS)
LDFLAGS := $(LDFLAGS_$(VARIANT))
LIBS := -lyaml -lpcre2-8 -lcrypto -lm
DEPLOY_LIBS := -lcurl -lexpat -larchive
# libarchive brings XML, ICU and C++ along for formats that a writer of zips has no use for: taken
# from its archive, with expat, altc-deploy starts in two thirds of the time and with 3 MB less.
# What the archive itself needs, libcurl's libraries have loaded already.
DEPLOY_LIBS_release := -Wl,--copy-dt-needed-entries -lcurl -l:libexpat.a -l:libarchive.a -lz
TEST_LIBS := $(LIBS) $(DEPLOY_LIBS) -lssl -lcmocka -ljansson

# ---- sources ----

SRCS := $(sort $(wildcard compiler/*/*.c runtime/*/*.c))
MAIN_SRC := compiler/cli/main.c
DEPLOY_MAIN_SRC := runtime/deploy/main.c
# The compiler links no network code: what talks to AWS is a library and a program of its own. Both
# compare templates.
PLAN_SRCS := $(filter runtime/plan/% runtime/manifest/% runtime/notice/%,$(SRCS))
LIB_SRCS := $(filter-out $(MAIN_SRC) runtime/%,$(SRCS)) $(PLAN_SRCS)
DEPLOY_SRCS := $(filter-out $(DEPLOY_MAIN_SRC) $(PLAN_SRCS),$(filter runtime/%,$(SRCS)))
UNIT_SRCS := $(sort $(wildcard tests/unit/*/test_*.c))
FUZZ_SRCS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
SUPPORT_SRCS := $(sort $(wildcard tests/support/*.c))
ALT_SRCS := $(sort $(wildcard templates/std/*.alt))
PAGES := $(sort $(wildcard spec/diagnostics/*.md))

include $(wildcard spec/tools/gen.mk)

object = $(patsubst %,$(OUT)/obj/%.o,$(basename $(1)))
LIB_OBJS := $(call object,$(LIB_SRCS)) $(GEN_OBJS)
LIB := $(OUT)/libaltc.a
DEPLOY_OBJS := $(call object,$(DEPLOY_SRCS))
DEPLOY_LIB := $(OUT)/libaltc-deploy.a
UNITS := $(patsubst tests/unit/%.c,$(OUT)/unit/%,$(UNIT_SRCS))
FUZZERS := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(FUZZ_SRCS))
REPLAYS := $(patsubst tests/fuzz/%.c,$(OUT)/replay/%,$(FUZZ_SRCS))

# ---- building ----

.PHONY: all
ifeq ($(VARIANT),release)
all: build/altc build/altc-deploy
else
all: $(OUT)/altc $(OUT)/altc-deploy
endif

build/altc build/altc-deploy: build/%: build/release/%
	$(Q)cp -p $< $@.tmp && mv $@.tmp $@

# Written anew only when the flags change; every object depends on it.
FLAGS_TEXT := $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)
$(OUT)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS_TEXT))' | cmp -s - $@ || \
	    printf '%s\n' '$(subst ','\'',$(FLAGS_TEXT))' > $@
.PHONY: FORCE
FORCE:

$(OUT)/obj/%.o: %.c $(OUT)/flags | $(GEN_HEADERS)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJS)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcsD $@ $(LIB_OBJS)

$(DEPLOY_LIB): $(DEPLOY_OBJS)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcsD $@ $(DEPLOY_OBJS)

$(OUT)/altc: $(call object,$(MAIN_SRC)) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out -fsanitize=fuzzer%,$(LDFLAGS)) -o $@ $^ $(LIBS)

$(OUT)/altc-deploy: $(call object,$(DEPLOY_MAIN_SRC)) $(DEPLOY_LIB) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out -static -fsanitize=fuzzer%,$(LDFLAGS)) -o $@ $^ \
	    -Wl,--as-needed $(LIBS) $(or $(DEPLOY_LIBS_$(VARIANT)),$(DEPLOY_LIBS))

$(OUT)/unit/%: $(OUT)/obj/tests/unit/%.o $(DEPLOY_LIB) $(LIB)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(filter-out -static -s,$(LDFLAGS)) -o $@ $^ -Wl,--as-needed $(TEST_LIBS)

$(OUT)/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(DEPLOY_LIB) $(LIB)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -Wl,--as-needed $(LIBS) $(DEPLOY_LIBS)

$(OUT)/replay/%: $(OUT)/obj/tests/fuzz/%.o $(call object,tests/support/fuzz_replay.c \
    tests/support/case_files.c) $(DEPLOY_LIB) $(LIB)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(filter-out -static,$(LDFLAGS)) -o $@ $^ -Wl,--as-needed $(LIBS) $(DEPLOY_LIBS)

$(OUT)/case_runner: $(call object,$(sort $(wildcard tests/support/case_*.c))) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out -static,$(LDFLAGS)) -o $@ $^ $(TEST_LIBS)

$(OUT)/uploads: $(call object,tests/uploads/driver.c) $(DEPLOY_LIB) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out -static -s,$(LDFLAGS)) -o $@ $^ -Wl,--as-needed $(LIBS) \
	    $(or $(DEPLOY_LIBS_$(VARIANT)),$(DEPLOY_LIBS))

-include $(patsubst %.o,%.d,$(call object,$(SRCS) tests/uploads/driver.c $(UNIT_SRCS) $(FUZZ_SRCS) $(SUPPORT_SRCS)))
.SECONDARY:

# ---- tests ----

.PHONY: deps
deps:
	@sh tests/support/install-deps.sh

.PHONY: demo
demo: deps
	@$(MAKE) --no-print-directory all
	@sh tests/support/demo.sh

# In this order, so that what fails fast fails first; the summary is the sum of all.
.PHONY: check
check: deps
	@sh tests/support/check.sh

.PHONY: unit units
units: $(UNITS)
unit: $(UNITS)
	@sh tests/support/run-units.sh $(OUT)/unit $(UNITS)

.PHONY: cases golden conformance diag
cases: $(OUT)/case_runner
	@UPDATE='$(UPDATE)' CASE='$(CASE)' $< tests/conformance tests/golden tests/diag
golden conformance diag: $(OUT)/case_runner
	@UPDATE='$(UPDATE)' CASE='$(CASE)' $< tests/$@

.PHONY: cli
cli: all
	@ALTC='$(if $(filter release,$(VARIANT)),build/altc,$(OUT)/altc)' sh tests/cli/run.sh

# The stand-in for AWS that the deployer is tested with.
# altc deploy against the stand-in for AWS; PATTERN=… runs those that match.
PATTERN ?=
.PHONY: deploy
deploy: all
	@ALTC='$(if $(filter release,$(VARIANT)),build/altc,$(OUT)/altc)' sh tests/deploy/run.sh $(PATTERN)

# kill -9 at ROUNDS random moments of a deployment; make check takes fewer.
ROUNDS ?= 200
.PHONY: kill
kill: all
	@python3 tests/deploy/kill.py $(ROUNDS)

# Commands that watch and mend stacks, and the view in a terminal, against the stand-in.
.PHONY: operate
operate: all
	@ALTC='$(if $(filter release,$(VARIANT)),build/altc,$(OUT)/altc)' sh tests/operate/run.sh $(PATTERN)

.PHONY: standin
standin:
	@sh tests/standin/run.sh

# Assets and sites against the stand-in.
.PHONY: uploads
uploads: all
	@$(MAKE) --no-print-directory VARIANT=asan build/asan/uploads
	@sh tests/uploads/run.sh build/asan/uploads build/altc

# What `altc plan` says of two programs or templates.
.PHONY: plan
plan: all
	@ALTC='$(if $(filter release,$(VARIANT)),build/altc,$(OUT)/altc)' UPDATE='$(UPDATE)' \
	    sh tests/plan/run.sh '$(CASE)'

# The tests of what lies in templates/, and the examples on its pages.
.PHONY: alt
alt: all
	@sh tests/alt/run.sh

.PHONY: asan
asan:
	@$(MAKE) --no-print-directory VARIANT=asan unit cases cli plan

# Two minutes for each target, or SECONDS=n; the corpus that is kept is tests/fuzz/corpus/.
SECONDS ?= 120
.PHONY: fuzz fuzz-replay
fuzz:
	@$(MAKE) --no-print-directory VARIANT=fuzz fuzz-run SECONDS=$(SECONDS)
.PHONY: fuzz-run
fuzz-run: $(FUZZERS)
	@sh tests/support/run-fuzzers.sh $(SECONDS) $(FUZZERS)
fuzz-replay: $(REPLAYS)
	@sh tests/support/replay-fuzz.sh $(REPLAYS)

.PHONY: coverage
coverage:
	@$(MAKE) --no-print-directory VARIANT=cov unit cases cli
	@sh tests/support/coverage.sh build/cov

.PHONY: bench
bench: all $(OUT)/uploads
	@sh tests/bench/run.sh

.PHONY: interop
interop: all $(OUT)/uploads
	@sh tests/interop/run.sh

# ---- structure ----

C_FILES := $(sort $(wildcard compiler/*/*.[ch] runtime/*/*.[ch] tests/*/*.[ch] tests/unit/*/*.[ch] \
    spec/tools/*.[ch]))

.PHONY: format format-check
format:
	$(Q)clang-format -i $(C_FILES)
format-check:
	$(Q)clang-format --dry-run -Werror $(C_FILES)

STRUCTURE := headers layers globals symbols size conformance docs
.PHONY: check-structure $(addprefix check-,$(STRUCTURE))
check-structure: $(addprefix check-,$(STRUCTURE))
check-headers check-layers check-size:
	@CPPFLAGS='-D_XOPEN_SOURCE=700 -I. -I$(GEN)' sh tests/$@.sh
check-globals check-symbols: $(LIB) $(DEPLOY_LIB)
	@sh tests/$@.sh $(OUT)
check-conformance check-docs: all
	@ALTC=build/altc sh tests/$@.sh

# ---- the type database ----

.PHONY: spec-update
spec-update:
	spec/import/update

# ---- installing ----

BINDIR = $(DESTDIR)$(PREFIX)/bin
SHAREDIR = $(DESTDIR)$(PREFIX)/share
INSTALLED = '$(BINDIR)/altc' '$(BINDIR)/altc-deploy' '$(SHAREDIR)/man/man1/altc.1' \
    '$(SHAREDIR)/bash-completion/completions/altc' '$(SHAREDIR)/zsh/site-functions/_altc' \
    '$(SHAREDIR)/fish/vendor_completions.d/altc.fish' '$(SHAREDIR)/vim/vimfiles/compiler/altc.vim' \
    '$(SHAREDIR)/altc/documentation.txt'

.PHONY: install uninstall
install: all
	install -d '$(BINDIR)' '$(SHAREDIR)/man/man1' '$(SHAREDIR)/bash-completion/completions' \
	    '$(SHAREDIR)/zsh/site-functions' '$(SHAREDIR)/fish/vendor_completions.d' \
	    '$(SHAREDIR)/vim/vimfiles/compiler'
	install -m 755 build/altc build/altc-deploy '$(BINDIR)'
	build/altc help --format man > '$(SHAREDIR)/man/man1/altc.1'
	build/altc help --format bash > '$(SHAREDIR)/bash-completion/completions/altc'
	build/altc help --format zsh > '$(SHAREDIR)/zsh/site-functions/_altc'
	build/altc help --format fish > '$(SHAREDIR)/fish/vendor_completions.d/altc.fish'
	install -d '$(SHAREDIR)/altc'
	[ ! -f spec/documentation.txt ] || \
	    install -m 644 spec/documentation.txt '$(SHAREDIR)/altc/documentation.txt'
	install -m 644 spec/editors/vim/compiler/altc.vim '$(SHAREDIR)/vim/vimfiles/compiler/altc.vim'
uninstall:
	rm -f $(INSTALLED)
	-rmdir '$(SHAREDIR)/altc' 

.PHONY: deb
deb: all
	@MAKE='$(MAKE)' sh tests/support/make-deb.sh $(VERSION)

.PHONY: dist
dist:
	@mkdir -p build
	git archive --prefix=altc-$(VERSION)/ -o build/altc-$(VERSION).tar.gz HEAD

.PHONY: compile_commands.json
compile_commands.json:
	@mkdir -p build
	@sh tests/support/compile-commands.sh '$(CC) $(subst ','\'',$(CPPFLAGS)) $(CFLAGS)' $(SRCS) \
	    > build/compile_commands.json

.PHONY: clean
clean:
	rm -rf build

.PHONY: help
help:
	@sh tests/support/make-help.sh
