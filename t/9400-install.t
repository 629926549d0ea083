#!/bin/sh
#
# Installation: everything arrives, works from there, and goes away again.

. "${0%/*}/lib.sh"

[ -x "$BUILD/tb-migrate" ] || skip_all 'no tools'
case $BUILD in
"$TOP"/*) ;;
*) skip_all 'built elsewhere' ;;
esac

libexec=$(cat "$BUILD/gen/libexecdir")

# house TARGET: of the Makefile, into an empty folder.  Another LIBEXECDIR than
# the build's would make the tools anew, beneath the tests that run them.
house() {
	make -s -C "$TOP" B="${BUILD#"$TOP"/}" DESTDIR="$WORK/root" \
	    PREFIX=/usr LIBEXECDIR="$libexec" MAKEFLAGS= "$1"
}

installs() {
	house install && (cd root && find . -type f | sort) >files &&
	    cat files
}
complete_set() {
	for c in "$TOP"/cmd/tb-*.c; do
		name=$(basename "$c" .c)
		[ -x "$BUILD/$name" ] || continue
		case $name in
		tb-venue-*)
			[ -x "root$libexec/$name" ] && continue
			echo "no $libexec/$name"
			return 1
			;;
		esac
		for f in "bin/$name" "share/man/man1/$name.1" \
		    "share/bash-completion/completions/$name" \
		    "share/zsh/site-functions/_$name" \
		    "share/fish/vendor_completions.d/$name.fish"; do
			[ -s "root/usr/$f" ] && continue
			echo "no $f"
			return 1
		done
	done
	for f in share/man/man7/tb.7 share/tb/bots.yaml share/tb/tb.yaml \
	    share/doc/tb/README.md lib/systemd/system/tb.timer \
	    lib/systemd/system/tb-daily.service lib/sysusers.d/tb.conf \
	    share/tb/examples/tb-coinbase.conf; do
		[ -s "root/usr/$f" ] && continue
		echo "no $f"
		return 1
	done
}
links() {
	for f in root/usr/bin/*; do
		ldd "$f" >libs || return 1
		grep -E 'libcurl|libssl|libcrypto' libs && return 1
		case $f in
		*/tb-signal) ;;
		*) grep -E 'libjq|libonig' libs && return 1 ;;
		esac
	done
	return 0
}
hardened() {
	for f in root/usr/bin/* "root$libexec"/*; do
		readelf -Wdl "$f" >elf || return 1
		grep -q 'Elf file type is DYN' elf && grep -q 'NOW.*PIE' elf &&
		    grep -q 'GNU_RELRO' elf && grep -q 'GNU_STACK.* RW ' elf &&
		    readelf -Ws "$f" | grep -q '__stack_chk_fail' && continue
		cat elf
		return 1
	done
}
uninstalls() {
	house uninstall && [ -z "$(find root -type f)" ]
}

ok 'make install' installs
ok 'tools, manuals, completions, samples are there' complete_set
ok 'an installed tool runs' exits 0 root/usr/bin/tb-migrate --version
ok 'only tb-signal loads libjq, none curl or openssl' links
case $BUILD in
*-san) skip 'the tools are hardened' 'built with sanitizers instead' ;;
*) ok 'the tools are hardened' hardened ;;
esac
ok 'make uninstall leaves nothing' uninstalls
