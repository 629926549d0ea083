# coverage.awk: gcovr's table of files (--csv) as one of rooms; below it the
# library in all and the groups whose every branch is to be taken, each beside
# its target; and the files where branches are missed.

BEGIN {
	whole["decimal"] = "^lib/base/decimal"
	whole["order protocol"] = "^lib/order/" \
	    "(course|decision|execute|judge|lock|outcome|reconcile|record" \
	    "|recover|send|settle|watch)\\.c$"
	whole["answers"] = "^lib/(coinbase/classify|venue/protocol).*\\.c$"
}

NR == 1 {
	next
}

{
	room = $1
	sub("/[^/]*$", "", room)
	count("room", room)
	if (room ~ "^lib/")
		count("all", "lib")
	for (group in whole)
		if ($1 ~ whole[group])
			count("group", group)
	if ($5 > $6)
		missed[$1] = $5 - $6
}

function count(kind, name) {
	seen[kind, name]
	lines[kind, name] += $2
	reached[kind, name] += $3
	branches[kind, name] += $5
	taken[kind, name] += $6
}

function percent(part, all) {
	return all ? int(1000 * part / all) / 10 : 100
}

function row(kind, name) {
	return sprintf("%-14s %6d lines %6.1f %%  %6d branches %6.1f %%",
	    name, lines[kind, name],
	    percent(reached[kind, name], lines[kind, name]),
	    branches[kind, name],
	    percent(taken[kind, name], branches[kind, name]))
}

# What is asked of a row, and whether it is so.
function target(kind, name, least_lines, least_branches, met) {
	met = 100 * reached[kind, name] >= least_lines * lines[kind, name] && \
	    100 * taken[kind, name] >= least_branches * branches[kind, name]
	return sprintf("  %s (%s%d %% of branches)", met ? "ok" : "SHORT",
	    least_lines ? least_lines " % of lines, " : "", least_branches)
}

END {
	sort = "sort"
	for (key in seen) {
		split(key, part, SUBSEP)
		if (part[1] == "room")
			print row("room", part[2]) | sort
	}
	close(sort)
	print ""
	print row("all", "lib") target("all", "lib", 90, 80)
	print row("group", "decimal") target("group", "decimal", 0, 100)
	print row("group", "order protocol") \
	    target("group", "order protocol", 0, 100)
	print row("group", "answers") target("group", "answers", 0, 100)
	print ""
	sort = "sort -rn"
	for (file in missed)
		printf "%6d branches missed in %s\n", missed[file], file | sort
	close(sort)
}
