# tb: GNU make; one Makefile, no recursion, nothing built outside build/.
#
#	make            the tools, in build/
#	make demo       install what is missing, build, run the main job
#	make check      install what is missing, build, run every test (JOBS=n)
#	make check-crash  faults at every point, and what harm they did
#	make demo-live  the line of cron, live, on an exchange that misbehaves
#	make soak       simulations, a new seed each, for SOAK_S seconds (3600)
#	make check-crowd  64 processes on one database for CONC_S seconds (600)
#	make replay     October 2025 on real candles, at five-minute steps
#	make bench      speed, as ratios within one run
#	make lint       format, tidy, cppcheck, headers, shell, manuals
#	make analyze    gcc -fanalyzer, scan-build
#	make install    DESTDIR= PREFIX=/usr/local; make uninstall (the same)
#	make dist       tb-VERSION.tar.gz, in build/
#	make fuzz       each target for FUZZ_S seconds (clang)
#	make memcheck   the whole pipe under valgrind, some minutes
#	make coverage   lines and branches that the tests reach, a room a line
#	make clean
#	SAN=1           any of the above with ASan and UBSan, in build-san/

VERSION := 0.1.0
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share/tb
MANDIR ?= $(PREFIX)/share/man
LIBEXECDIR ?= $(PREFIX)/libexec/tb
DOCDIR ?= $(PREFIX)/share/doc/tb
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
JOBS ?= $(shell nproc)

CFLAGS ?= -O2 -g
B ?= build$(if $(SAN),-san)

WARN := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wcast-qual \
	-Wcast-align -Wformat=2 -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wstrict-prototypes -Wundef -Wvla -Wwrite-strings \
	-Wdouble-promotion -Wfloat-equal -Wnull-dereference \
	-Wno-missing-field-initializers
ifeq ($(findstring clang,$(CC)),)
WARN += -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wtrampolines \
	-Walloca -Wbidi-chars=any -Wformat-overflow=2 -Wstringop-overflow=4 \
	-Wjump-misses-init
