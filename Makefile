# bamboo: `make help` says what there is.
HEADER_VERSION := $(shell sed -n 's/^.define BAMBOO_VERSION *"\(.*\)"/\1/p' include/bamboo_version.h)
VERSION := $(HEADER_VERSION)
PREFIX  ?= /usr/local
MODE    ?= release
BUILD   := build/$(MODE)
GENERATED := build/generated
PACKAGES := sqlite3 libuv json-c yaml-0.1 nettle gmp

CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
WARNINGS := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wswitch-enum \
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef -Wwrite-strings \
	-Wnull-dereference -Wpointer-arith
# gcc packs neighbouring numbers into vector registers, which makes the way of a token longer: a
# transition takes 3 % more of the processor with it.
CFLAGS_release := -O2 -g -fno-tree-slp-vectorize
CFLAGS_debug := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all -DBAMBOO_DEBUG=1
# As debug without sanitizers, which make fork() and death slow.
CFLAGS_crash := -O1 -g -DBAMBOO_DEBUG=1
CFLAGS_valgrind := -O1 -g
CFLAGS_coverage := -O0 -g --coverage
CFLAGS_fuzz := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
# _GNU_SOURCE: pidfd_open, posix_spawn_file_actions_addchdir_np, open file description locks.
CPPFLAGS += -D_GNU_SOURCE -I. -I$(GENERATED) $(PACKAGE_CFLAGS)
ALL_CFLAGS = -std=c11 -fPIC -fvisibility=hidden $(CFLAGS_$(MODE)) $(CFLAGS)
PACKAGE_CFLAGS = $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
# liblzma becomes a part of us: one more shared library would cost each start 0.1 ms, and few need it.
LIBLZMA = -l:liblzma.a -Wl,--exclude-libs,liblzma.a
LDLIBS = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) $(LIBLZMA) -ldl -lpthread -lm
LDFLAGS_MODE = $(filter -fsanitize=address%,$(CFLAGS_$(MODE))) $(filter --coverage,$(CFLAGS_$(MODE)))

ifneq ($(VERSION),$(HEADER_VERSION))
ifneq ($(MAKECMDGOALS),version)
$(error these are the sources of $(HEADER_VERSION); `make version VERSION=$(VERSION)` makes them those of $(VERSION))
endif
endif

