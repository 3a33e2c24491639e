# make help lists the targets.  Everything is built below build/;
# SANITIZE=1 builds the same with AddressSanitizer and
# UndefinedBehaviorSanitizer below build/sanitize/.

SANITIZE ?=
FUZZ ?=
FUZZ_SECONDS ?= 60
BENCH ?=
BENCH_RESULT ?= build/bench/result.json
NGINX_SOURCE ?= /usr/share/nginx/src
PREFIX ?= /usr/local
MODULES_DIR ?= /usr/lib/nginx/modules

top := $(CURDIR)

ifneq ($(filter-out 0,$(SANITIZE)),)
out := build/sanitize
optimize := -O1 -fsanitize=address,undefined -fno-omit-frame-pointer \
	-fno-sanitize-recover=undefined
runners := sanitize-
else ifneq ($(filter-out 0,$(FUZZ)),)
out := build/fuzz
CC := clang
optimize := -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
runners := fuzz-
else
out := build
optimize := -O2 -D_FORTIFY_SOURCE=2
# the module is optimized as a whole; tests link the library's plain objects
whole := -flto -ffat-lto-objects
plain := -fno-use-linker-plugin
AR := gcc-ar
runners :=
endif

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Werror
CFLAGS ?= -g
flags := -std=gnu11 $(optimize) -fPIC -fvisibility=hidden \
	-fstack-protector-strong $(WARNINGS) \
	$(CFLAGS) -Ilibvaultcore -Itests/unit
LDLIBS := $(plain) -llmdb -ljose -ljansson -lcurl -lssl -lcrypto -lpthread

