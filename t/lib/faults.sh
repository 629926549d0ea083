#!/bin/sh
#
# faults.sh: t/README as it should be, to standard output.  Below each fault
# of its table stand the files that have its number, as "fault NUMBER".

cd "${0%/*}/../.." || exit 1
find t -type f \( -name '*.t' -o -name '*.[ch]' -o -name '*.py' \) \
    -exec grep -oE 'fault [0-9]+' /dev/null {} + | sort -u |
    sed 's/^t\///; s/:fault / /' | awk '
	NR == FNR { files[$2] = files[$2] " " $1; next }
	/^      / { next }
	{ print }
	/^ +[0-9]+  / {
		n = split(files[$1], file, " ")
		line = "     "
		for (i = 1; i <= n; i++) {
			if (length(line " " file[i]) > 78) {
				print line
				line = "     "
			}
			line = line " " file[i]
		}
		if (n > 0)
			print line
	}' - t/README
