# tb: GNU make; one Makefile, no recursion, nothing built outside build/.
#
#	make            the tools, in build/
#	make demo       install what is missing, build, run the main job
#	make check      install what is missing, build, run every test (JOBS=n)
#	make replay     October 2025 on real candles, at five-minute steps
#	make bench      speed, as ratios within one run
#	make lint       format, tidy, cppcheck, headers, shell, manuals
#	make analyze    gcc -fanalyzer, scan-build
#	make install    DESTDIR= PREFIX=/usr/local; make uninstall
#	make dist       tb-VERSION.tar.gz, in build/
#	make clean
#	SAN=1           any of the above with ASan and UBSan, in build-san/

VERSION := 0.1.0
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share/tb
MANDIR ?= $(PREFIX)/share/man
JOBS ?= $(shell nproc)

CFLAGS ?= -O2 -g
B ?= build$(if $(SAN),-san)

WARN := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wcast-qual \
	-Wcast-align -Wformat=2 -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wstrict-prototypes -Wundef -Wvla -Wwrite-strings \
	-Wdouble-promotion -Wfloat-equal -Wnull-dereference \
	-Wno-missing-field-initializers
HARDEN := -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fPIE -fno-common \
	-fstack-clash-protection -ftrivial-auto-var-init=pattern \
	$(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
TB_CPPFLAGS := -Ilib -Icmd -I$(B)/gen -D_GNU_SOURCE -DTB_VERSION='"$(VERSION)"'
# The same bits live, with --at and in a replay: no fused multiply-add.
TB_CFLAGS := -std=c17 -ffp-contract=off $(WARN) \
	$(if $(SAN),$(SANITIZE),$(HARDEN))
TB_LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed \
	$(if $(SAN),$(SANITIZE))
LDLIBS := -lsqlite3 -lyaml -ljq -lmd -lz -lm

LIBSRC := $(wildcard lib/*/*.c)
LIB := $(patsubst %.c,$(B)/%.o,$(LIBSRC))
# A tool is cmd/TOOL.c, its parts cmd/TOOL-*.c, and the shared cmd/cli*.c.
TOOLS := $(basename $(notdir $(wildcard $(addprefix cmd/,tb-signal.c \
	tb-trade.c tb-portfolio.c tb-sync.c tb-migrate.c))))
BIN := $(TOOLS:%=$(B)/%)
PART := $(foreach t,$(TOOLS),$(patsubst %.c,$(B)/%.o,$(wildcard cmd/$(t)-*.c)))
CLI := $(patsubst %.c,$(B)/%.o,$(wildcard cmd/cli*.c))
SAMPLE := $(B)/t/tb-sample
UNIT := $(patsubst t/unit/%.c,$(B)/t/%.t,$(wildcard t/unit/*.c))
SRC := $(wildcard cmd/*.[ch] lib/*/*.[ch] t/unit/*.[ch] t/lib/*.[ch])

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all check clean

all: $(BIN) $(B)/libtb.a $(CLI)

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

$(B)/lib/store/schema.o: $(B)/gen/migrations.h

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

$(SAMPLE): $(B)/t/lib/tb-sample.o $(CLI) $(B)/libtb.a
	$(CC) $(TB_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

check: all $(UNIT) $(SAMPLE)
	TB_BUILD=$(abspath $(B)) prove -j$(JOBS) $(UNIT) $(wildcard t/*.t)

clean:
	rm -rf build build-san

-include $(LIB:.o=.d) $(CLI:.o=.d) $(PART:.o=.d) $(BIN:$(B)/%=$(B)/cmd/%.d) \
	$(UNIT:$(B)/t/%.t=$(B)/t/unit/%.d) $(B)/t/lib/tb-sample.d