library_sources := $(wildcard libvaultcore/*/*.c)
vaultctl_sources := $(wildcard vaultctl/*.c)
module_sources := $(wildcard ngx_vault_module/*.c)
headers := $(wildcard libvaultcore/*.h libvaultcore/*/*.h \
	ngx_vault_module/*.h)
test_sources := $(wildcard tests/unit/test_*.c)
helper_sources := $(filter-out $(test_sources),$(wildcard tests/unit/*.c))

objects = $(patsubst %.c,$(out)/obj/%.o,$(1))
# of a test: the helpers whose headers it and its helpers include
included = $(filter $(helper_sources),$(shell \
	sed -n 's,^\#include "\(.*\)\.h"$$,tests/unit/\1.c,p' \
	$(1) $(wildcard $(1:.c=.h))))
helpers = $(call objects,$(sort $(call included,$(1) $(call included,$(1)))))
# sub-makes use all processors unless -j says otherwise
jobs = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

library := $(out)/libvaultcore.a
vaultctl := $(out)/vaultctl
module := $(out)/ngx_http_vault_module.so
tests := $(patsubst tests/unit/%.c,$(out)/tests/%,$(test_sources))

.DEFAULT_GOAL := all
.SECONDARY:
.SECONDEXPANSION:
.DELETE_ON_ERROR:
.PHONY: all lib module vaultctl packages run stop clean-run check unit \
	tests integration clients fault guard sanitize fuzz fuzz-targets corpus bench \
	bench-programs bench-full charts profile lint format install clean help


all: lib module vaultctl compile_commands.json ## build everything (default)

lib: $(library) ## libvaultcore, a static library
vaultctl: $(vaultctl) ## the operator's command
module: $(module) ## the nginx module, for this machine's nginx


# --- library, vaultctl, unit tests

$(out)/obj/libvaultcore/%.o: flags += $(whole)

$(out)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(flags) -MMD -MP -c $< -o $@

# made anew: an archive keeps members whose source is gone
$(library): $(call objects,$(library_sources))
	@echo "  AR    $@"
	@rm -f $@
	@$(AR) rcs $@ $^

$(vaultctl): $(call objects,$(vaultctl_sources)) $(library)
	@echo "  LINK  $@"
	@$(CC) $(flags) $^ $(LDLIBS) -o $@

$(out)/tests/%: $(out)/obj/tests/unit/%.o \
		$$(call helpers,tests/unit/$$*.c) $(library)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(flags) $^ -lcmocka $(LDLIBS) -o $@

-include $(patsubst %.o,%.d,$(call objects,$(library_sources) \
	$(vaultctl_sources) $(test_sources) $(helper_sources)))


# --- module: configured once in Debian's nginx tree, which stays untouched

nginx := $(out)/nginx

$(nginx)/configured: config Makefile tools/configure $(module_sources)
	@echo "  CONF  $(nginx)"
	@VAULT_LIB=$(top)/$(library) SANITIZE=$(SANITIZE) \
		tools/configure $(NGINX_SOURCE) $(nginx)
	@touch $@

# nginx's makefile knows neither our headers nor the library: all objects anew
$(module): $(nginx)/configured $(library) $(module_sources) $(headers)
	@echo "  NGX   $@"
	@rm -rf $(nginx)/*.so && find $(nginx)/addon -name '*.o' -delete
	@$(MAKE) -s --no-print-directory -C $(NGINX_SOURCE) \
		-f $(top)/$(nginx)/Makefile modules
	@cp $(nginx)/ngx_http_vault_module.so $@.new
	@mv $@.new $@ # never into the file that a running nginx has mapped


compile_commands.json: Makefile tools/compile-commands $(library_sources) \
		$(vaultctl_sources) $(module_sources) $(test_sources) \
		$(nginx)/configured
	@echo "  GEN   $@"
	@tools/compile-commands "$(flags)" $(NGINX_SOURCE) $(nginx) > $@


# --- running

packages: ## name and install the Debian packages (build, run, test)
	@tools/install build run test

run: ## install, build, start a vault in run/ and use it
	@tools/install build run
	@$(MAKE) -s --no-print-directory $(jobs) module vaultctl
	@tools/run

stop: ## stop what make run started
	@tools/stop

clean-run: stop ## stop, and forget run/ with all its secrets
	@tools/clean-run


# --- checking

check: ## everything below but bench and fuzz; prints the counts
	@tools/install build run test
	@rm -rf build/counts
	$(MAKE) -s --no-print-directory $(jobs) all
	$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory unit
	$(MAKE) --no-print-directory corpus
	$(MAKE) --no-print-directory integration
	$(MAKE) --no-print-directory clients
	$(MAKE) --no-print-directory fault
	$(MAKE) --no-print-directory guard
	$(MAKE) --no-print-directory sanitize
	@echo; echo "What ran:"; cat build/counts/*

tests: $(tests)

unit: ## the unit tests
	@$(MAKE) -s --no-print-directory $(jobs) tests
	@tools/unit $(runners)unit $(out)/tests

# the same tests against the instrumented build; nginx itself is Debian's
sanitize: ## unit and client tests under ASan and UBSan
	@$(MAKE) -s --no-print-directory $(jobs) SANITIZE=1 module vaultctl
	@$(MAKE) --no-print-directory SANITIZE=1 unit
	@$(MAKE) --no-print-directory SANITIZE=1 clients

integration: $(module) $(vaultctl) build/venv/ready ## against a running nginx
	@SANITIZE=$(SANITIZE) tools/pytest $(runners)integration tests/integration

clients: $(module) $(vaultctl) build/venv/ready build/js/ready build/az/ready ## real Azure SDKs
	@SANITIZE=$(SANITIZE) tools/pytest $(runners)clients tests/clients

fault: $(module) $(vaultctl) build/venv/ready ## kill -9 in the middle of writes
	@SANITIZE=$(SANITIZE) tools/pytest $(runners)fault tests/fault

# under callgrind; UPDATE_READ_PATH=1 keeps a new number
guard: $(module) $(vaultctl) build/venv/ready ## instructions of a secret read
	@tools/pytest guard tests/guard

build/venv/ready: tests/requirements.txt
	@echo "  VENV  build/venv"
	@rm -rf build/venv
	@/usr/bin/python3 -m venv build/venv
	@build/venv/bin/pip install --quiet --disable-pip-version-check \
		-r tests/requirements.txt
	@touch $@

build/az/ready: tests/clients/az/requirements.txt
	@echo "  VENV  build/az"
	@rm -rf build/az
	@/usr/bin/python3 -m venv build/az
	@build/az/bin/pip install --quiet --disable-pip-version-check \
		-r tests/clients/az/requirements.txt
	@touch $@

build/js/ready: tests/clients/js/package.json tests/clients/js/package-lock.json
	@echo "  NPM   build/js"
	@rm -rf build/js && mkdir -p build/js
	@cp tests/clients/js/package*.json build/js/
	@cd build/js && npm ci --silent --no-audit --no-fund
	@touch $@

# targets for libFuzzer; check runs their corpora, fuzz goes looking
fuzz_targets := $(patsubst tests/fuzz/%.c,$(out)/targets/%,\
	$(wildcard tests/fuzz/fuzz_*.c))

$(out)/targets/%: $(out)/obj/tests/fuzz/%.o \
		$(out)/obj/tests/unit/engine_fixture.o $(library)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(flags) -fsanitize=fuzzer $^ $(LDLIBS) -o $@

fuzz-targets: $(fuzz_targets)

fuzz: ## fuzz the parsers for FUZZ_SECONDS each
	@$(MAKE) -s --no-print-directory $(jobs) FUZZ=1 fuzz-targets
	@tools/fuzz $(FUZZ_SECONDS)

corpus: ## run what fuzzing has found so far
	@$(MAKE) -s --no-print-directory $(jobs) FUZZ=1 fuzz-targets
	@tools/fuzz 0

# --- measuring

rate_sources := $(filter-out $(addprefix tests/bench/,\
	assignments.c fill.c poll.c slow_disk.c),$(wildcard tests/bench/*.c))

-include $(patsubst %.o,%.d,$(call objects,$(wildcard tests/bench/*.c)))

$(addprefix $(out)/bench/,assignments fill): \
		$(out)/bench/%: $(out)/obj/tests/bench/%.o $(library)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(flags) $^ $(LDLIBS) -o $@

$(out)/bench/rate: $(call objects,$(rate_sources))
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(flags) $^ -o $@

$(out)/bench/%.so: $(out)/obj/tests/bench/%.o
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(flags) -shared $^ -o $@

bench-programs: $(addprefix $(out)/bench/,fill rate poll.so slow_disk.so) \
	build/venv/ready

bench: ## what it costs, against the limit, in eight minutes; BENCH: options
	@tools/install build bench
	@$(MAKE) -s --no-print-directory $(jobs) module vaultctl bench-programs
	@build/venv/bin/python tests/bench/bench.py $(BENCH)

bench-full: ## the same for longer, with ten million secrets and an hour's soak
	@$(MAKE) -s --no-print-directory bench BENCH="--full $(BENCH)"

# functions keep their names, which costs the worker about one percent
profile: ## docs/charts/read-path.svg, and what each part of a read takes
	@tools/install build bench
	@$(MAKE) -s --no-print-directory $(jobs) out=build/profile whole= module
	@$(MAKE) -s --no-print-directory $(jobs) vaultctl bench-programs
	@mkdir -p docs/charts
	@VAULT_MODULE=build/profile/ngx_http_vault_module.so build/venv/bin/python \
		tests/bench/profile_read.py docs/charts/read-path.svg

charts: ## docs/charts/*.svg from BENCH_RESULT
	@tools/install bench
	@/usr/bin/python3 tests/bench/charts.py $(BENCH_RESULT) docs/charts


# --- layout and static analysis

lint: compile_commands.json ## format, static analysis, house rules
	@tools/lint

format: ## lay out all C sources as .clang-format says
	@tools/format


# --- the rest

install: all ## module to MODULES_DIR, vaultctl to PREFIX/sbin; DESTDIR works
	install -D -m 0644 $(module) \
		$(DESTDIR)$(MODULES_DIR)/ngx_http_vault_module.so
	install -D -m 0755 $(vaultctl) $(DESTDIR)$(PREFIX)/sbin/vaultctl

clean: ## remove build/
	rm -rf build compile_commands.json

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile \
		| sort | awk -F'\t' '{ printf "  %-13s %s\n", $$1, $$2 }'