# Rooms, users before what they use (tools/layers says who may include whom).
LIBRARY_ROOMS := api compiler grammar vm/engine stdlib vm/run template vm/store bytecode base
ROOMS := cli $(LIBRARY_ROOMS)
# Rooms with a grammar: <room>/<name>.y and .l become <name>_parser and <name>_scanner.
GRAMMAR_ROOMS := grammar template
GRAMMARS := $(basename $(wildcard $(GRAMMAR_ROOMS:%=%/*.y)))
SCANNERS := $(basename $(wildcard $(GRAMMAR_ROOMS:%=%/*.l)))

room_sources = $(wildcard $(1)/*.c)
room_objects = $(patsubst %.c,$(BUILD)/%.o,$(call room_sources,$(1)))
room_archive = $(BUILD)/$(1)/room.a
generated_objects = $(GRAMMARS:%=$(BUILD)/generated/%_parser.o) $(SCANNERS:%=$(BUILD)/generated/%_scanner.o)
parser_headers = $(GRAMMARS:%=$(GENERATED)/%_parser.h) $(SCANNERS:%=$(GENERATED)/%_scanner.h)
ARCHIVES := $(foreach room,$(LIBRARY_ROOMS),$(call room_archive,$(room)))

.PHONY: all
all: bamboo ## build ./bamboo (the default)

bamboo: $(BUILD)/bamboo
	@ln -sf $< $@

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

# --- What everything is made of ---

define room_rule
$$(call room_archive,$(1)): $$(call room_objects,$(1)) $$(filter $(BUILD)/generated/$(1)/%,$$(generated_objects))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_rule,$(room))))

$(BUILD)/%.o: %.c | $(parser_headers)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

# make would make x.c out of x.y by itself.
%.c: %.y
%.c: %.l

# Generated code is not held to our warnings.
$(BUILD)/generated/%.o: $(GENERATED)/%.c | $(parser_headers)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(GENERATED)/%_parser.c $(GENERATED)/%_parser.h &: %.y tools/join_grammar.awk
	@mkdir -p $(@D)
	@awk -f tools/join_grammar.awk $< >$(GENERATED)/$*.y
	bison -Wall -Werror --defines=$(GENERATED)/$*_parser.h -o $(GENERATED)/$*_parser.c $(GENERATED)/$*.y
$(GENERATED)/grammar/flow_parser.c: $(wildcard grammar/flow_*.rules)

$(GENERATED)/%_scanner.c $(GENERATED)/%_scanner.h &: %.l
	@mkdir -p $(@D)
	flex --header-file=$(GENERATED)/$*_scanner.h -o $(GENERATED)/$*_scanner.c $<

$(BUILD)/libbamboo.a: $(ARCHIVES)
	@rm -f $@
	@ar qcs $@ $(foreach room,$(LIBRARY_ROOMS),$(call room_objects,$(room))) $(generated_objects)

$(BUILD)/libbamboo.so.0: $(ARCHIVES)
	$(CC) -shared -Wl,-soname,libbamboo.so.0 $(LDFLAGS_MODE) $(LDFLAGS) -o $@ \
		-Wl,--whole-archive $(ARCHIVES) -Wl,--no-whole-archive $(LDLIBS)

# The whole library goes in, and its public functions are exported: plugins use them.
$(BUILD)/bamboo: $(call room_archive,cli) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -rdynamic -o $@ $< -Wl,--whole-archive $(ARCHIVES) \
		-Wl,--no-whole-archive $(LDLIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# --- Development ---

.PHONY: deps
deps: ## install every Debian package that is needed (through sudo where that is needed)
	@tools/install_packages.sh

.PHONY: debug
debug: ## build build/debug/bamboo with AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory MODE=debug build/debug/bamboo

# Unit tests: tests/unit/<room>/test_<module>.c, linked with the room and those below it.
# `make unit ROOM=base MODE=debug` builds and runs those of one room.
ROOM ?= $(LIBRARY_ROOMS)
unit_sources = $(foreach room,$(ROOM),$(wildcard tests/unit/$(room)/test_*.c))
unit_programs = $(patsubst %.c,$(BUILD)/%,$(unit_sources))

define unit_rule
$(BUILD)/tests/unit/$(1)/test_%: $(BUILD)/tests/unit/$(1)/test_%.o $(foreach room,$(call rooms_below,$(1)),$(call room_archive,$(room)))
	@echo "  LINK  $$@"
	@$$(CC) $$(LDFLAGS_MODE) $$(LDFLAGS) -rdynamic -o $$@ $$< $(foreach room,$(call rooms_below,$(1)),$(call room_archive,$(room))) -lcmocka $$(LDLIBS)
endef
# A room may include these. stdlib's activities are the machine's, so its tests link vm/run; tests of
# vm/run write their flows as text, so they link the compiler; templates call stdlib's methods.
unit_extras = $(if $(filter stdlib,$(1)),vm/run template bytecode) $(if $(filter vm/run,$(1)),compiler grammar) \
	$(if $(filter template,$(1)),stdlib)
rooms_below = $(filter $(shell sed -n 's|^$(1) ||p' tools/layers) $(unit_extras),$(LIBRARY_ROOMS))
$(foreach room,$(LIBRARY_ROOMS),$(eval $(call unit_rule,$(room))))

.PRECIOUS: $(BUILD)/%.o

.PHONY: unit
unit: $(unit_programs)
	@failed=0; for program in $(unit_programs); do \
		$$program >$$program.log 2>&1 || { cat $$program.log; failed=1; }; \
		grep -h -E 'test\(s\)\.$$' $$program.log | sed "s|^|$${program#$(BUILD)/tests/unit/}: |"; \
	done; exit $$failed

# --- Tests ---

.PHONY: test
test: deps ## everything that must hold: units, language, commands, corpus, crashes; ends with a count
	@$(MAKE) --no-print-directory MODE=debug run-tests

.PHONY: run-tests
run-tests: layers headers calls $(BUILD)/bamboo $(unit_programs) fuzz-replays plugins $(BUILD)/tests/conformance/run_cases \
	$(BUILD)/tests/property/property $(BUILD)/tests/simulate/simulate \
	$(BUILD)/tests/powerloss/powerloss $(BUILD)/tests/faults/faults $(BUILD)/tests/faults/commands
	@$(MAKE) --no-print-directory MODE=crash build/crash/tests/crash/points
	@BUILD=$(BUILD) BAMBOO=$(CURDIR)/$(BUILD)/bamboo tests/run.sh

.PHONY: generate
generate: $(parser_headers) ## run flex and bison

.PHONY: headers
headers: ## each header compiles alone, those of include/ as C++ too
	@for header in $$(git ls-files -co --exclude-standard '*.h' | grep -v -E '^(tests|bench)/|execute_value.h'); do \
		echo "#include \"$$header\"" | \
			$(CC) $(CPPFLAGS) -std=c11 $(filter-out -Wpedantic,$(WARNINGS)) -fsyntax-only -x c - || exit 1; \
	done
	@for header in include/*.h; do \
		echo "#include \"$$header\"" | clang -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -I. -fsyntax-only - || exit 1; \
	done
	@printf '#include "include/bamboo.h"\nconst char *version() { return bamboo_version(); }\n' | \
		clang -x c++ -std=c++11 -I. -S -o - - | grep -qw bamboo_version

FUZZ_TARGETS := flow image expression tree yaml rule template
FUZZ_SECONDS ?= 600
fuzz_rooms := compiler grammar stdlib vm/run template bytecode base
fuzz_archives = $(foreach room,$(fuzz_rooms),$(call room_archive,$(room)))

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay_corpus.o $(fuzz_archives)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $(filter %.o,$^) $(fuzz_archives) $(LDLIBS)

build/fuzz/tests/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o $(fuzz_archives)
	$(CC) -fsanitize=address,undefined,fuzzer $(LDFLAGS) -o $@ $< $(fuzz_archives) $(LDLIBS)

.PHONY: fuzz-replays
fuzz-replays: $(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/replay_%)

.PHONY: fuzz
fuzz: ## fuzz every door with libFuzzer for FUZZ_SECONDS each (T=image: only that one)
	@$(MAKE) --no-print-directory MODE=fuzz CC=clang run-fuzz

.PHONY: run-fuzz
run-fuzz: $(patsubst %,build/fuzz/tests/fuzz/fuzz_%,$(or $(T),$(FUZZ_TARGETS)))
	@for target in $(or $(T),$(FUZZ_TARGETS)); do \
		mkdir -p build/fuzz/found/$$target; \
		echo "== $$target, $(FUZZ_SECONDS) s"; \
		build/fuzz/tests/fuzz/fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix=build/fuzz/found/$$target- \
			build/fuzz/found/$$target tests/fuzz/corpus/$$target || exit 1; \
	done

# Plugins that tests and examples load.
.PHONY: plugins
plugins: $(patsubst %.c,$(BUILD)/%.so,$(wildcard examples/plugin.c tests/plugin/*.c tests/conformance/components.c))
$(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(WARNINGS) $(LDFLAGS_MODE) -MMD -MP -MT $@ -MF $(@:.so=.d) -shared -o $@ $<

# The recorded cases of bamboo-engine: `make conformance CASES=DIR`, `make conformance NAME=retry`.
CASES ?= tests/conformance/cases
conformance_objects = $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/components.c,$(wildcard tests/conformance/*.c)))
$(BUILD)/tests/conformance/run_cases: $(conformance_objects) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -rdynamic -o $@ $(conformance_objects) -Wl,--whole-archive \
		$(ARCHIVES) -Wl,--no-whole-archive $(LDLIBS)

.PHONY: conformance
conformance: $(BUILD)/tests/conformance/run_cases $(BUILD)/tests/conformance/components.so ## run every recorded case three ways (CASES=DIR, NAME=part of a name)
	@$(BUILD)/tests/conformance/run_cases $(BUILD)/tests/conformance/components.so $(CASES) $(NAME)

.PHONY: tidy
tidy: layers $(parser_headers) ## clang-tidy over all C sources, layout with clang-format, and rules of style
	@tools/check_style.sh
	@CC="$(CC)" tools/check_tidy.sh $(CPPFLAGS)

.PHONY: docs
docs: ## make the pages of docs/ that are made from tables anew
	@tools/check_described.sh --write

.PHONY: valgrind
valgrind: ## no leak and no wrong access in a whole run, under valgrind
	@$(MAKE) --no-print-directory MODE=valgrind build/valgrind/bamboo
	@store=$$(mktemp -d) && BAMBOO_STORE=$$store/store.db valgrind -q --leak-check=full --error-exitcode=9 \
		--child-silent-after-fork=yes build/valgrind/bamboo run examples/etl.bamboo -p out=$$store/etl \
		&& BAMBOO_STORE=$$store/store.db valgrind -q --leak-check=full --error-exitcode=9 \
		build/valgrind/bamboo show @last >/dev/null && rm -rf $$store && echo "valgrind found nothing"

bench_programs := $(patsubst %.c,$(BUILD)/%,$(wildcard bench/bench_*.c))

.PHONY: bench
bench: ## measure: a table, and JSON in build/bench.json (N="start step": only these)
	@$(MAKE) --no-print-directory MODE=release build/release/bamboo run-bench

.PHONY: bench-scale
bench-scale: ## measure a million waiting runs, large flows and crowds (minutes); draws docs/scale.svg
	@$(MAKE) --no-print-directory MODE=release build/release/bench/bench_scale build/release/bench/bench_plot
	@build/release/bench/bench_scale full | tee build/bench-scale.json
	@build/release/bench/bench_plot <build/bench-scale.json >docs/scale.svg

.PHONY: bench-compare
bench-compare: ## what got slower or faster than a revision: BASE=REV (N=..., ROUNDS=3)
	@$(MAKE) --no-print-directory MODE=release build/release/bamboo run-bench-compare

.PHONY: run-bench run-bench-compare
run-bench: $(bench_programs)
	@BUILD=$(BUILD) BAMBOO=$(CURDIR)/$(BUILD)/bamboo bench/run.sh $(N)
run-bench-compare: $(bench_programs)
	@BUILD=$(BUILD) BASE=$(BASE) bench/compare.sh $(N)

bench_support = $(patsubst %.c,$(BUILD)/%.o,$(filter-out bench/bench_%,$(wildcard bench/*.c)))
$(BUILD)/bench/bench_%: $(BUILD)/bench/bench_%.o $(bench_support) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $(filter %.o,$^) $(ARCHIVES) $(LDLIBS)

.PHONY: demo
demo: deps all ## install what is missing, build, and run the main job: a release of this project
	@BAMBOO=$(CURDIR)/bamboo tools/demo.sh

.PHONY: examples
examples: all plugins $(BUILD)/libbamboo.a ## run the examples, each to its end
	@BUILD=$(BUILD) BAMBOO=$(CURDIR)/bamboo examples/run.sh

.PHONY: install
install: $(BUILD)/bamboo $(BUILD)/libbamboo.a $(BUILD)/libbamboo.so.0 ## install under PREFIX (DESTDIR is kept)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include
	install -m 755 $(BUILD)/bamboo $(DESTDIR)$(PREFIX)/bin/bamboo
	install -m 644 $(BUILD)/libbamboo.a $(DESTDIR)$(PREFIX)/lib/libbamboo.a
	install -m 755 $(BUILD)/libbamboo.so.0 $(DESTDIR)$(PREFIX)/lib/libbamboo.so.0
	ln -sf libbamboo.so.0 $(DESTDIR)$(PREFIX)/lib/libbamboo.so
	install -m 644 include/*.h include/*.def $(DESTDIR)$(PREFIX)/include
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' tools/bamboo.pc.in \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/bamboo.pc

version_part = $(or $(word $(1),$(subst ., ,$(firstword $(subst -, ,$(VERSION))))),0)
.PHONY: version
version: ## write VERSION=1.2.3 into the sources
	@sed -i -e 's|\(BAMBOO_VERSION *\)".*"|\1"$(VERSION)"|' -e 's|\(_MAJOR\) [0-9]*$$|\1 $(call version_part,1)|' \
		-e 's|\(_MINOR\) [0-9]*$$|\1 $(call version_part,2)|' \
		-e 's|\(_PATCH\) [0-9]*$$|\1 $(call version_part,3)|' include/bamboo_version.h

.PHONY: format
format: ## lay out all C sources with clang-format
	clang-format -i $(shell git ls-files '*.c' '*.h')

.PHONY: layers
layers: ## refuse an #include that goes up the house or round in a circle
	@tools/check_layers.sh

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build bamboo

# kill -9, at random and at every place in turn.
crash_objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/crash/*.c))
$(BUILD)/tests/crash/points: $(crash_objects) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $(crash_objects) $(ARCHIVES) $(LDLIBS)

.PHONY: crash
crash: ## kill -9 at every event, commit and effect in turn, then KILLS times at random; compare
	@$(MAKE) --no-print-directory MODE=debug build/debug/bamboo
	@$(MAKE) --no-print-directory MODE=crash build/crash/tests/crash/points
	@build/crash/tests/crash/points && BAMBOO=$(CURDIR)/build/debug/bamboo tests/crash/run.sh

# Generated flows and operators: `make property SEEDS=10000`, `make property SEED=7 SEEDS=1`.
SEED ?= 1
SEEDS ?= 10000
property_objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/property/*.c tests/generate/*.c))
$(BUILD)/tests/property/property: $(property_objects) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $(property_objects) $(ARCHIVES) $(LDLIBS)

.PHONY: property
property: $(BUILD)/tests/property/property ## generated flows and operators: every promise after every step (SEEDS=N, SEED=n)
	@$(BUILD)/tests/property/property $(SEED) $(SEEDS)

# A simulated world: `make simulate SEEDS=2000`; `make simulate SEED=7 SEEDS=1 TELL=tell` tells a course.
COURSE ?= both
simulate_objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/simulate/*.c tests/generate/*.c))
$(BUILD)/tests/simulate/simulate: $(simulate_objects) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $(simulate_objects) $(ARCHIVES) $(LDLIBS)

.PHONY: simulate
simulate: $(BUILD)/tests/simulate/simulate ## engines in a simulated world of crashes and failing disks (SEEDS=N, SEED=n, COURSE=safety|liveness|both, TELL=tell)
	@$(BUILD)/tests/simulate/simulate $(SEED) $(SEEDS) $(COURSE) $(TELL)

# Power losses at many writes and syncs: `make powerloss SEEDS=20`.
powerloss_objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/powerloss/*.c))
$(BUILD)/tests/powerloss/powerloss: $(powerloss_objects) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $(powerloss_objects) -Wl,--whole-archive $(ARCHIVES) \
		-Wl,--no-whole-archive $(LDLIBS)

.PHONY: powerloss
powerloss: SEEDS = 20
powerloss: $(BUILD)/tests/powerloss/powerloss ## disks as power losses leave them, and what the product makes of them (SEEDS=N, SEED=n)
	@$(BUILD)/tests/powerloss/powerloss $(SEED) $(SEEDS)

# Each call that can fail does, in turn: the linker and a VFS put ours in the place of the real ones,
# also in json-c and libyaml, which are linked statically for that.
FAULTY_LIBS = $(patsubst -ljson-c,-l:libjson-c.a,$(patsubst -lyaml,-l:libyaml.a,$(LDLIBS)))
WRAPPED = $(shell sed -n '/^CALL/{s/^CALL.//;s/,.*//;/^disk_/d;/^stdio_/d;p}' tests/faults/calls.def) fileno
calls_objects = $(addprefix $(BUILD)/tests/,faults/calls.o faults/call_sites.o faults/call_table.o powerloss/disk.o)
faults_objects = $(calls_objects) $(addprefix $(BUILD)/tests/,faults/faults.o crash/play.o crash/scenarios.o \
	crash/components.o)
$(BUILD)/tests/faults/faults: $(faults_objects) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -rdynamic $(WRAPPED:%=-Wl,--wrap=%) -o $@ $(faults_objects) \
		-Wl,--whole-archive $(ARCHIVES) -Wl,--no-whole-archive $(FAULTY_LIBS)

.PHONY: calls
calls: $(call room_archive,cli) $(ARCHIVES) ## refuse a call that no test makes fail
	@tools/check_calls.sh $(foreach room,$(ROOMS),$(call room_objects,$(room))) $(generated_objects)

# bamboo itself, with such calls: what tests/faults/commands gives commands to.
$(BUILD)/tests/faults/bamboo: $(BUILD)/tests/faults/faulty.o $(calls_objects) $(call room_archive,cli) $(ARCHIVES)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -rdynamic $(WRAPPED:%=-Wl,--wrap=%) -o $@ $(filter %.o,$^) \
		$(call room_archive,cli) -Wl,--whole-archive $(ARCHIVES) -Wl,--no-whole-archive $(FAULTY_LIBS)

$(BUILD)/tests/faults/commands: $(addprefix $(BUILD)/tests/faults/,commands.o call_table.o call_sites.o) \
		$(BUILD)/tests/faults/bamboo
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $(filter %.o,$^)

.PHONY: faults
EVERY ?= 1
faults: $(BUILD)/tests/faults/faults $(BUILD)/tests/faults/commands $(BUILD)/examples/plugin.so ## every system call, allocation and disk access fails in turn (EVERY=N: one of N)
	@$(BUILD)/tests/faults/faults $(BUILD)/examples/plugin.so $(EVERY)
	@$(BUILD)/tests/faults/commands $(BUILD)/tests/faults/bamboo $(EVERY)
