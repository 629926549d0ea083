# coverage.awk: gcovr's table of files as one of rooms, and below it the
# files where branches are missed.

NR == 1 {
	next
}

{
	room = $1
	sub("/[^/]*$", "", room)
	rooms[room]
	lines[room] += $2
	reached[room] += $3
	branches[room] += $5
	taken[room] += $6
	if ($5 > $6)
		missed[$1] = $5 - $6
}

function percent(part, whole) {
	return whole ? 100 * part / whole : 100
}

END {
	sort = "sort"
	for (room in rooms) {
		printf "%-14s %6d lines %6.1f %%  %6d branches %6.1f %%\n",
		    room, lines[room], percent(reached[room], lines[room]),
		    branches[room], percent(taken[room], branches[room]) | sort
	}
	close(sort)
	print ""
	sort = "sort -rn"
	for (file in missed)
		printf "%6d branches missed in %s\n", missed[file], file | sort
	close(sort)
}
