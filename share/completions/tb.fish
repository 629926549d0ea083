# fish completion for TOOL: it knows its own words.
function __tb_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set -l candidates ($words[1] --complete $words[2..-1] "$current" \
	    2>/dev/null)

	if set -q candidates[1]
		printf '%s\n' $candidates
	else
		__fish_complete_path "$current"
	end
end
complete -c TOOL -f -a '(__tb_complete)'
