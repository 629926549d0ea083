# bash completion for TOOL: it knows its own words.
_tb_complete()
{
	local IFS=$'\n'

	COMPREPLY=($("$1" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" \
	    2>/dev/null | cut -f1))
}
complete -o default -F _tb_complete TOOL