endif
HARDEN := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fPIE -fno-common -fstack-clash-protection \
	-ftrivial-auto-var-init=pattern \
	-fno-delete-null-pointer-checks -fno-strict-overflow \
	$(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer \
	$(if $(findstring clang,$(CC)),-D__SANITIZE_ADDRESS__) # as gcc does
TB_CPPFLAGS := -Ilib -Icmd -I$(B)/gen -D_GNU_SOURCE -DTB_VERSION='"$(VERSION)"'
# The same bits live, with --at and in a replay: no fused multiply-add.
TB_CFLAGS := -std=c17 -ffp-contract=off $(WARN) \
	$(if $(SAN),$(SANITIZE),$(HARDEN)) \
	$(if $(FUZZING),-fsanitize=fuzzer-no-link)
TB_LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed \
	$(if $(SAN),$(SANITIZE))
LDLIBS := -lsqlite3 -lyaml -ljq -lnettle -lz -lm

LIBSRC := $(wildcard lib/*/*.c)
LIB := $(patsubst %.c,$(B)/%.o,$(LIBSRC))
# A tool is cmd/TOOL.c, its parts cmd/TOOL-*.c, and the shared cmd/cli*.c.
TOOLS := $(basename $(notdir $(wildcard $(addprefix cmd/,tb-signal.c \
	tb-trade.c tb-portfolio.c tb-sync.c tb-migrate.c))))
# Programs of venues: tools that people do not start.
VENUES := tb-venue-coinbase
BIN := $(TOOLS:%=$(B)/%) $(VENUES:%=$(B)/%)
PART := $(foreach t,$(TOOLS),$(patsubst %.c,$(B)/%.o,$(wildcard cmd/$(t)-*.c)))
CLI := $(patsubst %.c,$(B)/%.o,$(wildcard cmd/cli*.c))
SAMPLE := $(B)/t/tb-sample
KILLAT := $(B)/t/killat
EXCHANGE := $(B)/t/exchange
CLOCK := $(B)/t/clock.so
ESCAPE := $(B)/t/escape.so
NOMEM := $(B)/t/nomem.so
FLIPS := $(B)/t/flips
BENCH := $(patsubst t/bench/%.c,$(B)/bench/%,$(wildcard t/bench/*.c))
TESTS := $(wildcard t/*.t)
UNIT := $(patsubst t/unit/%.c,$(B)/t/%.t,$(wildcard t/unit/*.c))
# Any bytes through a room: by libFuzzer, or the corpus alone (make check).
FUZZ := $(filter-out replay,$(patsubst t/fuzz/%.c,%,$(wildcard t/fuzz/*.c)))
FUZZ_S ?= 60
REPLAY := $(FUZZ:%=$(B)/fuzz/%)
SRC := $(wildcard cmd/*.[ch] lib/*/*.[ch] t/unit/*.[ch] t/lib/*.[ch] \
	t/lib/exchange/*.[ch] t/fuzz/*.[ch] t/bench/*.c)
SHELL_SRC := $(wildcard t/*.t t/lib.sh t/lib/*.sh t/bench/*.sh) share/setup \
	share/schema/embed $(wildcard migrate/embed share/demo/*.sh)
MAN := $(wildcard man/*.[1-8])
UNITS := $(wildcard share/systemd/*.service share/systemd/*.timer)
COMPLETION := $(foreach t,$(TOOLS),$(addprefix $(B)/completions/,\
	$(t).bash $(t).zsh $(t).fish))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all demo demo-live check check-crash check-crowd test soak fuzz \
	t-readme memcheck coverage bench replay install uninstall dist clean \
	lint lint-format lint-tidy lint-cppcheck lint-text \
	analyze analyze-gcc analyze-clang FORCE

all: $(BIN) $(B)/libtb.a $(CLI) $(COMPLETION)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(TB_CPPFLAGS) $(CPPFLAGS) $(TB_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# What --schema prints, inside the tools.
$(B)/gen/schemas.h: share/schema/embed $(wildcard share/schema/*.json)
	@mkdir -p $(@D)
	share/schema/embed $(sort $(wildcard share/schema/*.json)) >$@

$(B)/cmd/cli-schema.o: $(B)/gen/schemas.h

# The schema's history, inside the library.
$(B)/gen/migrations.h: migrate/embed $(wildcard migrate/*.sql)
	@mkdir -p $(@D)
	migrate/embed $(sort $(wildcard migrate/*.up.sql)) >$@

$(B)/lib/store/history.o: $(B)/gen/migrations.h

# What speaks with the exchange, and its tests: they alone load these two.
$(B)/tb-venue-coinbase $(patsubst t/unit/%.c,$(B)/t/%.t,\
	$(wildcard t/unit/06*.c)) $(B)/fuzz/told $(B)/fuzz/key \
	$(B)/fuzz/coinbase $(B)/fuzz/jwt $(B)/bench/tokens: \
	LDLIBS += -lcurl -lcrypto

# Where programs of venues are looked for last: made again for another PREFIX.
$(B)/gen/libexecdir: FORCE
	@mkdir -p $(@D)
	@echo '$(LIBEXECDIR)' | cmp -s - $@ || echo '$(LIBEXECDIR)' >$@

$(B)/lib/venue/program.o: TB_CPPFLAGS += -DTB_LIBEXECDIR='"$(LIBEXECDIR)"'
$(B)/lib/venue/program.o: $(B)/gen/libexecdir
FORCE:

# What verify asks, and what the sqlite3 shell can ask as well.
$(B)/gen/check_sql.h: share/check.sql
	@mkdir -p $(@D)
	{ echo 'static const char check_sql[] = {'; \
	    od -An -v -tu1 $< | sed 's/  */,/g; s/^,//; s/$$/,/'; \
	    echo '0 };'; } >$@

$(B)/lib/store/audit.o: $(B)/gen/check_sql.h

$(B)/libtb.a: $(LIB)
	@rm -f $@
	$(AR) rcs $@ $^

$(foreach t,$(TOOLS),$(eval $(B)/$(t): $(filter $(B)/cmd/$(t)-%,$(PART))))
$(B)/%: $(B)/cmd/%.o $(CLI) $(B)/libtb.a
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(B)/libtb.a \
	    $(LDLIBS)

$(B)/t/%.t: $(B)/t/unit/%.o $(B)/libtb.a
	@mkdir -p $(@D)
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/bench/%: $(B)/t/bench/%.o $(B)/libtb.a
	@mkdir -p $(@D)
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(SAMPLE): $(B)/t/lib/tb-sample.o $(CLI) $(B)/libtb.a
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(FLIPS): $(B)/t/lib/flips.o $(B)/libtb.a
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(KILLAT): $(B)/t/lib/killat.o
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $^

# The stand-in exchange.
$(B)/t/lib/exchange/%.o $(B)/lint/t/lib/exchange/%.tidy: TB_CPPFLAGS += -It/lib
$(EXCHANGE): $(patsubst %.c,$(B)/%.o,$(wildcard t/lib/exchange/*.c)) \
		$(B)/libtb.a
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) \
	    -lmicrohttpd -lgnutls -lcrypto -lpthread

# To be preloaded: a wall clock that is somewhere else; who wants to get out;
# memory that runs out.
$(CLOCK) $(ESCAPE) $(NOMEM): $(B)/t/%.so: t/lib/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -D_GNU_SOURCE -std=c17 $(WARN) $(CFLAGS) -fPIC \
	    -shared $(LDFLAGS) -o $@ $<

$(B)/fuzz/argv: $(CLI)
$(B)/fuzz/%: $(B)/t/fuzz/%.o $(if $(FUZZING),,$(B)/t/fuzz/replay.o) \
		$(B)/libtb.a
	@mkdir -p $(@D)
	$(CC) $(TB_LDFLAGS) $(if $(FUZZING),-fsanitize=fuzzer) $(LDFLAGS) -o $@ \
	    $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

# The same three scripts for every tool: the tools themselves know the words.
$(B)/completions/%.bash: share/completions/tb.bash
	@mkdir -p $(@D)
	sed 's/TOOL/$*/g' $< >$@
$(B)/completions/%.zsh: share/completions/tb.zsh
	@mkdir -p $(@D)
	sed 's/TOOL/$*/g' $< >$@
$(B)/completions/%.fish: share/completions/tb.fish
	@mkdir -p $(@D)
	sed 's/TOOL/$*/g' $< >$@

# Who asked for no number of jobs gets one a core.
PARALLEL = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS))

demo:
	share/setup build
	$(MAKE) -s $(PARALLEL) all
	TB_BUILD=$(abspath $(B)) share/demo/demo.sh

demo-live:
	share/setup test
	$(MAKE) -s $(PARALLEL) all $(EXCHANGE) $(CLOCK)
	TB_BUILD=$(abspath $(B)) share/demo/live.sh

check:
	share/setup test
	$(MAKE) -s $(PARALLEL) test

test: all $(UNIT) $(SAMPLE) $(KILLAT) $(FLIPS) $(EXCHANGE) $(CLOCK) $(ESCAPE) \
		$(NOMEM) $(REPLAY)
	TB_BUILD=$(abspath $(B)) prove -j$(JOBS) $(UNIT) $(TESTS)

# In make check they take a sample of their points.
CRASH := $(wildcard t/7*.t t/19*-crash.t)
CRASH_UNIT := $(filter $(B)/t/7%,$(UNIT))

check-crash:
	share/setup test
	$(MAKE) -s $(PARALLEL) all $(CRASH_UNIT) $(KILLAT) $(EXCHANGE) $(CLOCK) \
	    $(NOMEM)
	JOBS=$(JOBS) TB_BUILD=$(abspath $(B)) t/lib/check-crash.sh \
	    $(CRASH_UNIT) $(CRASH)

# Seeds that nobody tried begin at the day's number.
SOAK_S ?= 3600
SOAK_FROM ?= $(shell date +%y%m%d)00000

soak: all $(KILLAT) $(EXCHANGE) $(CLOCK)
	TB_BUILD=$(abspath $(B)) t/lib/soak.sh --for $(SOAK_S) --from $(SOAK_FROM)

CONC_S ?= 600

check-crowd: all $(KILLAT) $(EXCHANGE) $(CLOCK)
	TB_BUILD=$(abspath $(B)) t/lib/soak.sh crowd --processes 64 \
	    --for $(CONC_S)

# The table of faults names the files that have their numbers.
t-readme:
	t/lib/faults.sh >t/README.new
	mv t/README.new t/README

# What is found lies in build-fuzz/found; what is new, in build-fuzz/corpus.
# Under ASan the child of jq has no bound of its memory.
FUZZ_BARE := jq
FUZZ_SAN := $(filter-out $(FUZZ_BARE),$(FUZZ))

fuzz:
	$(MAKE) CC=clang SAN=1 FUZZING=1 B=build-fuzz \
	    $(FUZZ_SAN:%=build-fuzz/fuzz/%)
	$(MAKE) CC=clang FUZZING=1 B=build-fuzz/bare \
	    $(FUZZ_BARE:%=build-fuzz/bare/fuzz/%)
	cp $(FUZZ_BARE:%=build-fuzz/bare/fuzz/%) build-fuzz/fuzz/
	for f in $(FUZZ); do \
	    mkdir -p build-fuzz/corpus/$$f build-fuzz/found && \
	    build-fuzz/fuzz/$$f -max_total_time=$(FUZZ_S) -timeout=10 \
		-artifact_prefix=build-fuzz/found/$$f- -print_final_stats=1 \
		$$(ls t/fuzz/$$f.dict 2>/dev/null | sed 's/^/-dict=/') \
		build-fuzz/corpus/$$f t/fuzz/corpus/$$f || exit 1; \
	done

# A variable that nobody sets is not set by the compiler either.
MEMCHECK := B=build-memcheck SAN= \
	CFLAGS='-O1 -g -Wno-error -ftrivial-auto-var-init=uninitialized'

memcheck:
	$(MAKE) -s $(PARALLEL) $(MEMCHECK) all
	TB_MEMCHECK=1 TB_BUILD=$(abspath build-memcheck) prove t/9500-memory.t

# Tests of full disks and of few system calls fail with counters inside.  Whoever
# ends by _exit() is counted too; who is killed may be writing the counters of
# a file, and all of it is lost: what kills at every system call is left out.
# An assert's other branch is a bug by name: it is not counted, and how many
# there are is said.
COUNTED := build-coverage/t/lib/counted.o
$(COUNTED) $(B)/lint/t/lib/counted.tidy: TB_CPPFLAGS += \
	-DCOUNTED_DIR='"$(abspath build-coverage)"'
COVERAGE := B=build-coverage SAN= \
	CFLAGS='-O0 -g -U_FORTIFY_SOURCE -Wno-error --coverage -fprofile-abs-path'

coverage:
	find . -path './build-coverage/*.gcda' -delete
	$(MAKE) -s $(COVERAGE) $(COUNTED)
	$(MAKE) -s -k $(PARALLEL) $(COVERAGE) \
	    TESTS='$(filter-out t/7% t/1920-%,$(TESTS))' LDFLAGS='--coverage \
	    -Wl,--wrap=_exit,--wrap=kill,--wrap=sandbox_enter \
	    $(abspath $(COUNTED))' test || true
	mkdir -p build-coverage/html
	gcovr --root . --object-directory build-coverage --filter 'lib/' \
	    --filter 'cmd/' --exclude-branches-by-pattern '\s*assert\(' \
	    --csv build-coverage/coverage.csv \
	    --html-details build-coverage/html/index.html
	awk -F, -f t/lib/coverage.awk build-coverage/coverage.csv
	@echo
	@echo "$$(cat lib/*/*.[ch] | grep -c '^[[:space:]]*assert(')" \
	    'asserts of lib are not counted; build-coverage/html has the lines'

bench: all $(BENCH) $(EXCHANGE)
	TB_BUILD=$(abspath $(B)) t/bench/bench.sh

replay: all
	TB_BUILD=$(abspath $(B)) share/demo/october.sh

# A stamp a file that was looked at: again only after it or a header changed.
$(B)/lint/%.tidy: $(B)/%.o .clang-tidy
	@mkdir -p $(@D)
	@echo tidy $*.c
	@clang-tidy --quiet $*.c -- -std=c17 $(TB_CPPFLAGS) \
	    >$@ 2>&1 || { cat $@; exit 1; }

$(B)/lint/%.analyzer: $(B)/%.o
	@mkdir -p $(@D)
	@echo analyzer $*.c
	@gcc -fanalyzer -Wno-analyzer-malloc-leak -std=c17 -Werror -O1 \
	    $(TB_CPPFLAGS) -c -o /dev/null $*.c
	@touch $@

lint:
	$(MAKE) -k $(PARALLEL) lint-format lint-tidy lint-cppcheck lint-text

lint-format:
	clang-format --dry-run --Werror $(SRC)

lint-tidy: $(patsubst %.c,$(B)/lint/%.tidy,$(filter %.c,$(SRC)))

lint-cppcheck: all
	cppcheck --quiet -D__cppcheck__ -D__SIZEOF_INT128__=16 --std=c11 \
	    --error-exitcode=1 --inline-suppr -j$(JOBS) -Ilib -Icmd \
	    --enable=warning,performance,portability \
	    --suppress=missingIncludeSystem \
	    $(addprefix --suppress=,uninitvar ctuuninitvar legacyUninitvar \
	    uninitStructMember ctunullpointer) cmd lib

lint-text:
	shellcheck -S warning -s sh $(SHELL_SRC)
	mandoc -Tlint -Wwarning $(MAN)

analyze:
	$(MAKE) -k $(PARALLEL) analyze-gcc analyze-clang

analyze-gcc: $(patsubst %.c,$(B)/lint/%.analyzer,$(LIBSRC) $(wildcard cmd/*.c))

analyze-clang:
	rm -rf build-scan
	scan-build --status-bugs $(MAKE) -s B=build-scan all
	rm -rf build-scan

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBEXECDIR) \
	    $(DESTDIR)$(DATADIR)/schema \
	    $(DESTDIR)$(DATADIR)/examples $(DESTDIR)$(DOCDIR) \
	    $(addprefix $(DESTDIR)$(MANDIR)/man,1 5 7) $(DESTDIR)$(BASHDIR) \
	    $(DESTDIR)$(ZSHDIR) $(DESTDIR)$(FISHDIR) $(DESTDIR)$(UNITDIR) \
	    $(DESTDIR)$(SYSUSERSDIR)
	install -m 755 $(TOOLS:%=$(B)/%) $(DESTDIR)$(BINDIR)
	install -m 755 $(VENUES:%=$(B)/%) $(DESTDIR)$(LIBEXECDIR)
	install -m 644 $(wildcard share/*.yaml share/*.sql) $(DESTDIR)$(DATADIR)
	install -m 644 $(wildcard share/schema/*.json) $(DESTDIR)$(DATADIR)/schema
	install -m 644 $(wildcard share/cron/*) share/systemd/tb-coinbase.conf \
	    $(DESTDIR)$(DATADIR)/examples
	install -m 644 $(UNITS) $(DESTDIR)$(UNITDIR)
	install -m 644 share/systemd/tb-sysusers.conf \
	    $(DESTDIR)$(SYSUSERSDIR)/tb.conf
	install -m 755 $(wildcard share/examples/*) $(DESTDIR)$(DATADIR)/examples
	install -m 644 README.md SECURITY.md INSTALL NEWS LICENSE \
	    $(DESTDIR)$(DOCDIR)
	for m in $(MAN); do \
	    install -m 644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.} || exit 1; done
	for t in $(TOOLS); do c=$(B)/completions/$$t; \
	    install -m 644 $$c.bash $(DESTDIR)$(BASHDIR)/$$t && \
	    install -m 644 $$c.zsh $(DESTDIR)$(ZSHDIR)/_$$t && \
	    install -m 644 $$c.fish $(DESTDIR)$(FISHDIR)/$$t.fish || exit 1; done

uninstall:
	rm -f $(TOOLS:%=$(DESTDIR)$(BINDIR)/%) \
	    $(VENUES:%=$(DESTDIR)$(LIBEXECDIR)/%) \
	    $(TOOLS:%=$(DESTDIR)$(BASHDIR)/%) $(TOOLS:%=$(DESTDIR)$(ZSHDIR)/_%) \
	    $(TOOLS:%=$(DESTDIR)$(FISHDIR)/%.fish) \
	    $(UNITS:share/systemd/%=$(DESTDIR)$(UNITDIR)/%) \
	    $(DESTDIR)$(SYSUSERSDIR)/tb.conf \
	    $(foreach m,$(notdir $(MAN)),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))/$(m))
	rm -rf $(DESTDIR)$(DATADIR) $(DESTDIR)$(DOCDIR)

dist:
	@mkdir -p $(B)
	git archive --prefix=tb-$(VERSION)/ HEAD | gzip -9n >$(B)/tb-$(VERSION).tar.gz

clean:
	rm -rf build build-*

-include $(patsubst %.c,$(B)/%.d,$(filter %.c,$(SRC)))
