# tally.awk: the lines of t/lib/tally.sh as one aligned table, with a total.
#
#	awk -f t/lib/tally.awk FILE
#
# exit: 1 when a fault did harm, when a row has none, or a line is no row

BEGIN {
	FS = "\t"
	split("faults doubled lost rows unresolved", heads, " ")
	widest[1] = length("tool")
	widest[2] = length("venue")
	widest[3] = length("setting")
}

NF != 8 || $4 !~ /^[0-9]+$/ {
	printf "no row of a tally: %s\n", $0
	bad = 1
	next
}

{
	name = $1 FS $2 FS $3
	if (!(name in row)) {
		row[name] = ++rows
		names[rows] = name
	}
	for (i = 1; i <= 3; i++)
		if (length($i) > widest[i])
			widest[i] = length($i)
	for (i = 1; i <= 5; i++) {
		count[name, i] += $(3 + i)
		count["total", i] += $(3 + i)
	}
}

function line(tool, venue, setting, name,    i, wide)
{
	printf "%-*s  %-*s  %-*s", widest[1], tool, widest[2], venue,
	    widest[3], setting
	for (i = 1; i <= 5; i++) {
		wide = length(heads[i]) > 8 ? length(heads[i]) : 8
		printf "  %*s", wide, name == "" ? heads[i] : count[name, i] + 0
	}
	print ""
}

END {
	line("tool", "venue", "setting", "")
	for (n = 1; n <= rows; n++) {
		split(names[n], words, FS)
		line(words[1], words[2], words[3], names[n])
		if (count[names[n], 1] == 0)
			bad = 1
	}
	line("total", "", "", "total")
	for (i = 2; i <= 5; i++)
		if (count["total", i] > 0)
			bad = 1
	exit bad || rows == 0
}
